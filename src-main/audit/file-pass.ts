import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Verdict } from '#shared/model/verdict.ts';
import { parseNote } from './checkpoint.ts';
import { DisclosureVerifier } from './disclosure-verifier.ts';
import { beginsLater, type EndFindings, SinceCheck, verifyEnd, verifyHeader, verifyPin } from './end-checks.ts';
import { type EndLine, type ExportHeader, readDisclosure, readEnd, readHeader } from './export-lines.ts';
import { decodeBase64 } from './json-read.ts';
import type { FileLine } from './line-reader.ts';
import { ProblemList } from './problems.ts';
import type { BlockExpectation, RecordRun, TriedSignature } from './record-block.ts';
import { kindOf, readRecordLine } from './record-line.ts';
import { recordPatterns } from './record-patterns.ts';
import { RecordVerifier } from './record-verifier.ts';
import { SealedLookup } from './sealed-lookup.ts';
import { describeKeys, listNotProven, verdictWord } from './verdict-text.ts';
import type { FileVerification, VerifyFileOptions } from './verify-file.ts';
import { witnessKeys } from './witness/check-witnesses.ts';
import type { WitnessKey } from './witness/vkey.ts';

/** One reading of a file: header, then records, then disclosures, then the end. */
export class FilePass {
  readonly #handle: FileHandle;
  readonly #options: VerifyFileOptions;
  readonly #problems = new ProblemList();
  readonly #witnesses: readonly WitnessKey[];
  readonly #since: SinceCheck | null;
  readonly #digest = createHash('sha256');
  #header: ExportHeader | null = null;
  #records: RecordVerifier;
  #lookup: SealedLookup;
  #disclosures: DisclosureVerifier | null = null;
  #end: EndLine | null = null;
  /** Digest of what stands before the end line. */
  #digestBefore = '';
  #endLine = 0;
  #endWhole = true;
  #trailing = false;

  constructor(handle: FileHandle, options: VerifyFileOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#witnesses = witnessKeys(options.witnesses ?? []);
    const note = options.since === undefined ? null : parseNote(options.since);
    if (typeof note === 'string') this.#problems.add(0, 'checkpoint', `the earlier checkpoint: ${note}`);
    this.#since = note === null || typeof note === 'string' ? null : new SinceCheck(note);
    this.#records = new RecordVerifier(this.#problems, {
      chain: null,
      tenant: null,
      first: 1,
      left: [],
      keys: [],
      signatures: options.signatures,
    });
    this.#lookup = new SealedLookup(handle, 1);
  }

  takePiece(bytes: Buffer): void {
    this.#digest.update(bytes);
  }

  /** What threads need to know to look at lines by themselves; null while the header was not read. */
  get expectation(): BlockExpectation | null {
    if (this.#header === null) return null;
    const { chain, tenant, keys } = this.#header;
    const patterns = recordPatterns(chain, tenant);
    return { patterns, keys, signatures: this.#options.signatures !== false };
  }

  /** Takes whole record lines that a thread found in order. False: nothing was done, each line is to be taken. */
  takeRun(run: RecordRun, bytes: Buffer, offset: number): boolean {
    if (this.#end !== null || this.#disclosures !== null) return false;
    if (this.#since?.isWithin(this.#records.tree.size, run.count)) return false;
    if (!this.#records.takeRun(run)) return false;
    this.#digest.update(bytes);
    this.#lookup.note(offset, bytes.length, run.count);
    this.#since?.observe(this.#records);
    return true;
  }

  take(line: FileLine, tried: TriedSignature | null = null): void | Promise<void> {
    const { number, bytes } = line;
    if (this.#end !== null) {
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
    if (number === 1) {
      if (bytes !== null) this.#takeHeader(bytes);
      this.#since?.observe(this.#records);
      return;
    }
    if (bytes !== null && kindOf(bytes) === 'disclosure') return this.#takeDisclosure(number, bytes);
    this.#takeRecord(line, tried);
  }

  #takeHeader(bytes: Buffer): void {
    const header = readHeader(bytes);
    if (typeof header === 'string') {
      this.#problems.add(1, 'unreadable', header);
      return;
    }
    this.#header = header;
    const { chain, tenant, keys } = header;
    const { signatures } = this.#options;
    const first = header.range === undefined ? 1 : header.first; // a wrong one is reported at the end
    const left = (header.range?.left ?? []).map((hash) => Buffer.from(hash, 'base64'));
    try {
      this.#records = new RecordVerifier(this.#problems, { chain, tenant, first, left, keys, signatures });
    } catch {
      this.#problems.add(1, 'root', 'the subtrees before the range do not make up the tree');
      const expect = { chain, tenant, first: 1, left: [], keys, signatures };
      this.#records = new RecordVerifier(this.#problems, expect);
    }
    this.#lookup = new SealedLookup(this.#handle, first);
  }

  #takeRecord(line: FileLine, tried: TriedSignature | null): void {
    const { number, bytes } = line;
    if (this.#disclosures !== null) {
      if (bytes !== null) this.#problems.add(number, 'unreadable', 'a record or unknown line after the disclosures');
      return;
    }
    const stated = bytes === null ? null : readRecordLine(bytes);
    if (stated === null) {
      if (bytes !== null) this.#problems.add(number, 'unreadable', 'the line is not one of this format');
      this.#skipLine(line);
      return;
    }
    this.#lookup.note(line.offset, line.length);
    const sig = decodeBase64(stated.sig);
    this.#records.check({ line: number, hash: stated.hash, sig, bytes: stated.bytes, tried });
    this.#since?.observe(this.#records);
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

  /** An end line in another form than its own is none; the file goes on, so that what follows is looked at too. */
  #takeEnd(line: FileLine, bytes: Buffer): void {
    const end = readEnd(bytes);
    if (typeof end === 'string') {
      this.#problems.add(line.number, 'unreadable', end);
      if (this.#disclosures === null) this.#skipLine(line);
      return;
    }
    this.#end = end;
    this.#digestBefore = this.#digest.copy().digest('hex');
    this.#endLine = line.number;
    this.#endWhole = line.terminated;
  }

  /** A line among the records that is none takes a place in the sequence. */
  #skipLine(line: FileLine): void {
    this.#lookup.note(line.offset, line.length);
    this.#records.skip();
  }

  async finish(path: string, started: number, grown: boolean): Promise<FileVerification> {
    const { key, since } = this.#options;
    const records = this.#records;
    const problems = this.#problems;
    const header = this.#header;
    const end = this.#end;
    if (header !== null) verifyHeader(header, records, problems);
    if (grown) problems.add(0, 'unreadable', 'the file grew while it was read: what was added was not looked at');
    let found: EndFindings = { root: null, signedBy: null, witnesses: [] };
    if (end === null) problems.add(0, 'unreadable', 'the file has no end line: it is truncated');
    else {
      const context = { header, line: this.#endLine, digest: this.#digestBefore, records, problems };
      found = verifyEnd(end, { ...context, witnesses: this.#witnesses });
    }
    const context = { chain: header?.chain ?? null, header, signedBy: found.signedBy };
    this.#since?.report(context, records, problems);
    if (key !== undefined) verifyPin(key, context, records, problems);
    const sealed = await (this.#disclosures ?? this.#newDisclosures()).count(records.sealedValues);
    const verdict: Verdict = {
      verdict: verdictWord(problems, header !== null && end !== null && this.#endWhole),
      file: path,
      chain: header?.chain ?? null,
      tenant: header?.tenant ?? null,
      selection: header?.selection ?? null,
      records: records.records,
      first: header?.first ?? null,
      last: header?.last ?? null,
      head: records.head,
      root: found.root?.toString('base64') ?? null,
      keys: describeKeys(records.ring),
      witnesses: found.witnesses,
      sealed,
      problems: [...problems.kept],
      problemCount: problems.count,
      notProven: listNotProven({
        selection: header?.selection ?? null,
        pinned: key !== undefined,
        since: since !== undefined,
        witnesses: found.witnesses,
        beginsLater: beginsLater(header),
        signaturesSkipped: this.#options.signatures === false,
        erasuresCut: records.erased.full,
      }),
      elapsedMs: Math.round(performance.now() - started),
    };
    return { verdict, digest: this.#digest.digest('hex') };
  }
}
