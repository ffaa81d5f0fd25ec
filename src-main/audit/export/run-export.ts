import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AppendInput } from '../append-input.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { type ExportAccount, exportRecord } from '../export-record.ts';
import { writeChainLines } from './chain-file.ts';
import { checked, checkpointForRange, cosignedCheckpoint } from './export-checkpoint.ts';
import { countDisclosed, type ExportParts, type WrittenLines } from './export-parts.ts';
import type { ExportedFile, ExportOptions, ExportRequest } from './export-request.ts';
import { writeExtractLines } from './extract-file.ts';
import type { LineWriter } from './line-writer.ts';
import { writeOtherLines } from './other-file.ts';
import { nothing, type ReadPage, resolveRange, selectRecords } from './select-records.ts';
import { SeqSet } from './seq-set.ts';
import { writeWholeFile } from './whole-file.ts';

/** What an export needs of the store besides reading. */
export interface ExportHost {
  readonly parts: ExportParts;
  readonly readPage: ReadPage;
  readonly append: (input: AppendInput<'tenant.audit_exported'>) => Promise<unknown>;
  readonly checkpoint: () => Promise<Checkpoint>;
  /** Writes a record that knows its own seq, and the checkpoint over it, with nothing in between. */
  readonly appendLast: (
    build: (seq: number) => AppendInput<'tenant.audit_exported'>,
    /** Called when the record is durable, whatever becomes of the checkpoint. */
    written: () => void,
  ) => Promise<Checkpoint>;
}

/** What is to be written, settled before the first byte. */
interface Plan {
  readonly account: ExportAccount;
  readonly checkpoint: Checkpoint;
  readonly write: (writer: LineWriter) => Promise<WrittenLines>;
}

/**
 * Writes one file, and the records of it (chain format, section 5). Whatever keeps the file from being written is on
 * record, too, unless nothing was begun.
 */
export async function runExport(
  host: ExportHost,
  file: string,
  request: ExportRequest,
  options: ExportOptions,
): Promise<ExportedFile> {
  const plan = await planExport(host, request, options);
  const { account, checkpoint, write } = plan;
  const told = (found: ExportAccount, outcome: 'success' | 'failure') =>
    host.append(exportRecord(options, host.parts.chain, found, outcome));
  try {
    let done: ExportedFile | null = null;
    await writeWholeFile({
      file,
      random: host.parts.random,
      write,
      complete: async (lines, writer) => {
        const { first, last } = account.range;
        done = { ...lines, first, last, digest: writer.digest(), size: writer.written, checkpoint };
        await told({ ...account, ...lines, digest: done.digest }, 'success');
      },
    });
    if (done === null) throw new CausewayError('internal', 'The export ended without a file.');
    return done;
  } catch (error) {
    await recordFailure(error, () => told(account, 'failure'));
    throw explainSqliteError(error, 'the export');
  }
}

async function recordFailure(error: unknown, record: () => Promise<unknown>): Promise<void> {
  try {
    await record();
  } catch (second) {
    const cause = new AggregateError([error, second], 'the export failed, and that could not be recorded');
    const text = 'The export failed and the audit store cannot record it.';
    throw new CausewayError('audit-unavailable', text, { cause });
  }
}

async function planExport(host: ExportHost, request: ExportRequest, options: ExportOptions): Promise<Plan> {
  switch (request.format) {
    case 'chain':
      return request.cosigned === true ? planCosigned(host, options) : planComplete(host, options);
    case 'range':
    case 'extract':
    case 'ocsf':
    case 'cef':
    case 'csv': {
      const { parts, readPage } = host;
      const { signal } = options;
      const newest = await host.checkpoint();
      if (request.format === 'range') {
        const range = await resolveRange(readPage, request, newest.size, signal);
        const checkpoint = checkpointForRange(parts, newest, range);
        const account = { format: 'chain', range, records: range.last - range.first + 1 } as const;
        const write = (writer: LineWriter) => writeChainLines(parts, writer, checkpoint, range, options);
        return { account: { ...account, disclosures: 0, checkpointSize: checkpoint.size }, checkpoint, write };
      }
      const checkpoint = checked(parts, newest);
      const selected = await selectSeqs(readPage, request, newest.size, signal);
      const { first, last, count: records } = selected;
      if (first === null || last === null) throw nothing();
      const { format } = request;
      const account = { format, range: { first, last }, records, disclosures: 0, checkpointSize: newest.size };
      const write = (writer: LineWriter) =>
        request.format === 'extract'
          ? writeExtractLines(parts, writer, checkpoint, selected, request.query, options)
          : writeOtherLines(parts, writer, checkpoint, selected, request.format, options);
      return { account, checkpoint, write };
    }
  }
}

/** Everything up to the newest cosigned checkpoint. The record of the export comes after it, and is not in the file. */
function planCosigned({ parts }: ExportHost, options: ExportOptions): Plan {
  const checkpoint = cosignedCheckpoint(parts);
  const { size } = checkpoint;
  const range = { first: 1, last: size };
  const account = { format: 'chain', range, records: size, disclosures: 0, checkpointSize: size } as const;
  const write = (writer: LineWriter) => writeChainLines(parts, writer, checkpoint, null, options);
  return { account, checkpoint, write };
}

async function planComplete(host: ExportHost, options: ExportOptions): Promise<Plan> {
  const { parts } = host;
  const found: { account: ExportAccount | null; onRecord: boolean } = { account: null, onRecord: false };
  const build = (seq: number) => {
    const disclosures = countDisclosed(parts, seq, options);
    const range = { first: 1, last: seq };
    found.account = { format: 'chain', range, records: seq, disclosures, checkpointSize: seq };
    return exportRecord(options, parts.chain, found.account, 'success', true);
  };
  let checkpoint: Checkpoint;
  try {
    checkpoint = await host.appendLast(build, () => {
      found.onRecord = true;
    });
  } catch (error) {
    // the chain says an export was made; what became of it must stand there too
    const { account, onRecord } = found;
    if (onRecord && account !== null) {
      await recordFailure(error, () => host.append(exportRecord(options, parts.chain, account, 'failure')));
    }
    throw error;
  }
  if (found.account === null) throw new CausewayError('internal', 'The record of the export was not written.');
  const write = (writer: LineWriter) => writeChainLines(parts, writer, checkpoint, null, options);
  return { account: found.account, checkpoint, write };
}

/** The records of an extract, or of a file for another program: by filter, by range, by both, or all. */
async function selectSeqs(
  readPage: ReadPage,
  request: Exclude<ExportRequest, { format: 'chain' | 'range' }>,
  end: number,
  signal: AbortSignal | undefined,
): Promise<SeqSet> {
  const within = request.format === 'extract' ? undefined : request.range;
  const { first, last } =
    within === undefined ? { first: 1, last: end } : await resolveRange(readPage, within, end, signal);
  const found = await selectRecords(readPage, request.query ?? {}, last, signal);
  if (first === 1) return found;
  const selected = new SeqSet();
  for (const seq of found) if (seq >= first) selected.add(seq);
  return selected;
}
