import type { Verdict } from '#shared/model/verdict.ts';
import { type Note, noteSigner, parseNote } from './checkpoint.ts';
import type { EndLine, ExportHeader } from './export-lines.ts';
import type { KeyRing } from './key-ring.ts';
import type { VerifyingKey } from './keys.ts';
import type { ProblemList } from './problems.ts';
import { rootWithRight } from './range-root.ts';
import type { RecordVerifier } from './record-verifier.ts';
import { checkWitnesses } from './witness/check-witnesses.ts';
import type { WitnessKey } from './witness/vkey.ts';

/** Keys that may sign a checkpoint of `size`: those in force at its last record, or at the one that comes next. */
export function keysForCheckpoint(ring: KeyRing, size: number): VerifyingKey[] {
  return ring
    .entries()
    .filter((entry) => ring.isInForce(entry, size) || ring.isInForce(entry, size + 1))
    .map((entry) => entry.key);
}

/** `first`, `last` and the keys of the header against the records that were read. */
export function verifyHeader(header: ExportHeader, records: RecordVerifier, problems: ProblemList): void {
  if (header.selection === 'complete' && header.first !== 1) {
    problems.add(1, 'sequence', 'a complete export begins with seq 1');
  }
  if (records.lastSeq !== header.last) {
    problems.add(1, 'sequence', `the header says the last seq is ${header.last}, it is ${records.lastSeq ?? 'none'}`);
  }
  if (!records.introduced && header.selection === 'complete') return; // named at the first record
  verifyRangeKeys(header, problems);
  const stated = header.keys.map((key) => `${key.id} ${key.alg} ${key.spki} ${key.fromSeq}`);
  const known = records.ring.entries().map(({ description: key }) => `${key.id} ${key.alg} ${key.spki} ${key.fromSeq}`);
  if (stated.join('\n') !== known.join('\n')) {
    problems.add(1, 'key', "the header's keys are not those the chain introduced");
  }
}

/** Whether the file begins inside the chain, so that its first keys are the header's word. */
export function beginsLater(header: ExportHeader | null): boolean {
  return header?.selection === 'range' && header.first > 1;
}

/**
 * A range that begins later does not show which of several first keys a rotation retired: only a chain that began with
 * one key, where exactly one is in force at any time, can be verified in ranges.
 */
function verifyRangeKeys(header: ExportHeader, problems: ProblemList): void {
  if (!beginsLater(header)) return;
  let before = 0;
  for (const { fromSeq } of header.keys) {
    if (before === 0 ? fromSeq !== 1 : fromSeq <= before) {
      const text = "the keys of a range's header are one from seq 1 and each further one from a later seq";
      problems.add(1, 'key', text);
      return;
    }
    before = fromSeq;
  }
}

export interface EndContext {
  readonly header: ExportHeader | null;
  readonly line: number;
  readonly digest: string;
  readonly records: RecordVerifier;
  readonly problems: ProblemList;
  /** Keys of witnesses that must have cosigned the checkpoint. */
  readonly witnesses: readonly WitnessKey[];
}

export interface EndFindings {
  /** The recomputed root. */
  readonly root: Buffer | null;
  /** Id of the key that signed the checkpoint; null when none of the chain's did. */
  readonly signedBy: string | null;
  readonly witnesses: Verdict['witnesses'];
}

/** The end line: count, digest, root and checkpoint. */
export function verifyEnd(end: EndLine, context: EndContext): EndFindings {
  const { line, digest, records, problems } = context;
  if (end.records !== records.records) {
    problems.add(line, 'sequence', `the end says ${end.records} records, there are ${records.records}`);
  }
  if (end.digest !== digest) problems.add(line, 'digest', 'the digest is not that of the bytes before the end line');
  const note = parseNote(end.checkpoint);
  if (typeof note === 'string') {
    problems.add(line, 'checkpoint', note);
    return { root: null, signedBy: null, witnesses: [] };
  }
  return verifyCheckpoint(note, context);
}

function verifyCheckpoint(note: Note, { header, line, records, problems, witnesses: known }: EndContext): EndFindings {
  if (header !== null && note.chain !== header.chain) problems.add(line, 'checkpoint', 'its origin is another chain');
  const signer = noteSigner(note, keysForCheckpoint(records.ring, note.size));
  if (typeof signer === 'string') problems.add(line, 'checkpoint', signer);
  const signedBy = typeof signer === 'string' ? null : signer.id;
  const witnesses = checkWitnesses(note, known, (message) => problems.add(line, 'checkpoint', message));
  const { range } = header ?? {};
  if (range === undefined) {
    const root = records.tree.root();
    if (note.size !== records.tree.size) {
      problems.add(line, 'sequence', `the checkpoint is of ${note.size} records, there are ${records.tree.size}`);
      problems.add(line, 'root', `no tree of ${note.size} records can be made from these`);
    } else if (root.toString('base64') !== note.root) problems.add(line, 'root', "the root is not the checkpoint's");
    return { root, signedBy, witnesses };
  }
  if (range.size !== note.size) {
    problems.add(line, 'root', "the range's tree size is not the checkpoint's");
    return { root: null, signedBy, witnesses };
  }
  const right = range.right.map((hash) => Buffer.from(hash, 'base64'));
  const root = rootWithRight(records.tree, note.size, right);
  if (root === null) problems.add(line, 'root', 'the subtrees beside the range do not make up the tree');
  else if (root.toString('base64') !== note.root) problems.add(line, 'root', "the root is not the checkpoint's");
  return { root, signedBy, witnesses };
}

/** An earlier checkpoint the reader holds: this chain must be an extension of it. */
export class SinceCheck {
  readonly note: Note;
  #rootThen: Buffer | null = null;

  constructor(note: Note) {
    this.note = note;
  }

  /** Whether its size is passed, and not met, on the way from `size` records to `count` more. */
  isWithin(size: number, count: number): boolean {
    return size < this.note.size && this.note.size < size + count;
  }

  /** To be called before the first record and after each one. */
  observe(records: RecordVerifier): void {
    if (records.tree.size === this.note.size) this.#rootThen = records.tree.root();
  }

  report({ chain, header, signedBy }: SinceContext, records: RecordVerifier, problems: ProblemList): void {
    const { note } = this;
    if (chain !== null && note.chain !== chain) {
      problems.add(0, 'not-extension', 'the earlier checkpoint is of another chain');
      return;
    }
    if (this.#rootThen === null) problems.add(0, 'not-extension', this.#whyNotReached(header, records));
    else if (this.#rootThen.toString('base64') !== note.root) {
      problems.add(0, 'not-extension', `the first ${note.size} records are not those of the earlier checkpoint`);
    }
    const signer = noteSigner(note, keysForCheckpoint(records.ring, note.size));
    if (typeof signer === 'string') problems.add(0, 'checkpoint', `the earlier checkpoint: ${signer}`);
    else if (beginsLater(header) && (signedBy === null || !records.ring.leadsTo(signer.id, signedBy))) {
      const text = "no rotation in this file leads from the earlier checkpoint's key to the one of this checkpoint";
      problems.add(0, 'not-extension', text);
    }
  }

  #whyNotReached(header: ExportHeader | null, records: RecordVerifier): string {
    const { size } = this.note;
    if (beginsLater(header) && size < (header?.first ?? 1) - 1) {
      const text = `the earlier checkpoint is of ${size} records, and this range begins at ${header?.first}`;
      return `${text}: it does not show that one extends the other`;
    }
    const now = records.tree.size;
    return `the chain does not reach the earlier checkpoint: it had ${size} records then, and this file ends at ${now}`;
  }
}

interface SinceContext {
  readonly chain: string | null;
  /** null where there is no file. */
  readonly header: ExportHeader | null;
  /** Id of the key that signed the checkpoint of the file. */
  readonly signedBy: string | null;
}

/**
 * The key the reader got another way: the chain must begin with it. A range that begins later does not show how the
 * chain began, so there the key must be the only one, and have signed everything in the file.
 */
export function verifyPin(
  pin: string,
  { header, signedBy }: Pick<SinceContext, 'header' | 'signedBy'>,
  records: RecordVerifier,
  problems: ProblemList,
): void {
  if (!beginsLater(header)) {
    if (records.firstKey !== pin) problems.add(0, 'pin', `the chain does not begin with key ${pin}`);
    return;
  }
  const only = header?.keys.length === 1 && header.keys[0]?.id === pin;
  const all = records.ring.get(pin)?.signed === records.records && records.records > 0 && signedBy === pin;
  if (!only || !all) problems.add(0, 'pin', `key ${pin} is not the only key of this range, or did not sign all of it`);
}
