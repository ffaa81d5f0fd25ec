import type { Coverage, CoverageRange } from '#shared/ipc/verification-views.ts';

export type RangeState = CoverageRange['state'];

/** A stretch of the band, in cells of equal width. */
export interface BandStretch {
  readonly state: RangeState;
  readonly cells: number;
  /** The records it stands for, as far as whole cells tell. */
  readonly first: number;
  readonly last: number;
}

/** What a cell shows when its records differ: never more than is known of the least known of them. */
const WORST_FIRST: readonly RangeState[] = ['invalid', 'checking', 'unchecked', 'valid'];
const rank = (state: RangeState) => WORST_FIRST.indexOf(state);

/**
 * The ranges as stretches of at most `most` cells. One damaged record of a million still has a cell of its own, and a cell
 * is valid only when every record in it is.
 */
export function drawBand(ranges: readonly CoverageRange[], records: number, most = 160): readonly BandStretch[] {
  const count = Math.min(records, most);
  const cells: RangeState[] = Array.from({ length: count }, () => 'valid');
  const seen = new Uint8Array(count);
  const cellOf = (seq: number) => Math.min(count - 1, Math.floor(((seq - 1) / records) * count));
  for (const { first, last, state } of ranges) {
    if (first > records) continue;
    for (let cell = cellOf(first); cell <= cellOf(Math.min(last, records)); cell += 1) {
      const held = cells[cell];
      if (held !== undefined && (seen[cell] === 0 || rank(state) < rank(held))) cells[cell] = state;
      seen[cell] = 1;
    }
  }
  const stretches: BandStretch[] = [];
  cells.forEach((known, index) => {
    const state = seen[index] === 0 ? 'unchecked' : known; // a range nobody told of is not checked
    const first = Math.floor((index * records) / count) + 1;
    const last = Math.floor(((index + 1) * records) / count);
    const before = stretches.at(-1);
    if (before?.state === state) stretches[stretches.length - 1] = { ...before, cells: before.cells + 1, last };
    else stretches.push({ state, cells: 1, first, last });
  });
  return stretches;
}

/** The coverage with what was written since it was told: nobody has read that again yet. */
export function extendCoverage(coverage: Coverage, records: number): Coverage {
  if (records <= coverage.records) return coverage;
  const ranges = [...coverage.ranges];
  const end = ranges.at(-1);
  if (end?.state === 'unchecked') ranges[ranges.length - 1] = { ...end, last: records };
  else ranges.push({ first: coverage.records + 1, last: records, state: 'unchecked', checkedAt: null });
  return { ...coverage, records, ranges, oldest: null };
}

/** Records by what is known of them. They add up to all there are. */
export function countByState({ ranges, records }: Coverage): Readonly<Record<RangeState, number>> {
  const counts = { valid: 0, checking: 0, unchecked: 0, invalid: 0 };
  for (const { first, last, state } of ranges) counts[state] += last - first + 1;
  const told = counts.valid + counts.checking + counts.unchecked + counts.invalid;
  return { ...counts, unchecked: counts.unchecked + Math.max(0, records - told) };
}

/** When the longest-unchecked record was checked, in the three ways it can be. */
export type OldestCheck = 'never' | 'due' | 'known';

/** Before the epoch's first day no console ran: such a time says that the record is to be read again at once. */
export function judgeOldest(checkedAt: string | null): OldestCheck {
  if (checkedAt === null) return 'never';
  return Date.parse(checkedAt) < 86_400_000 ? 'due' : 'known';
}

/** "99.9 %": rounded down, so that 100 % means every record. */
export function printShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  if (part >= whole) return '100 %';
  const tenths = Math.floor((part / whole) * 1000) / 10;
  return tenths === 0 ? '< 0.1 %' : `${tenths.toFixed(1)} %`;
}
