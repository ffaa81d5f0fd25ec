import { constants, type FileHandle, open } from 'node:fs/promises';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { type ExportHeader, MAX_LINE, readHeader } from '../export-lines.ts';
import { type FileLine, type LinePlace, readLinesFrom } from '../line-reader.ts';
import { kindOf, readRecordLine } from '../record-line.ts';

/** A record as a chain file states it. `bytes` is valid until the handler returns. */
export interface FileRecord {
  readonly bytes: Uint8Array;
  /** Lowercase hex; empty where the line is none of a record's form. */
  readonly hash: string;
}

/** An exported chain, from its first record on. Nothing in it was checked but the header's form. */
export interface ChainFileReader {
  readonly chain: string;
  readonly tenant: string;
  /** Seq of the newest record, as the header says. */
  readonly last: number;
  readonly keys: readonly KeyDescription[];
  /**
   * Hands over the records in the order of the lines, until `take` says that it has enough, or there are no more.
   * @throws CausewayError `cancelled`, `bad-input` when the file cannot be read
   */
  read(take: (record: FileRecord) => 'more' | 'enough', signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Lines read before it is asked whether there are enough. */
const LINES = 8192;
const NOTHING = Buffer.alloc(0);

/**
 * Opens an exported chain file for reading from front to end.
 * @throws CausewayError `bad-input` for a file that is no whole chain from record 1 on
 */
export async function openChainFile(path: string): Promise<ChainFileReader> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    const { header, after } = await readFirstLine(handle, size);
    const { chain, tenant, last, keys } = header;
    return {
      chain,
      tenant,
      last,
      keys,
      read: (take, signal) => readRecords(handle, size, after, take, signal),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO somebody put there must not wait for its writer
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if ((await handle.stat()).isFile()) return handle;
  } catch (cause) {
    await handle?.close();
    throw refused('unreadable', `The chain file cannot be opened: ${describeError(cause)}. Choose another one.`, cause);
  }
  await handle.close();
  throw refused('unreadable', 'This is not a file. Choose an exported chain file.');
}

async function readFirstLine(
  handle: FileHandle,
  size: number,
): Promise<{ readonly header: ExportHeader; readonly after: LinePlace }> {
  let header: ExportHeader | string = 'the file is empty';
  const onLine = ({ bytes }: FileLine) => {
    header = bytes === null ? 'its first line is too long' : readHeader(bytes);
  };
  const reading = { handle, size, maxLine: MAX_LINE, onLine, onPiece: () => undefined };
  const after = await readLinesFrom(reading, { offset: 0, number: 1 }, 1);
  return { header: requireWhole(header), after };
}

function requireWhole(header: ExportHeader | string): ExportHeader {
  const again = 'Export the whole chain ("chain file, all records") and take that file.';
  if (header === 'an extract is not a chain file') {
    throw refused('extract', `This is an extract: records were left out of it, so nothing can be counted. ${again}`);
  }
  if (typeof header === 'string') throw refused('no-header', `This is no exported chain file: ${header}. ${again}`);
  if (header.first === 1) return header;
  const text = `This file begins at record ${header.first}: what was before it is not known, so nothing can be counted.`;
  throw refused('range', `${text} ${again}`);
}

async function readRecords(
  handle: FileHandle,
  size: number,
  from: LinePlace,
  take: (record: FileRecord) => 'more' | 'enough',
  signal: AbortSignal | undefined,
): Promise<void> {
  let ended = false;
  const onLine = ({ bytes }: FileLine): void => {
    if (ended) return;
    if (bytes === null) {
      ended = take({ bytes: NOTHING, hash: '' }) === 'enough'; // longer than any record: it takes a place
      return;
    }
    const kind = kindOf(bytes);
    if (kind === 'disclosure' || kind === 'end') {
      ended = true; // records come first
      return;
    }
    const line = kind === 'record' ? readRecordLine(bytes) : null;
    ended = take(line ?? { bytes, hash: '' }) === 'enough';
  };
  const reading = { handle, size, maxLine: MAX_LINE, onLine, onPiece: () => undefined, signal };
  try {
    for (let place = from; !ended; ) {
      const next = await readLinesFrom(reading, place, LINES);
      if (next.number === place.number) return;
      place = next;
    }
  } catch (cause) {
    if (cause instanceof CausewayError) throw cause;
    throw refused('unreadable', `The chain file cannot be read: ${describeError(cause)}. Copy it again.`, cause);
  }
}

function refused(reason: string, text: string, cause?: unknown): CausewayError {
  return new CausewayError('bad-input', text, cause === undefined ? { reason } : { reason, cause });
}
