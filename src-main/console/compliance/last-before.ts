import type { AuditStore } from '#main/audit/store.ts';

/**
 * Seq of the last record before a moment, 0 when there is none. Times of records go forward but for a few minutes, so it
 * is searched by halves; what lies that close to the moment may fall on either side.
 */
export function lastBefore(store: Pick<AuditStore, 'get' | 'head'>, time: string): number {
  let [low, high] = [0, store.head().seq];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const found = store.get(middle);
    if (found !== null && found.record.time >= time) high = middle - 1;
    else low = middle;
  }
  return low;
}
