import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { broken } from './broken.ts';
import type { Head } from './commit-batch.ts';
import { hashRecord } from './hash.ts';
import { isObject, readJson } from './json-read.ts';
import type { RecordRow, SqliteRows } from './sqlite-rows.ts';
import type { StoredRecord } from './store.ts';
import { toStoredRecord } from './stored-record.ts';

/** What says of a proposal that it was decided, or that a lease was given for it. */
const DECIDING: ReadonlySet<unknown> = new Set<AuditAction>([
  'remediation.approved',
  'remediation.rejected',
  'remediation.expired',
  'remediation.withdrawn',
  'credential.issued',
]);

/** Records read at a time, a few milliseconds' work. */
const CHUNK = 128;
/** Walks that are gone on with rather than begun anew; more proposals are hardly open at a time. */
const MOST_KEPT = 64;

/** How far the records after one were read. */
interface Walk {
  seq: number;
  /** SHA-256 of the bytes of record `seq`, lowercase hex. */
  hash: string;
  readonly found: StoredRecord[];
}

/**
 * The records that decide about a proposal, from the records' bytes alone: whoever can write to the database can change
 * what stands beside them (the trail's columns, an index), so that a lease that was given is not listed. Every record
 * from the proposal to the known head is read, and each must name the hash of the one before: none can be left out or
 * changed without breaking that. What decides about a proposal names its hash, and so comes after it.
 */
export class DecisionWalk {
  readonly #rows: SqliteRows;
  readonly #head: () => Head | null;
  readonly #walks = new Map<string, Walk>();

  constructor(rows: SqliteRows, head: () => Head | null) {
    this.#rows = rows;
    this.#head = head;
  }

  /** @throws CausewayError `audit-broken` (`decisions-unknown`) when not every record up to the head is there as it was */
  async after(hash: string): Promise<readonly StoredRecord[]> {
    const walk = this.#begin(hash);
    if (walk === null) return [];
    try {
      while (this.#step(walk)) await nextTurn();
    } catch (error) {
      this.#walks.delete(hash);
      throw error;
    }
    return [...walk.found];
  }

  #begin(hash: string): Walk | null {
    const known = this.#walks.get(hash);
    this.#walks.delete(hash);
    // cut by an acknowledged break: what was read is no longer what the chain is
    const goesOn = known !== undefined && known.seq <= (this.#head()?.seq ?? 0);
    const seq = this.#rows.byHash(hash)?.seq;
    const walk = goesOn ? known : seq === undefined ? null : { seq, hash, found: [] };
    if (walk === null) return null;
    this.#walks.set(hash, walk);
    for (const oldest of this.#walks.keys()) {
      if (this.#walks.size <= MOST_KEPT) break;
      this.#walks.delete(oldest);
    }
    return walk;
  }

  /** Reads on; false at the end, which is never before the known head. */
  #step(walk: Walk): boolean {
    const head = this.#head();
    checkHead(walk, head);
    const chunk = this.#rows.chunk(walk.seq, Number.MAX_SAFE_INTEGER, CHUNK);
    for (const row of chunk) {
      take(walk, row);
      checkHead(walk, head);
    }
    if (chunk.length === CHUNK) return true;
    if (head === null || walk.seq < head.seq) throw unknown(walk.seq + 1);
    return false;
  }
}

function take(walk: Walk, row: RecordRow): void {
  const reading = readJson(row.bytes);
  const members = reading.ok && isObject(reading.value) ? reading.value : null;
  const follows = row.seq === walk.seq + 1 && members?.seq === row.seq && members.prev === walk.hash;
  if (members === null || !follows) throw unknown(walk.seq + 1);
  walk.seq = row.seq;
  walk.hash = hashRecord(row.bytes);
  if (!DECIDING.has(members.action)) return;
  const record = toStoredRecord({ ...row, hash: Buffer.from(walk.hash, 'hex') });
  if (record !== null) walk.found.push(record);
}

function checkHead(walk: Walk, head: Head | null): void {
  if (head?.seq === walk.seq && head.hash !== walk.hash) throw unknown(walk.seq);
}

function unknown(seq: number): Error {
  return broken('decisions-unknown', `record ${seq} is not the one that was there, and may have been a decision`);
}
