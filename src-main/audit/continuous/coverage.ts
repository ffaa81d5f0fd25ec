import type { Problem } from '#shared/model/verdict.ts';

/** Records checked as one piece: half a second's work, and a complete subtree of the Merkle tree. */
export const BLOCK_LEVEL = 12;
export const BLOCK = 2 ** BLOCK_LEVEL;
const MOST_PROBLEMS = 1000;
/** Of one block, told of one by one. */
const MOST_SINGLE = 16;

/** A record that was there when its block was checked; from then on it must be. */
export interface Pin {
  readonly seq: number;
  /** Lowercase hex. */
  readonly hash: string;
  /** Milliseconds. */
  readonly at: number;
  /** Root of the whole block, base64, when it was complete. */
  readonly root: string | null;
}

/** What is known of the records of one block, of which the last one may be partial. */
export interface CheckedBlock {
  /** The last seq that was checked. */
  readonly to: number;
  /** SHA-256 of the bytes of record `to`, lowercase hex; null when there is no such record. */
  readonly head: string | null;
  /** Roots of the maximal subtrees of the block's records up to `to`, base64; null when records are missing. */
  readonly nodes: readonly string[] | null;
  /** When the part of it checked longest ago was checked, milliseconds. */
  readonly at: number;
  readonly problems: readonly Problem[];
  /** Problems in all, warnings too. */
  readonly problemCount: number;
  /** Problems that make it invalid: all but warnings. */
  readonly failures: number;
}

/** What was found about the store as a whole: guards, stray rows, upper tree, checkpoints there must be. */
export interface CheckedWhole {
  readonly at: number;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

export interface CoverageState {
  /** By place; undefined where nothing was checked yet. */
  readonly blocks: readonly (CheckedBlock | undefined)[];
  /** By block: outlives what is known of the block, so that records checked once cannot be replaced unnoticed. */
  readonly pins: readonly (Pin | undefined)[];
  readonly whole: CheckedWhole | null;
}

export const NOTHING_CHECKED: CoverageState = { blocks: [], pins: [], whole: null };

export type Work =
  /** Records `from + 1` to `to` of a block; `from` is where the block begins when all of it is to be checked. */
  | { readonly kind: 'range'; readonly block: number; readonly from: number; readonly to: number }
  | { readonly kind: 'whole' };

/** A block by its place, or the store as a whole. */
export type Place = number | 'whole';

export interface NextWork {
  readonly work: Work;
  /** Whether it is checked for the first time, or again. */
  readonly again: boolean;
}

export function blockCount(records: number): number {
  return Math.ceil(records / BLOCK);
}

export function endOf(block: number, records: number): number {
  return Math.min((block + 1) * BLOCK, records);
}

/**
 * What to check next: what is new first, from the newest backwards, then the store as a whole, then what was checked
 * longest ago if that is before `olderThan`. null when there is nothing to do. `busy` is a block that is being read;
 * `timeOf` gives when a check counts as made, where that is not when it was made.
 */
export function nextWork(
  state: CoverageState,
  records: number,
  olderThan: number,
  busy: number | null = null,
  timeOf: (place: Place, at: number) => number = (_place, at) => at,
): NextWork | null {
  for (let block = blockCount(records) - 1; block >= 0; block--) {
    if (block === busy) continue;
    const known = state.blocks[block];
    const to = endOf(block, records);
    if (known === undefined) return { work: { kind: 'range', block, from: block * BLOCK, to }, again: false };
    if (known.to < to) return { work: extension(known, block, to), again: false };
  }
  if (records > 0 && state.whole === null) return { work: { kind: 'whole' }, again: false };
  let oldest: { readonly at: number; readonly work: Work } | null =
    state.whole === null ? null : { at: timeOf('whole', state.whole.at), work: { kind: 'whole' } };
  for (let block = 0; block < blockCount(records); block++) {
    if (block === busy) continue;
    const at = timeOf(block, state.blocks[block]?.at ?? 0);
    if (oldest !== null && oldest.at <= at) continue;
    oldest = { at, work: { kind: 'range', block, from: block * BLOCK, to: endOf(block, records) } };
  }
  return oldest !== null && oldest.at < olderThan ? { work: oldest.work, again: true } : null;
}

/** Only the records after those checked, unless what was checked gives no tree to go on from. */
function extension(known: CheckedBlock, block: number, to: number): Work {
  const goesOn = known.nodes !== null && known.head !== null;
  return { kind: 'range', block, from: goesOn ? known.to : block * BLOCK, to };
}

/** What came since the newest records were checked; a few records, to be checked at once. */
export function freshWork(state: CoverageState, records: number): Work | null {
  const newest = blockCount(records) - 1;
  for (const block of [newest, newest - 1]) {
    const known = state.blocks[block];
    const to = endOf(block, records);
    if (known !== undefined && known.to < to) return extension(known, block, to);
    if (known === undefined && block === newest && state.blocks[block - 1] !== undefined) {
      return { kind: 'range', block, from: block * BLOCK, to };
    }
  }
  return null;
}

/** When `nextWork` will have something, if no record comes: the time of the oldest check. */
export function oldestCheck(state: CoverageState): number | null {
  const times = state.blocks.flatMap((block) => (block === undefined ? [] : [block.at]));
  if (state.whole !== null) times.push(state.whole.at);
  return times.length === 0 ? null : times.reduce((least, at) => Math.min(least, at));
}

/** What a check of records found, as `CheckedBlock` but for what was known before. */
export interface RangeFindings {
  readonly from: number;
  readonly to: number;
  readonly head: string | null;
  readonly nodes: readonly string[] | null;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly failures: number;
}

/** The state with what a check found. A record that had been checked stays pinned until all up to it is found good again. */
export function withRange(state: CoverageState, block: number, found: RangeFindings, at: number): CoverageState {
  const { to, head } = found;
  const before = found.from === block * BLOCK ? undefined : state.blocks[block];
  const checked = before === undefined ? withTime(found, at) : extend(before, found);
  const blocks = [...state.blocks];
  blocks[block] = checked;
  const pins = [...state.pins];
  if (checked.failures === 0 && head !== null) {
    pins[block] = { seq: to, hash: head, at, root: to === (block + 1) * BLOCK ? (found.nodes?.[0] ?? null) : null };
  }
  return { ...state, blocks, pins };
}

function withTime(found: RangeFindings, at: number): CheckedBlock {
  const { to, head, nodes, problems, problemCount, failures } = found;
  return { to, head, nodes, at, problems, problemCount, failures };
}

function extend(before: CheckedBlock, { to, head, nodes, ...found }: RangeFindings): CheckedBlock {
  const known = new Set(before.problems.map(problemKey));
  const added = found.problems.filter((problem) => !known.has(problemKey(problem)));
  const repeated = found.problems.length - added.length;
  return {
    to,
    head,
    nodes,
    at: before.at,
    problems: [...before.problems, ...added].slice(0, MOST_PROBLEMS),
    problemCount: before.problemCount + Math.max(0, found.problemCount - repeated),
    failures: before.failures + found.failures,
  };
}

/**
 * Whether two findings are the same thing to tell a person of. Where a record is named, its code tells; otherwise numbers
 * are left out: every new checkpoint over a damaged record does not fit, and that is one piece of news.
 */
export function newsKey({ seq, code, message }: Problem): string {
  return seq === undefined ? `${code} ${message.replace(/[0-9]+/g, '#').slice(0, 120)}` : `${code} ${seq}`;
}

export interface News {
  /** Once a person was told of it, it is no news under this key. */
  readonly key: string;
  readonly problem: Problem;
}

/**
 * What a person is to be told of one block, or of the store as a whole: each thing by itself while there are few, and
 * otherwise all of it as one, again when it has doubled. Neither hides what is found elsewhere.
 */
export function newsOf(
  place: Place,
  known: Pick<CheckedWhole, 'problems' | 'problemCount'> | null | undefined,
): News[] {
  const single = new Map<string, Problem>();
  for (const problem of known?.problems ?? []) {
    const key = newsKey(problem);
    if (problem.code !== 'time' && !single.has(key)) single.set(key, problem);
  }
  const [first] = single.values();
  if (single.size <= MOST_SINGLE || first === undefined) return [...single].map(([key, problem]) => ({ key, problem }));
  return [{ key: `many ${place} ${Math.floor(Math.log2(known?.problemCount ?? single.size))}`, problem: first }];
}

export function listNews(state: CoverageState): News[] {
  return [...state.blocks.flatMap((block, place) => newsOf(place, block)), ...newsOf('whole', state.whole)];
}

/** One and the same problem found twice has one key. */
function problemKey({ seq, code, message }: Problem): string {
  return `${code}\n${seq ?? ''}\n${message}`;
}

/** Every problem known, those of the records first in order of seq, each once; cut at 1,000. */
export function listProblems(state: CoverageState): { readonly problems: Problem[]; readonly count: number } {
  const seen = new Map<string, Problem>();
  let count = 0;
  for (const part of [...state.blocks, state.whole]) {
    if (part === undefined || part === null) continue;
    count += part.problemCount;
    for (const problem of part.problems) {
      if (seen.has(problemKey(problem))) count--;
      else if (seen.size < MOST_PROBLEMS) seen.set(problemKey(problem), problem);
    }
  }
  return { problems: [...seen.values()], count };
}

export interface Summary {
  /** Records from the first one on, without a gap, that were checked. */
  readonly to: number;
  /** Whether every record and the store as a whole were checked. */
  readonly complete: boolean;
  readonly failures: number;
  readonly oldest: number | null;
}

export function summarise(state: CoverageState, records: number): Summary {
  let to = 0;
  let failures = state.whole?.problems.filter(({ code }) => code !== 'time').length ?? 0;
  let gap = false;
  for (let block = 0; block < blockCount(records); block++) {
    const known = state.blocks[block];
    failures += known?.failures ?? 0;
    if (!gap && known !== undefined) to = Math.min(known.to, records);
    gap ||= known === undefined || known.to < endOf(block, records);
  }
  return { to, complete: !gap && state.whole !== null, failures, oldest: oldestCheck(state) };
}
