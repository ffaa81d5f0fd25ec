import { constants, type FileHandle, open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { SealedCounts } from './disclosure-verifier.ts';
import { MAX_LINE } from './export-lines.ts';
import { FilePass } from './file-pass.ts';
import { type FileLine, readLines } from './line-reader.ts';
import { DEFAULT_BLOCK, readBlocks } from './parallel-lines.ts';
import { ProblemList } from './problems.ts';
import { listNotProven } from './verdict-text.ts';
import { isExtract, verifyExtract } from './verify-extract.ts';

export interface VerifyFileOptions {
  /** Text of a checkpoint kept from earlier: the chain must be an extension of it. */
  readonly since?: string | undefined;
  /** Id of the key the chain must begin with. */
  readonly key?: string | undefined;
  /** C2SP vkeys of witnesses that must have cosigned the checkpoint; checked by the caller (`readVkey`). */
  readonly witnesses?: readonly string[] | undefined;
  /** False: record signatures are not checked, and the verdict says so. Everything else is. */
  readonly signatures?: boolean | undefined;
  /** How the work is spread over threads; by the file's size and the machine's processors unless told otherwise. */
  readonly threads?: { readonly count: number; readonly block?: number } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and bytes in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const NO_SEALED: SealedCounts = { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 };

export interface FileVerification {
  readonly verdict: Verdict;
  /** Hex SHA-256 of the bytes the verdict is about, all of them; null when they could not be read to the end. */
  readonly digest: string | null;
}

/**
 * Verifies an exported chain file by docs/chain-format.md, section 6, reading it once from front to end in constant
 * memory. What is wrong with the file is in the verdict, also when it cannot be opened or read.
 * @throws CausewayError `cancelled`
 */
export async function verifyChainFile(path: string, options: VerifyFileOptions = {}): Promise<Verdict> {
  return (await verifyAndDigest(path, options)).verdict;
}

/** The same, with the digest of the very bytes that were verified. @throws CausewayError `cancelled` */
export async function verifyAndDigest(path: string, options: VerifyFileOptions = {}): Promise<FileVerification> {
  const started = performance.now();
  let handle: FileHandle;
  try {
    // O_NONBLOCK: opening a FIFO somebody put there must not wait for its writer
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return unopened(path, `the file cannot be opened: ${describeError(error)}`, started);
  }
  try {
    return await verifyHandle(handle, path, options, started);
  } catch (error) {
    // a failing disk or a vanished share says nothing about the chain
    if (error instanceof CausewayError || !(error instanceof Error && 'syscall' in error)) throw error;
    return unopened(path, `the file cannot be read: ${describeError(error)}`, started);
  } finally {
    await handle.close();
  }
}

/** A file that is read before a thread has started takes none. */
const WORTH_THREADS = 2 * 1024 * 1024;
/** Each thread takes some memory of its own. */
const MAX_THREADS = 8;

function threadsFor(size: number): number {
  return size < WORTH_THREADS ? 0 : Math.min(availableParallelism(), MAX_THREADS, Math.ceil(size / WORTH_THREADS));
}

async function verifyHandle(
  handle: FileHandle,
  path: string,
  options: VerifyFileOptions,
  started: number,
): Promise<FileVerification> {
  const stat = await handle.stat();
  if (!stat.isFile()) return unopened(path, 'this is not a file', started);
  if (await isExtract(handle)) return await verifyExtract(handle, path, stat.size, options, started);
  const pass = new FilePass(handle, options);
  const reading = {
    handle,
    size: stat.size,
    maxLine: MAX_LINE,
    onLine: (line: FileLine) => pass.take(line),
    onPiece: (bytes: Buffer) => pass.takePiece(bytes),
    onProgress: (done: number) => options.onProgress?.(done, stat.size),
    signal: options.signal,
  };
  const threads = options.threads?.count ?? threadsFor(stat.size);
  const block = options.threads?.block ?? DEFAULT_BLOCK;
  const grown = threads === 0 ? await readLines(reading) : await readBlocks({ ...reading, pass, threads, block });
  return await pass.finish(path, started, grown);
}

function unopened(path: string, message: string, started: number): FileVerification {
  const problems = new ProblemList();
  problems.add(0, 'unreadable', message);
  const verdict: Verdict = {
    verdict: 'unreadable',
    file: path,
    chain: null,
    tenant: null,
    selection: null,
    records: 0,
    first: null,
    last: null,
    head: null,
    root: null,
    keys: [],
    witnesses: [],
    sealed: NO_SEALED,
    problems: [...problems.kept],
    problemCount: problems.count,
    notProven: listNotProven({ selection: null, pinned: false, since: false }),
    elapsedMs: Math.round(performance.now() - started),
  };
  return { verdict, digest: null };
}
