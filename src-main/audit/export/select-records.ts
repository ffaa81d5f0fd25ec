import { setImmediate as nextTurn } from 'node:timers/promises';
import { CausewayError } from '#shared/errors.ts';
import type { TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { RangeRequest, RecordFilter } from './export-request.ts';
import { SeqSet } from './seq-set.ts';

export type ReadPage = (query: TrailQuery) => TrailPage;

const PAGE = 500;

/** The seqs a filter finds among the records up to `last`. @throws CausewayError `cancelled` */
export async function selectRecords(
  readPage: ReadPage,
  query: RecordFilter,
  last: number,
  signal?: AbortSignal,
): Promise<SeqSet> {
  const found = new SeqSet();
  if (Object.values(query).every((value) => value === undefined || value === '')) {
    for (let seq = 1; seq <= last; seq++) found.add(seq);
    return found;
  }
  for (let before: number | null = last + 1; before !== null; ) {
    if (signal?.aborted) throw cancelled();
    const page: TrailPage = readPage({ ...query, before, limit: PAGE });
    for (const { seq } of page.rows) found.add(seq);
    before = page.next;
    await nextTurn();
  }
  return found;
}

export interface SeqRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The range asked for, of a chain that ends at `end`. A time gives the first record at or after `from` and the last one
 * at or before `to`: clocks go back, and nothing in between is left out. @throws CausewayError `bad-input`
 */
export async function resolveRange(
  readPage: ReadPage,
  { first, last, from, to }: RangeRequest,
  end: number,
  signal?: AbortSignal,
): Promise<SeqRange> {
  let begin = first ?? 1;
  let stop = last ?? end;
  if (from !== undefined || to !== undefined) {
    const within = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const found = await selectRecords(readPage, within, end, signal);
    if (found.first === null || found.last === null) throw nothing();
    begin = Math.max(begin, found.first);
    stop = Math.min(stop, found.last);
  }
  if (begin < 1 || stop > end) {
    throw new CausewayError('bad-input', `The chain has the records 1 to ${end}.`, { reason: 'range' });
  }
  if (begin > stop) throw nothing();
  return { first: begin, last: stop };
}

export function nothing(): CausewayError {
  return new CausewayError('bad-input', 'No record matches: there is nothing to export.', { reason: 'no-records' });
}

export function cancelled(): CausewayError {
  return new CausewayError('cancelled', 'The export was stopped.');
}
