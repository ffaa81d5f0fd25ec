import { type FileHandle, lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Random } from '#main/platform/random.ts';
import { LineWriter } from './line-writer.ts';

/** A file of another name that nobody has written to for so long was left behind by a program that was killed. */
const STALE_MS = 60 * 60 * 1000;

export interface WholeFile<T> {
  readonly file: string;
  readonly random: Random;
  /** Writes the lines; everything is flushed when it resolves. */
  readonly write: (writer: LineWriter) => Promise<T>;
  /** Called when the file is complete and durable, and before it appears under its name. */
  readonly complete: (result: T, writer: LineWriter) => Promise<void>;
}

/**
 * Writes a file that is there as a whole or not at all: under another name in the same folder, made durable, then renamed.
 * Whatever goes wrong leaves nothing behind; what a killed program left behind is taken away.
 */
export async function writeWholeFile<T>({ file, random, write, complete }: WholeFile<T>): Promise<T> {
  await removeStale(file);
  const suffix = Buffer.from(random.bytes(6)).toString('hex');
  const partial = join(dirname(file), `.${basename(file)}.${suffix}.partial`);
  try {
    const handle = await open(partial, 'wx', 0o600);
    const result = await writeAndSync(handle, write, complete);
    await rename(partial, file);
    await syncFolder(dirname(file));
    return result;
  } catch (error) {
    await unlink(partial).catch(() => undefined); // not there if it could not be created
    throw error;
  }
}

async function writeAndSync<T>(
  handle: FileHandle,
  write: WholeFile<T>['write'],
  complete: WholeFile<T>['complete'],
): Promise<T> {
  try {
    const writer = new LineWriter(handle);
    const result = await write(writer);
    await handle.sync();
    await complete(result, writer);
    return result;
  } finally {
    await handle.close();
  }
}

/** Only this file's own, by its exact pattern, and only where nobody can still be writing. */
async function removeStale(file: string): Promise<void> {
  const start = `.${basename(file)}.`;
  const names = await readdir(dirname(file)).catch(() => []); // a folder that cannot be listed says so when it is written to
  for (const name of names) {
    if (!name.startsWith(start) || !/^[0-9a-f]{12}\.partial$/.test(name.slice(start.length))) continue;
    const path = join(dirname(file), name);
    const stat = await lstat(path).catch(() => null);
    if (stat?.isFile() && Date.now() - stat.mtimeMs > STALE_MS) await unlink(path).catch(() => undefined);
  }
}

/** Makes the rename durable. Folders cannot be opened on Windows, where the rename is durable by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
