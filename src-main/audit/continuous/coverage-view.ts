import type { Coverage, CoverageRange } from '#shared/ipc/verification-views.ts';
import { BLOCK, blockCount, type CheckedBlock, type CoverageState, endOf, listProblems } from './coverage.ts';

const MOST_RANGES = 1000;

/** For the window. `checking` is what is being read now. */
export function toCoverage(
  state: CoverageState,
  records: number,
  checking: { readonly first: number; readonly last: number } | null,
  running: boolean,
): Coverage {
  const ranges = mergeRanges(blockRanges(state, records, checking));
  const sum = (wanted: CoverageRange['state']) =>
    ranges.reduce((total, { state: is, first, last }) => (is === wanted ? total + last - first + 1 : total), 0);
  const { problems, count } = listProblems(state);
  const oldest = ranges.some(({ checkedAt }) => checkedAt === null) ? null : oldestOf(ranges.map((r) => r.checkedAt));
  return {
    records,
    valid: sum('valid'),
    invalid: sum('invalid'),
    ranges: fewer(ranges),
    oldest,
    running,
    problems,
    problemCount: count,
  };
}

function blockRanges(
  state: CoverageState,
  records: number,
  checking: { readonly first: number; readonly last: number } | null,
): CoverageRange[] {
  const ranges: CoverageRange[] = [];
  const add = (first: number, last: number, known: CheckedBlock | undefined) => {
    if (first > last) return;
    const isChecking = checking !== null && checking.first <= last && checking.last >= first;
    const checkedAt = known === undefined ? null : new Date(known.at).toISOString();
    // what is known to be damaged stays so while it is read again
    const judged = known === undefined ? 'unchecked' : known.failures > 0 ? 'invalid' : 'valid';
    ranges.push({ first, last, state: isChecking && judged !== 'invalid' ? 'checking' : judged, checkedAt });
  };
  for (let block = 0; block < blockCount(records); block++) {
    const known = state.blocks[block];
    const [first, last] = [block * BLOCK + 1, endOf(block, records)];
    const to = known === undefined ? first - 1 : Math.min(known.to, last);
    add(first, to, known);
    add(to + 1, last, undefined);
  }
  return ranges;
}

/** Adjacent ranges of one state become one. */
export function mergeRanges(ranges: readonly CoverageRange[]): CoverageRange[] {
  const merged: CoverageRange[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before?.state === range.state) merged[merged.length - 1] = join(before, range);
    else merged.push(range);
  }
  return merged;
}

const WORST_FIRST: readonly CoverageRange['state'][] = ['invalid', 'unchecked', 'checking', 'valid'];

/** Two neighbours as one, of the worse of both states: what is shown never claims more than is known. */
function join(left: CoverageRange, right: CoverageRange): CoverageRange {
  const state = WORST_FIRST.find((one) => one === left.state || one === right.state) ?? 'unchecked';
  return { first: left.first, last: right.last, state, checkedAt: oldestOf([left.checkedAt, right.checkedAt]) };
}

function oldestOf(times: readonly (string | null)[]): string | null {
  return times.reduce(
    (least, at) => (least === null || at === null ? null : at < least ? at : least),
    times[0] ?? null,
  );
}

function fewer(ranges: CoverageRange[]): CoverageRange[] {
  let list = ranges;
  while (list.length > MOST_RANGES) {
    const pairs: CoverageRange[] = [];
    for (let index = 0; index < list.length; index += 2) {
      const [left, right] = [list[index], list[index + 1]];
      if (left !== undefined) pairs.push(right === undefined ? left : join(left, right));
    }
    list = mergeRanges(pairs);
  }
  return list;
}
