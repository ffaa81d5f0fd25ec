import type { KeyObject } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';
import { GENESIS_PREV } from '#shared/model/audit-record.ts';
import { type BuiltRecord, buildRecord, type PreparedInput } from './append-input.ts';
import { broken } from './broken.ts';
import { canonicalBytes } from './canonical.ts';
import { currentHead } from './current-head.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { signedText } from './hash.ts';
import { recordableTime } from './recordable-time.ts';
import type { Disclosure } from './seal.ts';
import type { Signer } from './signer.ts';
import { signAll } from './signers/sign-all.ts';
import { indexRecord, type SqliteRows } from './sqlite-rows.ts';
import type { StoredRecord } from './store.ts';
import { isStored } from './stored-tree.ts';
import { type CompletedNode, Frontier, hashLeaf } from './tree.ts';

/** Where the chain ends, and the tree up to there. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly frontier: Frontier;
}

export interface CommitParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  /** Signs the next record. */
  readonly signer: Signer;
  /** Id of the key the chain began with, from the keychain. */
  readonly firstKey: string;
  readonly vault: DisclosureVault;
  readonly clock: { now(): number };
  /** Tells each record's own time; by default the records of a group have one from `clock`. */
  readonly recordClock?: { now(): number } | undefined;
}

interface Draft {
  readonly built: BuiltRecord;
  readonly sig: Uint8Array;
  readonly disclosures: readonly Disclosure[];
}

/** Records of a batch, built where they are to stand, and signed when `signed` resolves. */
export interface Drafted {
  readonly inputs: readonly PreparedInput[];
  /** Hash of the record they follow; null for the first one. */
  readonly on: string | null;
  /** Where the chain ends with them. */
  readonly end: Pick<Head, 'seq' | 'hash'>;
  /** Resolves to whether they could be signed. */
  readonly signed: Promise<boolean>;
  /** Rejects when they could not. */
  readonly drafts: Promise<readonly Draft[]>;
}

export interface CommitOptions {
  /** Gives up signing: nothing is written. */
  readonly signal?: AbortSignal | undefined;
  /** The records say where they stand: they are written on the known head or not at all. */
  readonly exactly?: boolean;
  /** The inputs, drafted before; drafted anew where the chain ends elsewhere by now. */
  readonly drafted?: Drafted;
}

const ATTEMPTS = 3;

/**
 * Writes records in one transaction, all or none. They are built and signed on the head known to this process, and the
 * head is read again inside the write lock: if another writer was there first, they are built anew on its head.
 */
export async function commitBatch(
  parts: CommitParts,
  known: Head | null,
  inputs: readonly PreparedInput[],
  { signal, exactly = false, drafted }: CommitOptions = {},
): Promise<{ readonly records: readonly StoredRecord[]; readonly head: Head }> {
  let base = known;
  let ready = drafted;
  for (let attempt = 0; attempt < (exactly ? 1 : ATTEMPTS); attempt++) {
    if (ready?.on !== (base?.hash ?? null)) ready = draftBatch(parts, base, inputs, signal);
    const drafts = await ready.drafts;
    const head = insertDrafts(parts, base, drafts);
    if (head !== null) return { records: drafts.map(toStored), head };
    base = currentHead(parts, base);
  }
  const text = 'Another program keeps writing to the audit store. Close it and try again.';
  throw new CausewayError('audit-unavailable', text, { reason: 'contended' });
}

/** Builds records at the end of a chain and begins to sign them. */
export function draftBatch(
  { chain, tenant, signer, clock, recordClock }: CommitParts,
  base: Pick<Head, 'seq' | 'hash'> | null,
  inputs: readonly PreparedInput[],
  signal: AbortSignal | undefined,
): Drafted {
  let seq = base?.seq ?? 0;
  let prev = base?.hash ?? GENESIS_PREV;
  const together = recordableTime(clock);
  const built = inputs.map((input) => {
    seq++;
    const time = recordClock === undefined ? together : recordableTime(recordClock);
    const record = buildRecord(input, { chain, tenant, seq, time, key: signer.keyId, prev });
    prev = record.hash;
    return record;
  });
  const texts = built.map((record) => signedText(record.hash));
  const drafts = signAll(signer, texts, signal).then((signatures) =>
    built.map((record, index): Draft => {
      const sig = signatures[index];
      if (sig === undefined) throw new CausewayError('internal', 'A record was left without a signature.');
      return { built: record, sig, disclosures: inputs[index]?.disclosures ?? [] };
    }),
  );
  const signed = drafts.then(
    () => true,
    () => false, // whoever writes them is told why
  );
  return { inputs, on: base?.hash ?? null, end: { seq, hash: prev }, signed, drafts };
}

/**
 * What is wrong with the keys of the people a record is about, or null. Asked before a batch is made: one person's
 * damaged key must not keep the records of others from being written.
 */
export function refusalOf({ rows, vault }: CommitParts, { disclosures }: PreparedInput): CausewayError | null {
  for (const subject of new Set(disclosures.map((disclosure) => disclosure.subject))) {
    const tag = vault.subjectTag(subject);
    const wrapped = rows.subject(tag);
    try {
      if (wrapped !== undefined) vault.unwrapSubjectKey(tag, wrapped);
    } catch (cause) {
      const text = 'The key of a person this record is about is damaged. Verify the trail and keep the file.';
      return new CausewayError('audit-broken', text, { cause, reason: 'subject-key-damaged' });
    }
  }
  return null;
}

/** null when the head in the database is not the one the drafts were built on. */
function insertDrafts(parts: CommitParts, base: Head | null, drafts: readonly Draft[]): Head | null {
  const { rows } = parts;
  const frontier = base?.frontier.clone() ?? new Frontier();
  const run = rows.db.transaction((): Head | null => {
    const found = rows.head();
    if ((found?.seq ?? 0) !== (base?.seq ?? 0)) return null;
    if (found !== undefined && found.hash.toString('hex') !== base?.hash) return null;
    let head = base;
    for (const { built, sig, disclosures } of drafts) {
      const { record, bytes, hash } = built;
      rows.insertRecord(record.seq, hash, record.prev, sig, bytes, indexRecord(record));
      const completed: CompletedNode[] = [];
      frontier.append(hashLeaf(bytes), (node) => completed.push(node));
      for (const node of completed) if (isStored(node)) rows.insertNode(node);
      for (const disclosure of disclosures) insertDisclosure(parts, record.seq, disclosure);
      head = { seq: record.seq, hash, frontier };
    }
    const written = rows.head();
    if (written?.seq !== head?.seq || written?.hash.toString('hex') !== head?.hash) {
      throw broken('write-swallowed', 'it does not end with the record that was written last');
    }
    return head;
  });
  return run.immediate();
}

function insertDisclosure({ rows, vault }: CommitParts, seq: number, { path, subject, disclosed }: Disclosure): void {
  const tag = vault.subjectTag(subject);
  const wrapped = rows.subject(tag);
  let key: KeyObject;
  if (wrapped === undefined) {
    const created = vault.createSubjectKey(tag);
    rows.insertSubject(tag, created.wrapped);
    key = created.key;
  } else key = vault.unwrapSubjectKey(tag, wrapped);
  const plain = canonicalBytes(disclosed, { integersOnly: false });
  rows.insertDisclosure({ seq, path, subject: tag, box: vault.close(key, seq, path, plain) });
}

function toStored({ built, sig }: Draft): StoredRecord {
  return { seq: built.record.seq, hash: built.hash, sig, bytes: built.bytes, record: built.record };
}
