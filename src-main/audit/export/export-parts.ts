import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import { broken } from '../broken.ts';
import type { DisclosureVault } from '../disclosure-vault.ts';
import { writeDisclosure } from '../export-lines.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import { storedDisclosure } from '../stored-record.ts';
import { type ExportOptions, isDisclosed } from './export-request.ts';
import type { LineWriter } from './line-writer.ts';
import { cancelled } from './select-records.ts';

/** What an export reads. */
export interface ExportParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the lines of a file came to. */
export interface WrittenLines {
  readonly records: number;
  readonly disclosures: number;
}

/** Records between two looks at the signal and two turns of the event loop. */
const CHUNK = 64;

/**
 * Lets `each` write the lines of one record after the other. Memory does not depend on their number: they are read one at
 * a time and written out as they come, since each may have 4 MiB. @throws CausewayError `cancelled`, `audit-broken`
 */
export async function writeRecords(
  { rows }: ExportParts,
  seqs: Iterable<number>,
  total: number,
  writer: LineWriter,
  { signal, onProgress }: ExportOptions,
  each: (row: RecordRow) => void,
): Promise<number> {
  let done = 0;
  for (const seq of seqs) {
    if (done % CHUNK === 0) {
      if (signal?.aborted) throw cancelled();
      onProgress?.(done, total);
      await nextTurn();
    }
    const row = rows.bySeq(seq);
    if (row === undefined) throw broken('gap', `record ${seq} is missing`);
    each(row);
    await writer.drain();
    done++;
  }
  if (signal?.aborted) throw cancelled();
  onProgress?.(done, total);
  return done;
}

/** The disclosure lines of records in ascending order of seq; none unless asked for. */
export async function writeDisclosures(
  parts: ExportParts,
  seqs: Iterable<number>,
  writer: LineWriter,
  options: ExportOptions,
): Promise<number> {
  if (options.disclose === false) return 0;
  let done = 0;
  let written = 0;
  for (const seq of seqs) {
    if (done++ % CHUNK === 0) {
      if (options.signal?.aborted) throw cancelled();
      await nextTurn();
    }
    for (const { path } of parts.rows.disclosurePlaces(seq, seq)) {
      if (!isDisclosed(options, seq, path)) continue;
      const { disclosed } = storedDisclosure(parts, seq, path);
      writer.add(writeDisclosure(seq, path, disclosed), '\n');
      await writer.drain();
      written++;
    }
  }
  return written;
}

/** Seqs looked at together when values are counted. */
const COUNTED_AT_ONCE = 10_000;

/** How many values of the records before `seq` are disclosed. */
export function countDisclosed({ rows }: Pick<ExportParts, 'rows'>, seq: number, options: ExportOptions): number {
  if (options.disclose === false) return 0;
  if (options.disclose === true) return rows.countDisclosures();
  let count = 0;
  for (let first = 1; first < seq; first += COUNTED_AT_ONCE) {
    const places = rows.disclosurePlaces(first, Math.min(seq, first + COUNTED_AT_ONCE) - 1);
    count += places.filter((place) => isDisclosed(options, place.seq, place.path)).length;
  }
  return count;
}
