import type { KeyDescription } from '#shared/model/audit-record.ts';
import { hashRecord, sha256, signedText } from './hash.ts';
import { decodeBase64, isObject, readJson } from './json-read.ts';
import { readKey, type VerifyingKey, verifySignature } from './keys.ts';
import { type PlainRecord, PlainRecords, type RecordPatterns } from './plain-record.ts';
import { readRecordLine } from './record-line.ts';
import { Subtrees } from './tree.ts';

/**
 * What can be told of lines of a chain file without knowing the lines before them: the work of a thread. Consecutive
 * record lines that are plainly in order among themselves become one run; every other line is left to be looked at in
 * its place. Nothing here decides anything: a run only counts where it fits what stands before it.
 */
export interface BlockExpectation {
  readonly patterns: RecordPatterns;
  /** As the header lists them. Whether a key is in force is not known here. */
  readonly keys: readonly KeyDescription[];
  /** Whether record signatures are checked. */
  readonly signatures: boolean;
}

export interface RecordRun {
  readonly kind: 'run';
  /** Place in the block: of its first byte, and of the one after its last line feed. */
  readonly at: number;
  readonly end: number;
  readonly count: number;
  readonly firstSeq: number;
  /** `prev` of the first record, hash of the last. */
  readonly prev: string;
  readonly head: string;
  readonly firstTime: string;
  readonly lastTime: string;
  /** The one key all of them name and are signed by. */
  readonly key: string;
  readonly sealed: number;
  /** Roots of the maximal complete subtrees over the records, from left to right. */
  readonly subtrees: readonly { readonly level: number; readonly hash: Uint8Array }[];
}

/** Whether a signature over the true hash holds under the key of that id in the header. */
export interface TriedSignature {
  readonly key: string;
  readonly holds: boolean;
}

export interface LoneLine {
  readonly kind: 'line';
  readonly at: number;
  readonly end: number;
  readonly tried: TriedSignature | null;
}

export type BlockPart = RecordRun | LoneLine;

const LF = 0x0a;
const COLON = 0x3a;
/** A record line as this program writes it: both signature algorithms give 64 bytes. */
const LINE_START = '{"hash":"';
const HASH_AT = LINE_START.length;
const SIG_MARK = '","sig":"';
const SIG_MARK_AT = HASH_AT + 64;
const SIG_AT = SIG_MARK_AT + SIG_MARK.length;
const BODY_MARK = '","record":';
const BODY_MARK_AT = SIG_AT + 88;
const BODY_AT = BODY_MARK_AT + BODY_MARK.length;
const SIG_FORM = /^[A-Za-z0-9+/]+==$/; // of 88 characters, as they were cut

interface Open {
  readonly at: number;
  readonly firstSeq: number;
  readonly prev: string;
  readonly firstTime: string;
  readonly key: string;
  readonly tree: Subtrees;
  end: number;
  count: number;
  head: string;
  lastTime: string;
  sealed: number;
}

interface PlainLine extends PlainRecord {
  readonly hash: string;
  readonly leaf: Buffer;
}

export class BlockReader {
  readonly #expect: BlockExpectation;
  readonly #plain: PlainRecords;
  readonly #descriptions = new Map<string, KeyDescription>();
  readonly #keys = new Map<string, VerifyingKey | null>();

  constructor(expect: BlockExpectation) {
    this.#expect = expect;
    this.#plain = new PlainRecords(expect.patterns);
    for (const key of expect.keys) if (!this.#descriptions.has(key.id)) this.#descriptions.set(key.id, key);
  }

  /** `block` ends in a line feed. It is written to and restored while it is read. */
  read(block: Buffer): BlockPart[] {
    const parts: BlockPart[] = [];
    let run: Open | null = null;
    for (let at = 0; at < block.length; ) {
      const end = block.indexOf(LF, at) + 1;
      const record = this.#readPlain(block, at, end - 1);
      if (run !== null && (record === null || !follows(record, run))) {
        parts.push(closed(run));
        run = null;
      }
      if (record === null)
        parts.push({ kind: 'line', at, end, tried: this.#trySignature(block.subarray(at, end - 1)) });
      else if (run === null) run = opened(record, at, end);
      else extend(run, record, end);
      at = end;
    }
    if (run !== null) parts.push(closed(run));
    return parts;
  }

  #readPlain(block: Buffer, at: number, end: number): PlainLine | null {
    const start = at + BODY_AT;
    if (end - start < 2 || block[end - 1] !== 0x7d) return null;
    const head = block.toString('latin1', at, start);
    if (!head.startsWith(LINE_START) || !head.startsWith(SIG_MARK, SIG_MARK_AT)) return null;
    if (!head.startsWith(BODY_MARK, BODY_MARK_AT)) return null;
    const bytes = block.subarray(start, end - 1);
    const hash = hashRecord(bytes);
    if (!head.startsWith(hash, HASH_AT)) return null;
    const record = this.#plain.read(bytes);
    if (record === null || !this.#signed(head.slice(SIG_AT, BODY_MARK_AT), hash, record.key)) return null;
    block[start - 1] = 0; // a leaf is hashed with a zero byte before it: here stands the colon before the record
    const leaf = sha256(block.subarray(start - 1, end - 1));
    block[start - 1] = COLON;
    return { ...record, hash, leaf };
  }

  #signed(sig: string, hash: string, id: string): boolean {
    if (!this.#expect.signatures) return SIG_FORM.test(sig);
    const key = this.#key(id);
    const bytes = decodeBase64(sig);
    return key !== null && bytes !== null && verifySignature(key, signedText(hash), bytes);
  }

  /** The dear part of what a single line costs, done here where the time is. */
  #trySignature(line: Buffer): TriedSignature | null {
    const stated = this.#expect.signatures ? readRecordLine(line) : null;
    const sig = stated === null ? null : decodeBase64(stated.sig);
    if (stated === null || sig === null) return null;
    const reading = readJson(stated.bytes);
    const id = reading.ok && isObject(reading.value) ? reading.value.key : null;
    const key = typeof id === 'string' ? this.#key(id) : null;
    if (key === null) return null;
    return { key: key.id, holds: verifySignature(key, signedText(hashRecord(stated.bytes)), sig) };
  }

  #key(id: string): VerifyingKey | null {
    const description = this.#descriptions.get(id);
    if (description === undefined) return null;
    let key = this.#keys.get(id);
    if (key === undefined) {
      const read = readKey(description);
      key = typeof read === 'string' ? null : read;
      this.#keys.set(id, key);
    }
    return key;
  }
}

/** Times have one form, so that their order is that of the texts; a clock that went back is left to be judged. */
function follows(record: PlainLine, run: Open): boolean {
  return (
    record.seq === run.firstSeq + run.count &&
    record.prev === run.head &&
    record.key === run.key &&
    record.time >= run.lastTime
  );
}

function opened({ seq, prev, time, key, hash, leaf, sealed }: PlainLine, at: number, end: number): Open {
  const tree = new Subtrees(seq - 1);
  tree.append(leaf);
  return { at, end, count: 1, firstSeq: seq, prev, head: hash, firstTime: time, lastTime: time, key, sealed, tree };
}

function extend(run: Open, { hash, time, sealed, leaf }: PlainLine, end: number): void {
  run.tree.append(leaf);
  run.count++;
  run.head = hash;
  run.lastTime = time;
  run.sealed += sealed;
  run.end = end;
}

function closed({ tree, ...rest }: Open): RecordRun {
  return { kind: 'run', ...rest, subtrees: tree.nodes };
}
