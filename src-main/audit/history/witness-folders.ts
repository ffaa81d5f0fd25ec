import { readdir, realpath, rename, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readSmallFile, writeFileAtomically } from '#main/platform/atomic-file.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { WitnessFolder } from '#shared/ipc/verification-views.ts';
import { MAX_NOTE, type Note, noteSigner, parseNote } from '../checkpoint.ts';
import type { VerifyingKey } from '../keys.ts';
import { foldersName } from '../secret-names.ts';
import type { StoredCheckpoint } from '../store.ts';
import type { KnownCheckpoint } from './finding.ts';

/** The list in the tenant's folder, for people and programs: what counts is the keychain's, which nobody plants. */
const LIST_FILE = 'witness-folders.json';
const MAX_LIST = 64 * 1024;
/** Bytes of the list in the keychain: Windows has room for 2,560. */
const MAX_KEPT = 2400;
/** A network folder that does not answer must not keep the store from being opened or closed. */
const PATIENCE_MS = 2000;

const Paths = z.array(z.string().min(1).max(1000)).max(64);
const List = z.strictObject({ folders: Paths });

export interface FolderParts {
  /** The tenant's folder. */
  readonly folder: string;
  readonly chain: string;
  readonly secrets: SecretStore;
  readonly random: Random;
  /** Keys that may have signed a checkpoint of this chain of that size. */
  readonly keys: (size: number) => readonly VerifyingKey[];
  /** Whether a checkpoint was given up by an acknowledgement. */
  readonly isSuperseded: (checkpoint: { readonly size: number; readonly root: string }) => boolean;
  readonly warn: (error: unknown, what: string) => void;
}

/** Folders elsewhere that are given every new checkpoint: a database rolled back with its own folder is told by them. */
export class WitnessFolders {
  readonly #parts: FolderParts;
  #isSuperseded: FolderParts['isSuperseded'];
  readonly #states = new Map<string, WitnessFolder>();
  #newest: StoredCheckpoint | null = null;
  #writing: Promise<void> = Promise.resolve();

  private constructor(parts: FolderParts) {
    this.#parts = parts;
    this.#isSuperseded = parts.isSuperseded;
  }

  /** Reads which folders there are, and what each of them has. A folder that is not there is told, and stops nothing. */
  static async load(
    parts: FolderParts,
  ): Promise<{ readonly folders: WitnessFolders; readonly known: readonly KnownCheckpoint[] }> {
    const folders = new WitnessFolders(parts);
    const kept = await keptPaths(parts);
    const listed = await listedPaths(parts);
    const known = await Promise.all(kept.map((path) => folders.#look(path)));
    for (const path of kept) {
      if (!listed.includes(path)) folders.#note(path, 'The list in the workspace did not name it; it was put back.');
    }
    const planted = listed.filter((path) => !kept.includes(path)).length;
    // neither read nor written: whoever can write in the workspace would choose where this program reads and writes
    if (planted > 0)
      parts.warn(null, `${planted} witness folders in the workspace's list are not the keychain's: ignored`);
    if (planted > 0 || listed.length !== kept.length) await folders.#saveList();
    return { folders, known: newestFirst(known) };
  }

  /** What each of the folders has now. What is said of them stays. */
  async look(): Promise<readonly KnownCheckpoint[]> {
    const before = new Map(this.#states);
    const known = await Promise.all([...before.keys()].map((path) => this.#look(path)));
    for (const [path, state] of before) this.#states.set(path, state);
    return newestFirst(known);
  }

  list(): WitnessFolder[] {
    return [...this.#states.values()];
  }

  /** From now on what was given up is what this history says. */
  follow(history: Pick<FolderParts, 'isSuperseded'>): void {
    this.#isSuperseded = (checkpoint) => history.isSuperseded(checkpoint);
  }

  /** Paths that {@link add} gave. */
  has(path: string): boolean {
    return this.#states.has(path);
  }

  /**
   * The folder a person chose, as it will be listed.
   * @throws CausewayError `bad-input` when it is no folder, or inside the tenant's own, where it would be changed with it
   */
  async resolve(path: string): Promise<string> {
    let real: string;
    try {
      real = await realpath(path);
      if (!(await stat(real)).isDirectory()) throw new Error('it is not a folder');
    } catch (cause) {
      throw new CausewayError('bad-input', 'This folder cannot be reached. Choose one that exists.', { cause });
    }
    const inside = relative(this.#parts.folder, real);
    if (inside === '' || !(inside.startsWith('..') || isAbsolute(inside))) {
      const text = 'This folder is inside the workspace, where it would be rolled back with it. Choose another one.';
      throw new CausewayError('bad-input', text, { reason: 'inside-workspace' });
    }
    const paths = [...this.#states.keys(), real];
    if (real.length > 1000 || Buffer.byteLength(JSON.stringify(paths), 'utf8') > MAX_KEPT) {
      throw new CausewayError('too-large', 'The keychain has no room for more witness folders.', { reason: 'folders' });
    }
    return real;
  }

  /** What the folder has of this chain already, or null; it is listed from now on. */
  async add(path: string): Promise<KnownCheckpoint | null> {
    const known = await this.#look(path);
    await this.#save();
    return known;
  }

  async remove(path: string): Promise<void> {
    this.#states.delete(path);
    await this.#save();
  }

  /** Starts writing a checkpoint into every folder; a folder that fails is told in the list, and stops nothing. */
  publish(checkpoint: StoredCheckpoint): void {
    this.#newest = checkpoint;
    this.#writing = this.#writing.then(async () => {
      if (this.#newest !== checkpoint) return; // a newer one follows
      await Promise.all([...this.#states.keys()].map((path) => this.#write(path, checkpoint)));
    });
  }

  /** Resolves when what was started is written, or after a while without an answer. */
  async settled(): Promise<void> {
    await Promise.race([this.#writing, delay(PATIENCE_MS, undefined, { ref: false })]);
  }

  /** Marks a folder whose checkpoint contradicts the database. */
  markContradiction(path: string, detail: string): void {
    const state = this.#states.get(path);
    if (state !== undefined) this.#states.set(path, { ...state, state: 'contradicts', detail: detail.slice(0, 500) });
  }

  async #write(path: string, checkpoint: StoredCheckpoint): Promise<void> {
    const file = this.#file(path);
    const { note, size, root, at } = checkpoint;
    try {
      const there = await this.#read(path);
      if (
        there !== null &&
        typeof there !== 'string' &&
        (there.size > size || (there.size === size && there.root !== root))
      ) {
        if (!this.#isSuperseded(there)) {
          const detail = `It has a checkpoint of ${there.size} records that this database is not known to hold.`;
          this.#states.set(path, { path, state: 'contradicts', size: there.size, at: null, detail });
          return;
        }
        // kept beside the new one: what was given up stays known where it was kept
        const mark = `superseded-${there.size}-${Buffer.from(there.root, 'base64').toString('hex').slice(0, 8)}`;
        await rename(file, join(path, `${this.#parts.chain}.${mark}.checkpoint`));
      }
      await writeFileAtomically(file, Buffer.from(note, 'utf8'), this.#parts.random);
      if (this.#states.has(path)) {
        this.#states.set(path, { path, state: 'current', size, at, detail: 'It has the newest checkpoint.' });
      }
    } catch (error) {
      const before = this.#states.get(path);
      const detail = `The newest checkpoint could not be written: ${explainSqliteError(error, 'this folder').message}`;
      if (before !== undefined) {
        this.#states.set(path, { ...before, state: 'unreachable', detail: detail.slice(0, 500) });
      }
    }
  }

  /** Takes over what a folder has. A checkpoint not signed by this chain's key proves nothing. */
  async #look(path: string): Promise<KnownCheckpoint | null> {
    const late = { late: true } as const;
    const note = await Promise.race([
      this.#read(path).catch((error: unknown) => explainSqliteError(error, 'this folder')),
      delay(PATIENCE_MS, late, { ref: false }),
    ]);
    const state = (state: WitnessFolder['state'], size: number | null, detail: string) =>
      this.#states.set(path, { path, state, size, at: null, detail: detail.slice(0, 500) });
    if (note === null) state('empty', null, 'It has no checkpoint of this trail yet.');
    else if (typeof note === 'string') state('empty', null, `What it has is no checkpoint of this trail: ${note}`);
    else if ('late' in note) state('unreachable', null, 'It did not answer in time.');
    else if (note instanceof Error) state('unreachable', null, note.message);
    else {
      if (this.#isSuperseded(note)) {
        state('contradicts', note.size, 'It has a checkpoint that was given up when a break was acknowledged.');
        return null;
      }
      state('behind', note.size, `It has the checkpoint of ${note.size} records.`);
      return { source: path, note: note.note, size: note.size, root: note.root, head: null };
    }
    return null;
  }

  /** The signed checkpoint a folder has; null when it has none, a sentence when it is none of this chain. */
  async #read(path: string): Promise<Note | string | null> {
    const { chain, keys } = this.#parts;
    const name = `${chain}.checkpoint`;
    // a folder that is not there must not look like an empty one
    if (!(await readdir(path)).includes(name)) return null;
    const note = parseNote((await readSmallFile(this.#file(path), MAX_NOTE)).toString('utf8'));
    if (typeof note === 'string') return note;
    if (note.chain !== chain) return 'it is of another chain';
    const signer = noteSigner(note, [...keys(note.size)]);
    return typeof signer === 'string' ? signer : note;
  }

  #file(path: string): string {
    return join(path, `${this.#parts.chain}.checkpoint`);
  }

  #note(path: string, detail: string): void {
    const state = this.#states.get(path);
    if (state !== undefined) this.#states.set(path, { ...state, detail: `${detail} ${state.detail}`.slice(0, 500) });
  }

  async #save(): Promise<void> {
    const { chain, secrets } = this.#parts;
    await secrets.set(foldersName(chain), Buffer.from(JSON.stringify([...this.#states.keys()]), 'utf8'));
    await this.#saveList();
  }

  async #saveList(): Promise<void> {
    const { folder, random } = this.#parts;
    const folders = [...this.#states.keys()];
    const text = `${JSON.stringify({ folders }, null, 2)}\n`;
    try {
      await writeFileAtomically(join(folder, LIST_FILE), Buffer.from(text, 'utf8'), random);
    } catch (error) {
      throw explainSqliteError(error, 'the list of witness folders');
    }
  }
}

async function keptPaths({ secrets, chain }: FolderParts): Promise<readonly string[]> {
  const secret = await secrets.get(foldersName(chain));
  if (secret === null) return [];
  try {
    return Paths.parse(JSON.parse(Buffer.from(secret).toString('utf8')));
  } catch {
    return []; // damaged: as if there were none, which the list of folders shows
  }
}

async function listedPaths({ folder }: FolderParts): Promise<readonly string[]> {
  try {
    const text = (await readSmallFile(join(folder, LIST_FILE), MAX_LIST)).toString('utf8');
    return List.parse(JSON.parse(text)).folders.filter((path) => isAbsolute(path) && !path.includes(`${sep}..${sep}`));
  } catch {
    return []; // deleted or damaged: the keychain has the list
  }
}

function newestFirst(known: readonly (KnownCheckpoint | null)[]): KnownCheckpoint[] {
  return known.flatMap((one) => one ?? []).sort((left, right) => right.size - left.size);
}
