import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import { Digest } from '#shared/model/evidence.ts';
import { parseNote } from './checkpoint.ts';
import { checkpointName } from './secret-names.ts';
import type { SqliteRows } from './sqlite-rows.ts';

/** The newest checkpoint as the keychain has it: outside the database, so that a restored backup can be told. */
const Kept = z.strictObject({
  note: z.string(),
  head: Digest,
  at: z.iso.datetime({ precision: 3 }),
  checkpoints: z.int().min(0).optional(),
});

export interface KeptCheckpoint {
  readonly note: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Hash of the record at `size`: by the links, of everything before it. */
  readonly head: string;
  readonly at: string;
  /** How many checkpoints the database had up to this one; absent where an earlier version kept it. */
  readonly checkpoints?: number | undefined;
}

/** Counts the database's checkpoints. */
export type CheckpointCount = Pick<SqliteRows, 'countCheckpoints'>;

/**
 * Keeps a checkpoint unless a newer one is kept: what the keychain knows never goes backwards. Of the database's
 * checkpoints only those since are counted, so that one that was taken away meanwhile stays counted.
 * @throws CausewayError `audit-broken` when what is kept is not a checkpoint of this chain
 */
export async function keepCheckpoint(
  secrets: SecretStore,
  chain: string,
  kept: KeptCheckpoint,
  rows: CheckpointCount,
): Promise<void> {
  const before = await recallCheckpoint(secrets, chain);
  if (before !== null && before.size > kept.size) return;
  if (before?.checkpoints === undefined) return replaceCheckpoint(secrets, chain, kept, rows);
  await write(secrets, chain, kept, before.checkpoints + rows.countCheckpoints(before.size, kept.size));
}

/**
 * Puts a checkpoint in the place of the one that is kept, larger or not: only after a person acknowledged that the
 * history does not hold to the latter.
 */
export async function replaceCheckpoint(
  secrets: SecretStore,
  chain: string,
  kept: KeptCheckpoint,
  rows: CheckpointCount,
): Promise<void> {
  await write(secrets, chain, kept, rows.countCheckpoints(0, kept.size));
}

async function write(secrets: SecretStore, chain: string, kept: KeptCheckpoint, checkpoints: number): Promise<void> {
  const { note, head, at } = kept;
  await secrets.set(checkpointName(chain), Buffer.from(JSON.stringify({ note, head, at, checkpoints }), 'utf8'));
}

/** @throws CausewayError `audit-broken` when what is kept is not a checkpoint of this chain */
export async function recallCheckpoint(secrets: SecretStore, chain: string): Promise<KeptCheckpoint | null> {
  const secret = await secrets.get(checkpointName(chain));
  if (secret === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(secret).toString('utf8'));
  } catch (cause) {
    throw unreadable(cause);
  }
  const kept = Kept.safeParse(value);
  if (!kept.success) throw unreadable(kept.error);
  const note = parseNote(kept.data.note);
  if (typeof note === 'string' || note.chain !== chain) throw unreadable(note);
  return { ...kept.data, size: note.size, root: note.root };
}

function unreadable(cause: unknown): CausewayError {
  const text = 'The checkpoint in the keychain cannot be read. Restore the keychain entry, or ask for an examination.';
  return new CausewayError('audit-broken', text, { cause, reason: 'checkpoint-unreadable' });
}
