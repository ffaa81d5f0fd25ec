/**
 * Things that wait for one another, the oldest first. A cursor instead of taking the first out of an array: a file may
 * hold a million of them, and each would move all the others.
 */
export type Waiting<T> = { items: T[]; from: number };

export function beginWaiting<T>(): Waiting<T> {
  return { items: [], from: 0 };
}

/** May change `waiting`. */
export function takeFirst<T>(waiting: Waiting<T> | undefined): T | undefined {
  const first = waiting?.items[waiting.from];
  if (waiting === undefined || first === undefined) return undefined;
  waiting.from += 1;
  if (waiting.from === waiting.items.length) {
    waiting.items = [];
    waiting.from = 0;
  }
  return first;
}

export function stillWaiting<T>({ items, from }: Waiting<T>): readonly T[] {
  return items.slice(from);
}
