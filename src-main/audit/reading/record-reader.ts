import { openSnapshot } from '#main/platform/sqlite.ts';
import { parseNote } from '../checkpoint.ts';

/** Where a store's records can be read by another thread. Plain data, without any key: sealed values stay sealed. */
export interface ReaderAddress {
  /** The database. */
  readonly path: string;
  readonly chain: string;
  readonly tenant: string;
}

/** A record as it lies there: nothing about it was checked, neither that it is JSON nor that its hash is right. */
export interface RawRecord {
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** Lowercase hex, as it is stored beside the bytes. */
  readonly hash: string;
}

/** A tree head that was written for the chain. Its signature is not looked at here. */
export interface KnownCheckpoint {
  readonly size: number;
  /** Base64; empty where the note cannot be read. */
  readonly root: string;
  /** When it was written, RFC 3339 UTC. */
  readonly at: string;
}

/** The records of a chain, as they were when the reader was opened, whatever is appended meanwhile. */
export interface RecordReader {
  readonly chain: string;
  readonly tenant: string;
  /** Seq of the newest record there was; 0 when there was none. */
  readonly last: number;
  /** The newest checkpoint over no more records than `upTo`. */
  checkpoint(upTo: number): KnownCheckpoint | null;
  /** Those from `first` to `last`, both included, in ascending order; one that is gone is passed over. */
  read(first: number, last: number): Iterable<RawRecord>;
  /** To be called soon: the database's log cannot be folded into its file as long as an old state is read. */
  close(): void;
}

const BETWEEN = 'SELECT seq, hash, bytes FROM record WHERE seq >= ? AND seq <= ? ORDER BY seq';

/**
 * Opens a store's records for reading beside the store, on any thread.
 * @throws CausewayError `audit-broken`, `audit-unavailable` when the database cannot be read
 */
export function openRecordReader(address: ReaderAddress): RecordReader {
  const db = openSnapshot(address.path, 'the audit store');
  const newest = db.prepare<[], number | null>('SELECT max(seq) FROM record').pluck();
  const checkpoint = db.prepare<[number], { size: number; note: string; written: number }>(
    'SELECT size, note, written FROM checkpoint WHERE size <= ? ORDER BY size DESC LIMIT 1',
  );
  return {
    chain: address.chain,
    tenant: address.tenant,
    last: newest.get() ?? 0,
    checkpoint: (upTo) => {
      const row = checkpoint.get(upTo);
      if (row === undefined || row.size < 1) return null;
      const note = parseNote(row.note);
      // a note that was damaged, or is of another chain or size, must not read as if there were none
      const root = typeof note === 'string' || note.chain !== address.chain || note.size !== row.size ? '' : note.root;
      return { size: row.size, root, at: new Date(row.written).toISOString() };
    },
    *read(first, last) {
      // a statement of its own: one may be looked up while others are gone through
      const between = db.prepare<[number, number], [number, Buffer, Buffer]>(BETWEEN).raw();
      for (const [seq, hash, bytes] of between.iterate(first, last)) yield { seq, bytes, hash: hash.toString('hex') };
    },
    close: () => db.close(),
  };
}
