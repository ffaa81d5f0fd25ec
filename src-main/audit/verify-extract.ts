import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Verdict } from '#shared/model/verdict.ts';
import { type Note, noteSigner, parseNote } from './checkpoint.ts';
import { DisclosureVerifier } from './disclosure-verifier.ts';
import { keysForCheckpoint } from './end-checks.ts';
import { EXTRACT_START, type ExtractHeader, readExtractHeader, readExtractRecord } from './export/extract-lines.ts';
import { type EndLine, MAX_LINE, readDisclosure, readEnd } from './export-lines.ts';
import { ExtractChecks } from './extract-checks.ts';
import { ExtractLookup } from './extract-lookup.ts';
import { type FileLine, readLines } from './line-reader.ts';
import { ProblemList } from './problems.ts';
import { kindOf } from './record-line.ts';
import { describeKeys, listNotProven, verdictWord } from './verdict-text.ts';
import type { FileVerification, VerifyFileOptions } from './verify-file.ts';
import { checkWitnesses, witnessKeys } from './witness/check-witnesses.ts';

/** Whether a file says in its first bytes that it is an extract. */
export async function isExtract(handle: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(EXTRACT_START.length);
  const { bytesRead } = await handle.read(start, 0, start.length, 0);
  return bytesRead === start.length && start.toString('latin1') === EXTRACT_START;
}

/**
 * Verifies an extract by docs/chain-format.md, section 6, "Extracts": every record by itself, by its proof. Reads the file
 * once from front to end in constant memory. @throws CausewayError `cancelled`
 */
export async function verifyExtract(
  handle: FileHandle,
  path: string,
  size: number,
  options: VerifyFileOptions,
  started: number,
): Promise<FileVerification> {
  const pass = new ExtractPass(handle, options);
  const grown = await readLines({
    handle,
    size,
    maxLine: MAX_LINE,
    onLine: (line) => pass.take(line),
    onPiece: (bytes) => pass.takePiece(bytes),
    onProgress: (done) => options.onProgress?.(done, size),
    signal: options.signal,
  });
  return await pass.finish(path, started, grown);
}

interface FoundEnd {
  readonly end: EndLine;
  readonly line: number;
  /** Digest of what stands before the line. */
  readonly digest: string;
  readonly whole: boolean;
}

interface CheckpointFindings {
  readonly note: Note;
  readonly signedBy: string | null;
  readonly matches: boolean;
  readonly witnesses: Verdict['witnesses'];
}

class ExtractPass {
  readonly #options: VerifyFileOptions;
  readonly #problems = new ProblemList();
  readonly #digest = createHash('sha256');
  readonly #lookup: ExtractLookup;
  readonly #since: Note | null;
  #header: ExtractHeader | null = null;
  #records: ExtractChecks;
  #disclosures: DisclosureVerifier | null = null;
  #found: FoundEnd | null = null;
  #trailing = false;

  constructor(handle: FileHandle, options: VerifyFileOptions) {
    this.#options = options;
    this.#lookup = new ExtractLookup(handle);
    const note = options.since === undefined ? null : parseNote(options.since);
    if (typeof note === 'string') this.#problems.add(0, 'checkpoint', `the earlier checkpoint: ${note}`);
    this.#since = typeof note === 'string' ? null : note;
    this.#records = new ExtractChecks(null, this.#problems);
  }

  takePiece(bytes: Buffer): void {
    this.#digest.update(bytes);
  }

  take(line: FileLine): void | Promise<void> {
    const { number, bytes } = line;
    if (this.#found !== null) {
      this.#digest.update(line.raw);
      if (!this.#trailing) this.#problems.add(number, 'unreadable', 'there are bytes after the end line');
      this.#trailing = true;
      return;
    }
    if (!line.terminated) this.#problems.add(number, 'unreadable', 'the last line does not end: the file is truncated');
    if (bytes === null) this.#problems.add(number, 'unreadable', 'the line is longer than 4 MiB');
    const isEnd = bytes !== null && number > 1 && kindOf(bytes) === 'end';
    if (isEnd) this.#takeEnd(line, bytes);
    this.#digest.update(line.raw);
    if (isEnd) return;
    if (number === 1) return bytes === null ? undefined : this.#takeHeader(bytes);
    if (bytes !== null && kindOf(bytes) === 'disclosure') return this.#takeDisclosure(number, bytes);
    this.#takeRecord(line);
  }

  #takeHeader(bytes: Buffer): void {
    const header = readExtractHeader(bytes);
    if (typeof header === 'string') {
      this.#problems.add(1, 'unreadable', header);
      return;
    }
    this.#header = header;
    this.#records = new ExtractChecks(header, this.#problems);
  }

  #takeRecord({ number, bytes, offset, length }: FileLine): void {
    if (this.#disclosures !== null) {
      if (bytes !== null) this.#problems.add(number, 'unreadable', 'a record or unknown line after the disclosures');
      return;
    }
    const stated = bytes === null ? null : readExtractRecord(bytes);
    if (stated === null) {
      if (bytes !== null) this.#problems.add(number, 'unreadable', 'the line is not one of this format');
      this.#records.skip();
      return;
    }
    const seq = this.#records.check({ line: number, ...stated });
    if (seq !== null) this.#lookup.note(seq, offset, length);
  }

  async #takeDisclosure(number: number, bytes: Buffer): Promise<void> {
    this.#disclosures ??= this.#newDisclosures();
    const disclosure = readDisclosure(bytes);
    if (typeof disclosure === 'string') this.#problems.add(number, 'unreadable', disclosure);
    else await this.#disclosures.check(number, disclosure);
  }

  #newDisclosures(): DisclosureVerifier {
    return new DisclosureVerifier(this.#problems, (seq) => this.#lookup.find(seq), this.#records.erased);
  }

  #takeEnd({ number, terminated }: FileLine, bytes: Buffer): void {
    const end = readEnd(bytes);
    if (typeof end === 'string') {
      this.#problems.add(number, 'unreadable', end);
      this.#records.skip();
      return;
    }
    this.#found = { end, line: number, digest: this.#digest.copy().digest('hex'), whole: terminated };
  }

  async finish(path: string, started: number, grown: boolean): Promise<FileVerification> {
    const { key, since } = this.#options;
    const records = this.#records;
    const problems = this.#problems;
    const header = this.#header;
    if (header !== null) this.#checkHeader(header);
    if (grown) problems.add(0, 'unreadable', 'the file grew while it was read: what was added was not looked at');
    if (this.#found === null) problems.add(0, 'unreadable', 'the file has no end line: it is truncated');
    const checkpoint = this.#found === null ? null : this.#checkEnd(this.#found);
    if (header !== null) this.#checkSince(header);
    if (header !== null && key !== undefined) this.#checkPin(header, key, checkpoint?.signedBy ?? null);
    const sealed = await (this.#disclosures ?? this.#newDisclosures()).count(records.sealedValues);
    const witnesses = checkpoint?.witnesses ?? [];
    const verdict: Verdict = {
      verdict: verdictWord(problems, header !== null && this.#found?.whole === true),
      file: path,
      chain: header?.chain ?? null,
      tenant: header?.tenant ?? null,
      selection: header?.selection ?? null,
      records: records.records,
      first: header?.first ?? null,
      last: header?.last ?? null,
      head: records.head,
      root: checkpoint?.matches && records.allProven ? checkpoint.note.root : null,
      keys: describeKeys(records.ring),
      witnesses,
      sealed,
      problems: [...problems.kept],
      problemCount: problems.count,
      notProven: listNotProven({
        selection: header === null ? null : 'extract',
        pinned: key !== undefined,
        since: since !== undefined,
        witnesses,
        erasuresCut: records.erased.full,
      }),
      elapsedMs: Math.round(performance.now() - started),
    };
    return { verdict, digest: this.#digest.digest('hex') };
  }

  #checkHeader({ first, last, keys, size }: ExtractHeader): void {
    const { firstSeq, lastSeq } = this.#records;
    const told = (which: string, stated: number, found: number | null) => {
      if (stated === found) return;
      this.#problems.add(1, 'sequence', `the header says the ${which} seq is ${stated}, it is ${found ?? 'none'}`);
    };
    told('first', first, firstSeq);
    told('last', last, lastSeq);
    const ascend = keys.every(({ fromSeq }, index) => {
      const before = keys[index - 1]?.fromSeq;
      return (before === undefined ? fromSeq === 1 : fromSeq > before) && fromSeq <= size + 1;
    });
    if (ascend) return;
    const text = "the keys of an extract's header are one from seq 1 and each further one from a later seq";
    this.#problems.add(1, 'key', `${text}, up to the one after the checkpoint`);
  }

  #checkEnd({ end, line, digest }: FoundEnd): CheckpointFindings | null {
    const problems = this.#problems;
    const records = this.#records;
    const header = this.#header;
    if (end.records !== records.records) {
      problems.add(line, 'sequence', `the end says ${end.records} records, there are ${records.records}`);
    }
    if (end.digest !== digest) problems.add(line, 'digest', 'the digest is not that of the bytes before the end line');
    const note = parseNote(end.checkpoint);
    if (typeof note === 'string') {
      problems.add(line, 'checkpoint', note);
      return null;
    }
    if (header === null) return { note, signedBy: null, matches: false, witnesses: [] };
    if (note.chain !== header.chain) problems.add(line, 'checkpoint', 'its origin is another chain');
    const signer = noteSigner(note, keysForCheckpoint(records.ring, note.size));
    if (typeof signer === 'string') problems.add(line, 'checkpoint', signer);
    const known = witnessKeys(this.#options.witnesses ?? []);
    const witnesses = checkWitnesses(note, known, (message) => problems.add(line, 'checkpoint', message));
    const matches = note.size === header.size && note.root === header.root;
    if (!matches) problems.add(line, 'root', "the size and root of the header are not the checkpoint's");
    return { note, signedBy: typeof signer === 'string' ? null : signer.id, matches, witnesses };
  }

  /** An earlier checkpoint can be compared only if it is of the same tree. */
  #checkSince(header: ExtractHeader): void {
    const note = this.#since;
    if (note === null) return;
    const report = (text: string) => this.#problems.add(0, 'not-extension', text);
    if (note.chain !== header.chain) {
      report('the earlier checkpoint is of another chain');
      return;
    }
    if (note.size !== header.size) {
      const text = `the earlier checkpoint is of ${note.size} records and this extract is from ${header.size}`;
      report(`${text}: it does not show that one extends the other`);
    } else if (note.root !== header.root) {
      report(`the first ${note.size} records are not those of the earlier checkpoint`);
    }
    const signer = noteSigner(note, keysForCheckpoint(this.#records.ring, note.size));
    if (typeof signer === 'string') this.#problems.add(0, 'checkpoint', `the earlier checkpoint: ${signer}`);
  }

  #checkPin({ keys }: ExtractHeader, pin: string, signedBy: string | null): void {
    const { records, ring } = this.#records;
    const only = keys.length === 1 && keys[0]?.id === pin;
    const all = ring.get(pin)?.signed === records && records > 0 && signedBy === pin;
    if (only && all) return;
    this.#problems.add(0, 'pin', `key ${pin} is not the only key of this extract, or did not sign all of it`);
  }
}
