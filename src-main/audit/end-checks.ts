import { type Note, parseNote, verifyNote } from './checkpoint.ts';
import type { EndLine, ExportHeader } from './export-lines.ts';
import type { KeyRing } from './key-ring.ts';
import type { VerifyingKey } from './keys.ts';
import type { ProblemList } from './problems.ts';
import { rootWithRight } from './range-root.ts';
import type { RecordVerifier } from './record-verifier.ts';

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
  const stated = header.keys.map((key) => `${key.id} ${key.alg} ${key.spki} ${key.fromSeq}`);
  const known = records.ring.entries().map(({ description: key }) => `${key.id} ${key.alg} ${key.spki} ${key.fromSeq}`);
  if (stated.join('\n') !== known.join('\n')) {
    problems.add(1, 'key', "the header's keys are not those the chain introduced");
  }
}

export interface EndContext {
  readonly header: ExportHeader | null;
  readonly line: number;
  readonly digest: string;
  readonly records: RecordVerifier;
  readonly problems: ProblemList;
}

/** The end line: count, digest, root and checkpoint. Returns the recomputed root. */
export function verifyEnd(end: EndLine, context: EndContext): Buffer | null {
  const { line, digest, records, problems } = context;
  if (end.records !== records.records) {
    problems.add(line, 'sequence', `the end says ${end.records} records, there are ${records.records}`);
  }
  if (end.digest !== digest) problems.add(line, 'digest', 'the digest is not that of the bytes before the end line');
  const note = parseNote(end.checkpoint);
  if (typeof note === 'string') {
    problems.add(line, 'checkpoint', note);
    return null;
  }
  return verifyCheckpoint(note, context);
}

function verifyCheckpoint(note: Note, { header, line, records, problems }: EndContext): Buffer | null {
  if (header !== null && note.chain !== header.chain) problems.add(line, 'checkpoint', 'its origin is another chain');
  const wrong = verifyNote(note, keysForCheckpoint(records.ring, note.size));
  if (wrong !== null) problems.add(line, 'checkpoint', wrong);
  const range = header?.range;
  if (range !== undefined && range.size !== note.size) {
    problems.add(line, 'root', "the range's tree size is not the checkpoint's");
  }
  if (range === undefined && note.size !== records.tree.size) {
    problems.add(line, 'sequence', `the checkpoint is of ${note.size} records, there are ${records.tree.size}`);
  }
  const right = (range?.right ?? []).map((hash) => Buffer.from(hash, 'base64'));
  const root = range === undefined ? records.tree.root() : rootWithRight(records.tree, note.size, right);
  if (root === null) problems.add(line, 'root', 'the subtrees beside the range do not make up the tree');
  else if (root.toString('base64') !== note.root) problems.add(line, 'root', "the root is not the checkpoint's");
  return root;
}

/** An earlier checkpoint the reader holds: this chain must be an extension of it. */
export class SinceCheck {
  readonly note: Note;
  #rootThen: Buffer | null = null;

  constructor(note: Note) {
    this.note = note;
  }

  /** To be called before the first record and after each one. */
  observe(records: RecordVerifier): void {
    if (records.tree.size === this.note.size) this.#rootThen = records.tree.root();
  }

  report(chain: string | null, records: RecordVerifier, problems: ProblemList): void {
    const { note } = this;
    if (chain !== null && note.chain !== chain) {
      problems.add(0, 'not-extension', 'the earlier checkpoint is of another chain');
      return;
    }
    if (this.#rootThen === null) {
      const why = `it had ${note.size} records then and has ${records.tree.size} now`;
      problems.add(0, 'not-extension', `the chain does not reach the earlier checkpoint: ${why}`);
    } else if (this.#rootThen.toString('base64') !== note.root) {
      problems.add(0, 'not-extension', `the first ${note.size} records are not those of the earlier checkpoint`);
    }
    const wrong = verifyNote(note, keysForCheckpoint(records.ring, note.size));
    if (wrong !== null) problems.add(0, 'checkpoint', `the earlier checkpoint: ${wrong}`);
  }
}

/** The key the reader got another way: the chain must begin with it. */
export function verifyPin(
  pin: string,
  header: ExportHeader | null,
  records: RecordVerifier,
  problems: ProblemList,
): void {
  const first =
    header?.selection === 'range' && header.first > 1
      ? header.keys.filter((key) => key.fromSeq === 1).map((key) => key.id)
      : [records.firstKey];
  if (!first.includes(pin)) problems.add(0, 'pin', `the chain does not begin with key ${pin}`);
}
