import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Random } from './random.ts';

/**
 * Writes a small file so that under its name there is always the old one or the new one, whole: a partial file beside
 * it, made durable, then renamed; for its owner only. `beforeNamed` runs in between: when it rejects, the old file stays.
 * Throws what the file system or `beforeNamed` throws, and leaves no partial file.
 */
export async function writeFileAtomically(
  file: string,
  content: Uint8Array,
  random: Random,
  beforeNamed?: () => Promise<void>,
): Promise<void> {
  const name = `.${basename(file)}.${Buffer.from(random.bytes(6)).toString('hex')}.partial`;
  const partial = join(dirname(file), name);
  try {
    await writeDurably(partial, content);
    await beforeNamed?.();
    await rename(partial, file);
  } catch (error) {
    await unlink(partial).catch(() => undefined); // not there if it could not be created
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Writes a file that must not be there yet, for its owner only, durable when it resolves. Throws what the file system throws. */
export async function writeDurably(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * A rename is durable when its folder is. Windows has no such call, network folders may refuse it, and a folder that a
 * person may write to is not always one they may read. Throws what else the file system throws.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NOT_SYNCED.has(error.code))) throw error;
  }
}

const NOT_SYNCED: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP', 'EACCES', 'EPERM']);

/**
 * A regular file of `most` bytes at most, read whole. Somebody else may have laid it there: a pipe would never end, and
 * a huge file would fill the memory. @throws Error of the file system, or that it is no such file
 */
export async function readSmallFile(file: string, most: number): Promise<Buffer> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is not a file');
    const bytes = Buffer.alloc(most + 1);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read, bytes.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    if (read > most) throw new Error(`it is longer than ${most} bytes`);
    return bytes.subarray(0, read);
  } finally {
    await handle.close();
  }
}
