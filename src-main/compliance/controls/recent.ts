import { type ByText, slot } from './record-values.ts';

/**
 * What was seen lately, in bounded room however long the chain is: the last 5,000 at least, the last 10,000 at most. Two
 * generations, because a dictionary that JSON can say has no cheap way to its oldest entry.
 */
export type Recent = { young: ByText<true>; old: ByText<true>; count: number };

const GENERATION = 5000;

export function beginRecent(): Recent {
  return { young: {}, old: {}, count: 0 };
}

/** May change `recent`. */
export function remember(recent: Recent, text: string): void {
  const key = slot(text);
  if (recent.young[key]) return;
  if (recent.count >= GENERATION) {
    recent.old = recent.young;
    recent.young = {};
    recent.count = 0;
  }
  recent.young[key] = true;
  recent.count += 1;
}

export function isRecent({ young, old }: Recent, text: string): boolean {
  const key = slot(text);
  return young[key] === true || old[key] === true;
}
