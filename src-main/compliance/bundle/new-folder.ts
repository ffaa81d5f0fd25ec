import { lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeDurably } from '#main/platform/atomic-file.ts';
import { isFull, notWritten } from '#main/platform/not-written.ts';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';

/** A folder that is being filled, and is not under its name yet. */
export interface NewFolder {
  /** Where it is until it is done. */
  readonly path: string;
  /** `file`: a name within it, with forward slashes. Durable when it resolves. */
  write(file: string, bytes: Uint8Array): Promise<void>;
}

/** Of a bundle that was being made when the program ended; nothing takes a day. */
const LEFT_BEHIND = /^\.causeway-.+\.[0-9a-f]{12}\.partial$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder of files: written beside its place under a hidden name, made durable, and given its name when all of it is
 * there. On any failure nothing is left, and what a program that was ended left here goes: names may stand in it in clear.
 * Of a name that is taken a number is added; nothing else that is there is touched.
 * @param now ms since 1970
 * @returns the folder's path
 * @throws CausewayError `disk-full`, `read-only`, and what `fill` throws
 */
export async function makeFolder(
  parent: string,
  name: string,
  random: Random,
  now: number,
  fill: (folder: NewFolder) => Promise<void>,
): Promise<string> {
  const partial = hiddenPlace(parent, name, random);
  const made = new Set<string>();
  const folderOf = async (file: string): Promise<void> => {
    const folder = dirname(join(partial, file));
    if (made.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
  };
  try {
    await removeLeft(parent, now - DAY_MS);
    await mkdir(partial, { mode: 0o700 });
    await fill({
      path: partial,
      write: async (file, bytes) => {
        await folderOf(file);
        await writeDurably(join(partial, file), bytes);
      },
    });
    for (const folder of [...made, partial]) await syncFolder(folder);
    const place = await freePlace(parent, name);
    await rename(partial, place);
    await syncFolder(parent);
    return place;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined); // the reason why is the one to tell
    throw explain(error, parent);
  }
}

/**
 * That a folder can be made in `parent`: asked before anything is done that stays when it cannot.
 * @throws CausewayError `disk-full`, `read-only`
 */
export async function requirePlace(parent: string, random: Random): Promise<void> {
  const tried = hiddenPlace(parent, 'causeway-place', random);
  try {
    await mkdir(tried, { mode: 0o700 });
    await rmdir(tried);
  } catch (error) {
    throw explain(error, parent);
  }
}

/** Of a name that tells what an ended program left behind. */
function hiddenPlace(parent: string, name: string, random: Random): string {
  return join(parent, `.${name}.${Buffer.from(random.bytes(6)).toString('hex')}.partial`);
}

async function removeLeft(parent: string, before: number): Promise<void> {
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    if (!entry.isDirectory() || !LEFT_BEHIND.test(entry.name)) continue;
    const folder = join(parent, entry.name);
    try {
      if ((await lstat(folder)).mtimeMs < before) await rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (codeOf(error) === undefined) throw error; // of another person, or gone by now: it is not in the way
    }
  }
}

/** A rename would take the place of an empty folder. */
async function freePlace(parent: string, name: string): Promise<string> {
  for (let number = 1; number < 1000; number++) {
    const place = join(parent, number === 1 ? name : `${name}-${number}`);
    if (!(await isThere(place))) return place;
  }
  throw new CausewayError('conflict', `There are too many folders called ${name} in ${parent}. Choose another place.`);
}

async function isThere(place: string): Promise<boolean> {
  try {
    await lstat(place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function explain(error: unknown, parent: string): unknown {
  if (error instanceof CausewayError || codeOf(error) === undefined) return error;
  const text = isFull(error)
    ? 'There is no space left for the bundle. Nothing was left of it; make room and make it again.'
    : `The folder ${parent} cannot be written to. Nothing was left of the bundle; choose another place.`;
  return notWritten(text, error);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
