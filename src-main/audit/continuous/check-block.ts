import { CausewayError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { chainKeys } from '../chain-keys.ts';
import type { DisclosureVault } from '../disclosure-vault.ts';
import { DisclosureVerifier } from '../disclosure-verifier.ts';
import { hashRecord } from '../hash.ts';
import { isObject, readJson } from '../json-read.ts';
import { KeyRing } from '../key-ring.ts';
import { ProblemList } from '../problems.ts';
import { RecordVerifier } from '../record-verifier.ts';
import type { CheckpointRow, RecordRow, SqliteRows } from '../sqlite-rows.ts';
import { verifyBeside, verifyCheckpointRow } from '../stored-checks.ts';
import { openDisclosure } from '../stored-record.ts';
import { isStored } from '../stored-tree.ts';
import { sealedOf, storedErasures, verifyKept } from '../stored-values.ts';
import { type CompletedNode, EMPTY_ROOT } from '../tree.ts';
import { BlockRoots, subtreesBefore } from './block-roots.ts';
import { BLOCK, BLOCK_LEVEL, type Pin, type RangeFindings } from './coverage.ts';

/** Records held at a time: each may have 4 MiB. */
const CHUNK = 32;

export interface CheckedChain {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
  /** Keys to go by where the chain's introductions cannot be read. */
  readonly keys: readonly KeyDescription[];
}

/** Records `from + 1` to `to`, which lie in one block. */
export interface RangeRequest {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  /** Of the block's records up to `from`; empty where the block begins. */
  readonly nodes: readonly Uint8Array[];
  /** Hash of record `from` where it was checked; null to go by what is stored. */
  readonly prev: string | null;
  /** Roots of the blocks before, from the records when those were checked; null where they were not. */
  readonly roots: readonly (Uint8Array | null)[];
  /** A record that was found good before, in this block. */
  readonly pin: Pin | null;
}

export interface RangeCheck extends RangeFindings {
  /** Records read for it. */
  readonly read: number;
}

/** Called between pieces of work of a few milliseconds. Rejecting ends the check. */
export type Pause = () => Promise<void> | void;

/**
 * Checks some records like a file: bytes, links (to the record before and after, too), signatures, stored subtrees,
 * checkpoints in between, disclosures; and that a record which was found good before is still the same one.
 */
export async function checkRange(parts: CheckedChain, request: RangeRequest, pause: Pause): Promise<RangeCheck> {
  const roots = new BlockRoots(parts.rows, request.roots);
  const first = await new RangeReader(parts, request, roots, true).run(pause);
  // a checkpoint that does not fit: the records, or the stored subtrees before them? What was believed is computed
  if (first !== null) return first;
  roots.confirm(request.block);
  const second = await new RangeReader(parts, request, roots, false).run(pause);
  if (second === null) throw new Error('a check that doubts nothing is always finished');
  return second;
}

class RangeReader {
  readonly #parts: CheckedChain;
  readonly #request: RangeRequest;
  readonly #problems = new ProblemList();
  readonly #records: RecordVerifier;
  readonly #checkpoints: CheckpointRow[];
  readonly #doubtful: boolean;
  /** false when the subtrees before the range cannot be known. */
  readonly #hasLeft: boolean;
  /** Keys introduced up to `from`; null when they cannot be told. */
  readonly #ring: KeyRing | null;
  /** Whether the tree has a leaf for every record from the beginning of the range to the one being read. */
  #aligned = true;
  #seq: number;
  #head: string | null;
  #blockRoot: Buffer | null = null;
  #pinned = false;

  constructor(parts: CheckedChain, request: RangeRequest, roots: BlockRoots, doubtful: boolean) {
    const { chain, tenant, rows } = parts;
    const { block, from, to } = request;
    this.#parts = parts;
    this.#request = request;
    this.#doubtful = doubtful && block > 0;
    const before = roots.before(block);
    this.#hasLeft = before !== null;
    const left = [...(before?.nodes ?? blanks(block)), ...request.nodes.map((node) => Buffer.from(node))];
    this.#seq = from;
    this.#head = from === 0 ? null : (request.prev ?? storedHash(rows, from));
    this.#ring = ringAt(rows, from);
    this.#records = new RecordVerifier(this.#problems, {
      chain,
      tenant,
      first: from + 1,
      left,
      // what was known earlier where a damaged record hides them; it is named where its block is checked
      keys: this.#ring?.entries().map(({ description }) => description) ?? parts.keys,
      prev: this.#head ?? undefined,
      onNode: (node) => this.#takeNode(node),
    });
    // the one at `from` again: it may have been written after the range before was read
    this.#checkpoints = rows.checkpointsAfter(from - 1).filter(({ size }) => size <= to);
  }

  /** null when a checkpoint does not fit and the subtrees before the range are in doubt. */
  async run(pause: Pause): Promise<RangeCheck | null> {
    const { from, to, block } = this.#request;
    if (!this.#takeCheckpoints(from)) return null;
    while (this.#seq < to) {
      const chunk = this.#parts.rows.chunk(this.#seq, to, CHUNK);
      const last = chunk.at(-1)?.seq;
      if (last === undefined) break;
      const beside = new Map(this.#parts.rows.indexes(this.#seq + 1, last).map((row) => [row.seq, row]));
      for (const row of chunk) {
        const record = this.#take(row);
        if (record !== null) verifyBeside(record, row, beside.get(row.seq), this.#problems);
        if (!this.#takeCheckpoints(row.seq)) return null;
      }
      await pause();
    }
    if (this.#seq < to) this.#nameMissing(to);
    this.#checkPin();
    this.#checkLinkAfter();
    await this.#checkDisclosures(pause);
    const { kept, count, failures } = this.#problems;
    return {
      from,
      to,
      head: this.#seq === to ? this.#head : null,
      nodes: this.#nodes(block)?.map((node) => node.toString('base64')) ?? null,
      problems: [...kept],
      problemCount: count,
      failures,
      read: this.#records.records,
    };
  }

  #take(row: RecordRow) {
    if (row.seq !== this.#seq + 1) this.#aligned = false; // named by the verifier, which expects another seq
    this.#seq = row.seq;
    const record = this.#records.check({ line: 0, hash: row.hash.toString('hex'), sig: row.sig, bytes: row.bytes });
    this.#head = this.#records.head;
    const { pin } = this.#request;
    if (pin?.seq === row.seq) this.#pinned = this.#head === pin.hash;
    return record;
  }

  #takeNode(node: CompletedNode): void {
    if (!this.#aligned || node.level > BLOCK_LEVEL || !isStored(node)) return; // above: see check-whole
    if (node.level === BLOCK_LEVEL) this.#blockRoot = node.hash;
    const stored = this.#parts.rows.node(node.level, node.index);
    if (stored?.equals(node.hash)) return;
    const what = stored === undefined ? 'is missing' : 'is not that of the records';
    const first = node.index * 2 ** node.level + 1;
    this.#problems.add(0, 'root', `the stored subtree ${node.index} of level ${node.level} ${what}`, first);
  }

  #takeCheckpoints(seq: number): boolean {
    for (let next = this.#checkpoints[0]; next !== undefined && next.size <= seq; next = this.#checkpoints[0]) {
      this.#checkpoints.shift();
      const doubtful = this.#doubtful || !this.#hasLeft;
      const ring = this.#records.records > 0 ? this.#records.ring : this.#ring;
      const judged = verifyCheckpointRow(next, this.#records, this.#problems, { doubtful, ring });
      if (!judged && this.#hasLeft) return false;
      if (!judged) this.#problems.add(0, 'root', `records before the checkpoint of ${next.size} records are missing`);
    }
    return true;
  }

  #nameMissing(to: number): void {
    const first = this.#seq + 1;
    const what = first === to ? `record ${to} is missing` : `the records ${first} to ${to} are missing`;
    this.#problems.add(0, 'sequence', what, first);
    this.#aligned = false;
  }

  /** A record that was checked once cannot be replaced, even by whoever holds the signing key. */
  #checkPin(): void {
    const { pin, from, to } = this.#request;
    if (pin === null || pin.seq <= from || this.#pinned) return;
    const when = new Date(pin.at).toISOString();
    const what = pin.seq > to || pin.seq > this.#seq ? 'is no longer there' : 'is not the one that was there';
    this.#problems.add(0, 'not-extension', `record ${pin.seq}, found good on ${when}, ${what}`, pin.seq);
  }

  /** The next record must follow the last one that is checked here: its own block may be read hours later. */
  #checkLinkAfter(): void {
    const { to } = this.#request;
    const after = this.#parts.rows.bySeq(to + 1);
    if (after === undefined || this.#seq !== to) return;
    const reading = readJson(after.bytes);
    if (!reading.ok || !isObject(reading.value) || reading.value.prev === this.#head) return;
    this.#problems.add(0, 'chain', 'prev is not the hash of the record before', to + 1);
  }

  async #checkDisclosures(pause: Pause): Promise<void> {
    const { rows } = this.#parts;
    const { from, to } = this.#request;
    const find = (seq: number) => sealedOf(rows.bySeq(seq));
    const verifier = new DisclosureVerifier(this.#problems, find, this.#records.erased);
    for (let first = from + 1; first <= to; first += CHUNK * 8) {
      for (const row of rows.disclosures(first, Math.min(to, first + CHUNK * 8 - 1))) {
        if (rows.bySeq(row.seq) === undefined) continue; // a stray row: see check-whole
        const disclosed = openDisclosure(this.#parts, row);
        const { seq, path } = row;
        if (disclosed === null) this.#problems.add(0, 'disclosure', `the value at ${path} cannot be decrypted`, seq);
        else await verifier.check(0, { seq, path, value: [disclosed[0], disclosed[1] as never] });
      }
      await pause();
    }
    if ((await verifier.count(this.#records.sealedValues)).withheld === 0) return;
    // an erasure is recorded later than the value, so perhaps in a block after this one
    const erased = storedErasures(rows, ringAt(rows, Number.MAX_SAFE_INTEGER) ?? this.#records.ring);
    if (erased.full) return;
    await verifyKept(rows, { from, to: this.#seq }, (seq, path) => erased.has(seq, path), this.#problems, pause);
  }

  /** Roots of the maximal subtrees of the block up to the last record read. */
  #nodes(block: number): readonly Buffer[] | null {
    if (!this.#aligned) return null;
    if (this.#records.tree.size === (block + 1) * BLOCK) return this.#blockRoot === null ? null : [this.#blockRoot];
    return this.#records.tree.nodes.slice(subtreesBefore(block));
  }
}

function storedHash(rows: SqliteRows, seq: number): string | null {
  const row = rows.bySeq(seq);
  return row === undefined ? null : hashRecord(row.bytes);
}

function ringAt(rows: SqliteRows, seq: number): KeyRing | null {
  if (seq === 0) return new KeyRing();
  try {
    return chainKeys(rows, seq).ring;
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return null;
    throw error;
  }
}

/** In the place of subtrees that cannot be known: their number must fit. */
function blanks(block: number): readonly Buffer[] {
  return Array.from({ length: subtreesBefore(block) }, () => EMPTY_ROOT);
}
