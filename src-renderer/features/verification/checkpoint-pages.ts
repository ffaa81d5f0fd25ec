import type { CheckpointRow } from '#shared/ipc/verification-views.ts';

/** Checkpoints asked for at once. */
export const PAGE = 50;

/** A page added to those shown, newest first; a row told again replaces the older one, as it may have got cosignatures. */
export function joinPages(shown: readonly CheckpointRow[], page: readonly CheckpointRow[]): readonly CheckpointRow[] {
  const bySize = new Map(shown.map((row) => [`${row.size} ${row.root}`, row]));
  for (const row of page) bySize.set(`${row.size} ${row.root}`, row);
  return [...bySize.values()].sort((left, right) => right.size - left.size);
}

/** Whether there may be older ones than these. */
export function mayHaveMore(page: readonly CheckpointRow[]): boolean {
  return page.length === PAGE;
}

/** How many of these are cosigned by a witness whose key is known. */
export function countCosigned(rows: readonly CheckpointRow[]): number {
  return rows.filter(({ cosignatures }) => cosignatures.some(({ state }) => state === 'verified')).length;
}
