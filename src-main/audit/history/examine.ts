import type { ChainKeys } from '../chain-keys.ts';
import { checkTail, type TailParts } from '../check-tail.ts';
import { noteSigner, parseNote, verifyNote } from '../checkpoint.ts';
import type { KeptCheckpoint } from '../checkpoint-keeper.ts';
import type { Head } from '../commit-batch.ts';
import { keysForCheckpoint } from '../end-checks.ts';
import { hashRecord } from '../hash.ts';
import type { KeyRing } from '../key-ring.ts';
import { holdsInChain, LINKS } from '../record-checks.ts';
import type { CheckpointRow, RecordRow, SqliteRows } from '../sqlite-rows.ts';
import type { StoredCheckpoint } from '../store.ts';
import { BrokenTreeError, extendFrontier } from '../stored-tree.ts';
import { Frontier } from '../tree.ts';
import { type Claim, claimFindings } from './claims.ts';
import { contradiction, headContradiction, treeAt } from './compare.ts';
import { type Finding, finding, type KnownCheckpoint } from './finding.ts';
import type { KeptHead } from './head-keeper.ts';
import { rowsBeyond } from './rows-beyond.ts';

export interface Known {
  /** What the keychain keeps; a sentence when it cannot be read. */
  readonly kept: KeptCheckpoint | string | null;
  /** The newest record the keychain was told of; a sentence when it cannot be read. */
  readonly head: KeptHead | string | null;
  /** What somebody elsewhere showed before. */
  readonly claims: readonly Claim[];
  /** What witness folders have, newest first. */
  readonly folders: readonly KnownCheckpoint[];
  readonly isSuperseded: (checkpoint: { readonly size: number; readonly root: string }) => boolean;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** The newest record as it is stored. With a finding the tree is empty: nothing may be built on it. */
  readonly head: Head;
  /** The newest checkpoint that holds: the keychain's, or a newer one of the database. */
  readonly latest: StoredCheckpoint | null;
  /** Hash of the record at its size. */
  readonly latestHead: string;
}

/** Holds the database against everything that is known of it elsewhere. Finds; decides nothing. */
export function examine(parts: TailParts, keys: ChainKeys, known: Known): Examination {
  const { rows, chain } = parts;
  const row = rows.head();
  const seq = row?.seq ?? 0;
  const hash = row?.hash.toString('hex') ?? '';
  const { kept } = known;
  const findings: Finding[] = row === undefined ? [] : headDamage(rows, keys.first.id, kept, row);
  const compared = typeof kept === 'string' || kept === null ? null : fromKept(kept);
  findings.push(...keptFindings(rows, seq, keys.ring, kept));
  for (const folder of known.folders) {
    const found = contradiction(rows, seq, folder);
    if (found !== null) findings.push(found);
  }
  findings.push(...claimFindings(rows, seq, known.claims, known.isSuperseded));
  const nothing = { findings, head: { seq, hash, frontier: new Frontier() }, latest: null, latestHead: hash };
  const add = (more: Examination, ...added: readonly Finding[]): Examination => {
    const all = [...more.findings, ...added];
    return { ...more, findings: [...all, ...keptHeadFindings(rows, seq, known.head, all)] };
  };
  const tree = compared === null ? new Frontier() : treeAt(rows, compared.size, compared.root);
  if (!(tree instanceof Frontier)) return add(nothing);
  const newest = followCheckpoints(rows, chain, keys.ring, tree, seq, kept, known.isSuperseded);
  if ('kind' in newest) return add(nothing, newest);
  const { latest, latestHead } = newest;
  const found = { ...nothing, latest, latestHead };
  if (findings.length > 0) return add(found);
  const start = { seq: tree.size, hash: tree.size === 0 ? undefined : latestHead, left: [...tree.nodes] };
  try {
    extendFrontier(tree, rows, seq);
  } catch (error) {
    if (!(error instanceof BrokenTreeError)) throw error;
    const text = `Record ${tree.size + 1} is missing.`;
    return add(nothing, finding('records-altered', text, { seq: tree.size + 1 }));
  }
  // what no checkpoint covers is covered by nothing: the next one would be signed over whatever stands there
  const { problem } = checkTail(parts, start, seq);
  if (problem !== undefined) {
    const at = problem.seq ?? start.seq + 1;
    const text = `Record ${at}, written after the newest checkpoint, does not hold: ${problem.message}.`;
    return add(found, finding('records-altered', text, { seq: at }));
  }
  const examined = add({ ...found, head: { seq, hash, frontier: tree } });
  const beyond = examined.findings.length > 0 ? null : rowsBeyond(rows, seq);
  return beyond === null ? examined : { ...examined, findings: [beyond] };
}

/** What is wrong with the newest record by itself: the next one is linked to the hash it is stored under. */
function headDamage(rows: SqliteRows, firstKey: string, kept: Known['kept'], row: RecordRow): Finding[] {
  const vouched = isVouched(kept, row);
  const wrong = holdsInChain({ rows, firstKey }, row).find(
    ({ name, state }) => state === 'fails' && !(vouched && name === LINKS),
  );
  if (wrong === undefined) return [];
  const text = `The newest record, ${row.seq}, does not hold: ${wrong.detail}.`;
  return [finding('head-damaged', text, { seq: Math.max(1, row.seq) })];
}

/** Nothing where a larger checkpoint contradicts already: it says the same, and is signed. */
export function keptHeadFindings(
  rows: SqliteRows,
  last: number,
  head: Known['head'],
  found: readonly Finding[],
): readonly Finding[] {
  if (head === null) return [];
  if (typeof head === 'string') return [finding('checkpoint-unreadable', head, { source: 'keychain' })];
  if (found.some(({ checkpoint }) => checkpoint !== null && checkpoint.size >= head.seq)) return [];
  const contradicted = headContradiction(rows, last, head);
  return contradicted === null ? [] : [contradicted];
}

/**
 * Whether the keychain knows the bytes of this very record: after a damaged one its link cannot hold, as it leads to the
 * hash the damaged one was stored under.
 */
function isVouched(kept: Known['kept'], row: { readonly seq: number; readonly bytes: Buffer }): boolean {
  if (kept === null || typeof kept === 'string') return false;
  return kept.size === row.seq && kept.head === hashRecord(row.bytes);
}

function fromKept({ note, size, root, head }: KeptCheckpoint): KnownCheckpoint {
  return { source: 'keychain', note, size, root, head };
}

function keptFindings(rows: SqliteRows, seq: number, ring: KeyRing, kept: Known['kept']): Finding[] {
  if (typeof kept === 'string') return [finding('checkpoint-unreadable', kept, { source: 'keychain' })];
  if (kept === null) {
    // a chain that was begun and interrupted before the keychain had its first checkpoint has one record, no more
    if (seq <= 1) return [];
    const text =
      'The keychain no longer has the checkpoint of this trail: how far it had come is not known. Restore that entry of ' +
      'the keychain if you can.';
    return [finding('checkpoint-missing', text, { source: 'keychain' })];
  }
  const checkpoint = fromKept(kept);
  const found = contradiction(rows, seq, checkpoint);
  if (found !== null) return [found];
  const note = parseNote(kept.note);
  const wrong = typeof note === 'string' ? note : verifyNote(note, keysForCheckpoint(ring, note.size));
  if (wrong === null) return [];
  const text = `The keychain's checkpoint of ${kept.size} records does not hold: ${wrong}.`;
  return [finding('checkpoint-unreadable', text, { source: 'keychain', checkpoint })];
}

/** The database's own checkpoints after the keychain's; each must be of its records. `tree` grows with them. */
function followCheckpoints(
  rows: SqliteRows,
  chain: string,
  ring: KeyRing,
  tree: Frontier,
  last: number,
  kept: Known['kept'],
  isSuperseded: Known['isSuperseded'],
): Pick<Examination, 'latest' | 'latestHead'> | Finding {
  const base = kept === null || typeof kept === 'string' ? null : kept;
  let latest: StoredCheckpoint | null = base && {
    chain,
    note: base.note,
    size: base.size,
    root: base.root,
    at: base.at,
  };
  let latestHead = base?.head ?? '';
  if (base === null) return { latest, latestHead };
  for (const row of rows.checkpointsAfter(base.size)) {
    const checkpoint = signedCheckpoint(row, chain, ring, base.at);
    // signed by nobody, it proves nothing, and verification names it; given up, it is listed for good
    if (checkpoint === null || isSuperseded(checkpoint)) continue;
    const { size, root, note } = checkpoint;
    const own: KnownCheckpoint = { source: 'database', note, size, root, head: null };
    if (size > last) {
      const text = `The database was cut off: it has a checkpoint of ${size} records, and ends at record ${last}.`;
      return finding('rolled-back', text, { source: 'database', seq: last + 1, checkpoint: own });
    }
    try {
      extendFrontier(tree, rows, size);
    } catch (error) {
      if (!(error instanceof BrokenTreeError)) throw error;
      return finding('records-altered', `Record ${tree.size + 1} is missing.`, { seq: tree.size + 1 });
    }
    if (tree.root().toString('base64') !== root) {
      const text = `The database was forked: its records are not those of its own checkpoint of ${size} records.`;
      return finding('forked', text, { source: 'database', checkpoint: own });
    }
    latest = checkpoint;
    const at = rows.bySeq(size);
    latestHead = at === undefined ? '' : hashRecord(at.bytes);
  }
  return { latest, latestHead };
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
