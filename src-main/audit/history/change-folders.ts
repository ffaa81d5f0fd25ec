import { hash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { CausewayError } from '#shared/errors.ts';
import type { AppendInput } from '../append-input.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import type { StoredCheckpoint, StoredRecord } from '../store.ts';
import { contradiction } from './compare.ts';
import type { History } from './history.ts';
import type { WitnessFolders } from './witness-folders.ts';

type Change = AppendInput<'tenant.configuration_changed'>;

/** Who changes where checkpoints are kept. */
export type ChangedBy = Pick<Change, 'actor' | 'device'>;

export interface FolderHost {
  readonly chain: string;
  readonly rows: SqliteRows;
  readonly history: History;
  readonly folders: WitnessFolders;
  readonly append: (input: Change) => Promise<StoredRecord>;
  readonly checkpoint: () => Promise<StoredCheckpoint>;
}

/**
 * Names a folder that is given every new checkpoint; on record first. What it has already is held against the database,
 * and a contradiction blocks writing like one found at the start.
 * @throws CausewayError `bad-input`, `conflict`, `too-large`, and as an append
 */
export async function addFolder(host: FolderHost, path: string, by: ChangedBy): Promise<void> {
  const { rows, history, folders } = host;
  const real = await folders.resolve(path);
  if (folders.has(real)) return;
  await host.append(change(host, by, null, real));
  const known = await folders.add(real);
  const found = known === null ? null : contradiction(rows, rows.head()?.seq ?? 0, known);
  if (found !== null) {
    folders.markContradiction(real, found.text);
    await history.report([found]);
    return;
  }
  await host.checkpoint(); // it has the newest one from the beginning
  await folders.settled();
}

/**
 * Takes a folder off the list; what is in it stays there. On record first.
 * @throws CausewayError `not-found`, and as an append
 */
export async function removeFolder(host: FolderHost, path: string, by: ChangedBy): Promise<void> {
  const listed = host.folders.has(path) ? path : await realpath(path).catch(() => path);
  if (!host.folders.has(listed)) {
    throw new CausewayError('not-found', 'This folder is not one that is given the checkpoints of this trail.');
  }
  await host.append(change(host, by, listed, null));
  await host.folders.remove(listed);
}

function change({ chain }: FolderHost, by: ChangedBy, before: string | null, after: string | null): Change {
  return {
    ...by,
    action: 'tenant.configuration_changed',
    outcome: 'success',
    target: { type: 'chain', id: chain },
    data: { setting: 'witness-folder', old: digestOf(before), new: digestOf(after) },
  };
}

/**
 * SHA-256 of the path, lowercase hex. A path names people (a home folder, a share, a stick), and a record cannot be
 * erased: it says that the folder of this digest came or went, and whoever has the path can tell that it is the one.
 */
function digestOf(path: string | null): string | null {
  return path === null ? null : hash('sha256', path, 'hex');
}
