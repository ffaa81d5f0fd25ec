import { createHash } from 'node:crypto';
import { constants, type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { describeError } from '#shared/errors.ts';

/** Of an unexpected file that is larger nothing is hashed: it is named, and that is enough. */
const MOST_UNEXPECTED_BYTES = 64 * 1024 * 1024;
/** A folder with more is not read to its end. */
const MOST_ENTRIES = 5000;
const DEEPEST = 8;
const BLOCK = 1024 * 1024;

/** What was found under a name: its digest, or why it has none. */
export type FoundFile =
  | { readonly kind: 'file'; readonly bytes: number; readonly digest: string }
  | { readonly kind: 'other-size'; readonly bytes: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly why: string };

export interface FileReading {
  /** Real path of the bundle's folder. */
  readonly root: string;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Each part of a file that is hashed; valid until it returns. */
  readonly onPiece?: ((piece: Uint8Array) => void) | undefined;
}

/**
 * Looks at one file of a folder that anybody may have laid there: links are not followed, in whatever part of the name,
 * pipes and devices are not opened, and no more is read than is asked for.
 * @param file a name that was checked, with forward slashes
 * @param size what it should have; a file of another size is not hashed
 */
export async function lookAtFile(file: string, size: number | null, reading: FileReading): Promise<FoundFile> {
  const { root } = reading;
  const path = join(root, ...file.split('/'));
  try {
    const there = await lstat(path);
    if (there.isSymbolicLink()) return { kind: 'refused', why: 'it is a link' };
    if (!there.isFile()) return { kind: 'refused', why: 'it is no file' };
    if ((await realpath(path)) !== path) return { kind: 'refused', why: 'a folder on the way to it is a link' };
    // NOFOLLOW and NONBLOCK: what was there a moment ago may be a link or a pipe by now
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const { size: bytes } = await handle.stat();
      if ((size !== null && bytes !== size) || (size === null && bytes > MOST_UNEXPECTED_BYTES)) {
        return { kind: 'other-size', bytes };
      }
      return { kind: 'file', bytes, digest: await digestOf(handle, bytes, reading) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    reading.signal?.throwIfAborted();
    if (isMissing(error)) return { kind: 'missing' };
    return { kind: 'refused', why: `it cannot be read: ${describeError(error)}`.slice(0, 300) };
  }
}

/** Of `size` bytes, and no more: a file that grows would otherwise never end. */
async function digestOf(handle: FileHandle, size: number, { signal, onBytes, onPiece }: FileReading): Promise<string> {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(1, size)));
  for (let at = 0; at < size; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(block, 0, Math.min(block.length, size - at), at);
    if (bytesRead === 0) break;
    const piece = block.subarray(0, bytesRead);
    hash.update(piece);
    onPiece?.(piece);
    at += bytesRead;
    onBytes?.(bytesRead);
  }
  return hash.digest('hex');
}

export interface Listing {
  /** Names within the folder, with forward slashes. */
  readonly files: readonly string[];
  /** False where it holds more than is looked at. */
  readonly whole: boolean;
}

/** Everything in the folder that is not a folder itself. Links are named, and not followed. */
export async function listFolder(root: string, signal?: AbortSignal): Promise<Listing> {
  const files: string[] = [];
  let seen = 0;
  let whole = true;
  const look = async (folder: string, prefix: string, depth: number): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      signal?.throwIfAborted();
      seen += 1;
      if (seen > MOST_ENTRIES) {
        whole = false;
        return;
      }
      const name = `${prefix}${entry.name}`;
      if (!entry.isDirectory()) files.push(name);
      else if (depth === DEEPEST) whole = false;
      else await look(join(folder, entry.name), `${name}/`, depth + 1);
      if (!whole) return;
    }
  };
  await look(root, '', 1);
  return { files: files.map((file) => (sep === '/' ? file : file.replaceAll(sep, '/'))).sort(), whole };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
