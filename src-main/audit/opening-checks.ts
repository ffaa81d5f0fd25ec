import { broken } from './broken.ts';
import { anchoredKeys, type ChainKeys } from './chain-keys.ts';
import { noteSigner, parseNote, verifyNote } from './checkpoint.ts';
import type { KeptCheckpoint } from './checkpoint-keeper.ts';
import type { Head } from './commit-batch.ts';
import { keysForCheckpoint } from './end-checks.ts';
import { hashRecord } from './hash.ts';
import type { KeyRing } from './key-ring.ts';
import { holdsInChain } from './record-checks.ts';
import type { CheckpointRow, SqliteRows } from './sqlite-rows.ts';
import type { StoredCheckpoint } from './store.ts';
import { BrokenTreeError, extendFrontier, loadFrontier } from './stored-tree.ts';
import { Frontier } from './tree.ts';

export interface OpenedChain {
  readonly head: Head;
  /** The newest checkpoint that holds: the keychain's, or a newer one of the database. */
  readonly latest: StoredCheckpoint;
  /** Hash of the record at the newest checkpoint's size. */
  readonly latestHead: string;
}

/** The chain must begin with the key the keychain knows it began with: a second one is never made. */
export function checkKey(rows: SqliteRows, firstKey: string): ChainKeys {
  const keys = anchoredKeys(rows, firstKey);
  const row = rows.bySeq(1);
  const wrong =
    row === undefined ? undefined : holdsInChain({ rows, firstKey }, row).find((check) => check.state === 'fails');
  if (wrong !== undefined) {
    throw broken('first-record', `the key in the keychain did not make its first record (${wrong.detail})`);
  }
  return keys;
}

/** The newest record, which must hold. */
export function checkHead(rows: SqliteRows, firstKey: string): { readonly seq: number; readonly hash: string } {
  const row = rows.head();
  if (row === undefined) throw broken('head-damaged', 'it has no records');
  const wrong = holdsInChain({ rows, firstKey }, row).find((check) => check.state === 'fails');
  if (wrong !== undefined) throw broken('head-damaged', `its newest record does not hold (${wrong.detail})`);
  return { seq: row.seq, hash: row.hash.toString('hex') };
}

/** Compares the database with the checkpoint the keychain keeps. */
export function compareWithKept(
  rows: SqliteRows,
  chain: string,
  { ring, first }: ChainKeys,
  kept: KeptCheckpoint,
): OpenedChain {
  const { seq, hash } = checkHead(rows, first.id);
  if (seq < kept.size) {
    const text = `it was rolled back: it ends at record ${seq}, and had ${kept.size} records on ${kept.at}`;
    throw broken('rolled-back', text);
  }
  checkKeptNote(ring, kept); // after the size: what was cut off may hold the rotation to the key that signed it
  const then = rows.bySeq(kept.size);
  if (then === undefined || hashRecord(then.bytes) !== kept.head) {
    throw broken('forked', `it was forked: record ${kept.size} is not the one that was there on ${kept.at}`);
  }
  const frontier = frontierOf(rows, kept);
  let latest: StoredCheckpoint = { chain, note: kept.note, size: kept.size, root: kept.root, at: kept.at };
  let latestHead = kept.head;
  for (const row of rows.checkpointsAfter(kept.size)) {
    const checkpoint = signedCheckpoint(row, chain, ring, kept.at);
    if (checkpoint === null) continue; // signed by nobody: it proves nothing. Verification names it
    if (checkpoint.size > seq) {
      throw broken('checkpoint-ahead', `it has a checkpoint of ${checkpoint.size} records, and ends at record ${seq}`);
    }
    extendFrontier(frontier, rows, checkpoint.size);
    if (frontier.root().toString('base64') !== checkpoint.root) {
      throw broken(
        'forked',
        `it was forked: its records are not those of its checkpoint of ${checkpoint.size} records`,
      );
    }
    latest = checkpoint;
    latestHead = hashAt(rows, checkpoint.size);
  }
  extendFrontier(frontier, rows, seq);
  return { head: { seq, hash, frontier }, latest, latestHead };
}

function checkKeptNote(ring: KeyRing, kept: KeptCheckpoint): void {
  const note = parseNote(kept.note);
  const wrong = typeof note === 'string' ? 'unreadable' : verifyNote(note, keysForCheckpoint(ring, note.size));
  if (wrong === null) return;
  throw broken('checkpoint-unreadable', `the keychain's checkpoint does not hold (${wrong})`);
}

/** The checkpoint of a row when a key of this chain then in force signed it; otherwise null. */
function signedCheckpoint(row: CheckpointRow, chain: string, ring: KeyRing, at: string): StoredCheckpoint | null {
  const note = parseNote(row.note);
  if (typeof note === 'string' || note.chain !== chain || note.size !== row.size) return null;
  if (typeof noteSigner(note, keysForCheckpoint(ring, note.size)) === 'string') return null;
  const written = new Date(row.written);
  const stated = Number.isNaN(written.getTime()) ? at : written.toISOString();
  return { chain, note: row.note, size: note.size, root: note.root, at: stated };
}

/**
 * The tree at the keychain's checkpoint. The stored subtrees save reading everything; they can be made again from the
 * records, so that damage to them locks nobody out. What counts is the root the keychain knows.
 */
function frontierOf(rows: SqliteRows, kept: KeptCheckpoint): Frontier {
  try {
    const stored = loadFrontier(rows, kept.size);
    if (stored.root().toString('base64') === kept.root) return stored;
  } catch (error) {
    if (!(error instanceof BrokenTreeError)) throw error;
  }
  const computed = new Frontier();
  extendFrontier(computed, rows, kept.size);
  if (computed.root().toString('base64') === kept.root) return computed;
  throw broken('tree-damaged', `the first ${kept.size} records are not those of the checkpoint of ${kept.at}`);
}

function hashAt(rows: SqliteRows, seq: number): string {
  const row = rows.bySeq(seq);
  if (row === undefined) throw broken('tree-damaged', `record ${seq} is missing`);
  return hashRecord(row.bytes);
}
