import type { FileHandle } from 'node:fs/promises';
import { beginsLater, type EndFindings, SinceCheck, verifyEnd, verifyHeader, verifyPin } from './end-checks.ts';
import { type ExportHeader, readHeader } from './export-lines.ts';
import { decodeBase64 } from './json-read.ts';
import { LinePass } from './line-pass.ts';
import type { FileLine } from './line-reader.ts';
import type { BlockExpectation, RecordRun, TriedSignature } from './record-block.ts';
import { readRecordLine } from './record-line.ts';
import { recordPatterns } from './record-patterns.ts';
import { RecordVerifier } from './record-verifier.ts';
import { SealedLookup } from './sealed-lookup.ts';
import type { FileVerification, VerifyFileOptions } from './verify-file.ts';
import { witnessKeys } from './witness/check-witnesses.ts';
import type { WitnessKey } from './witness/vkey.ts';

const NO_END: EndFindings = { root: null, signedBy: null, witnesses: [] };

/** One reading of a file whose records are one after the other. */
export class FilePass {
  readonly #handle: FileHandle;
  readonly #options: VerifyFileOptions;
  readonly #lines: LinePass;
  readonly #witnesses: readonly WitnessKey[];
  readonly #since: SinceCheck | null;
  #header: ExportHeader | null = null;
  #records: RecordVerifier;
  #lookup: SealedLookup;

  constructor(handle: FileHandle, options: VerifyFileOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#witnesses = witnessKeys(options.witnesses ?? []);
    this.#lines = new LinePass(options, {
      takeHeader: (bytes) => {
        if (bytes !== null) this.#takeHeader(bytes);
        this.#since?.observe(this.#records);
      },
      takeRecord: (line, bytes, tried) => this.#takeRecord(line, bytes, tried),
      skip: (line) => this.#skip(line),
      records: () => this.#records,
      findSealed: (seq) => this.#lookup.find(seq),
    });
    this.#since = this.#lines.since === null ? null : new SinceCheck(this.#lines.since);
    this.#records = new RecordVerifier(this.#lines.problems, {
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
    this.#lines.takePiece(bytes);
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
    if (!this.#lines.amongRecords) return false;
    if (this.#since?.isWithin(this.#records.tree.size, run.count)) return false;
    if (!this.#records.takeRun(run)) return false;
    this.#lines.takePiece(bytes);
    this.#lookup.note(offset, bytes.length, run.count);
    this.#since?.observe(this.#records);
    return true;
  }

  take(line: FileLine, tried: TriedSignature | null = null): void | Promise<void> {
    return this.#lines.take(line, tried);
  }

  #takeHeader(bytes: Buffer): void {
    const { problems } = this.#lines;
    const header = readHeader(bytes);
    if (typeof header === 'string') {
      problems.add(1, 'unreadable', header);
      return;
    }
    this.#header = header;
    const { chain, tenant, keys } = header;
    const { signatures } = this.#options;
    const first = header.range === undefined ? 1 : header.first; // a wrong one is reported at the end
    const left = (header.range?.left ?? []).map((hash) => Buffer.from(hash, 'base64'));
    try {
      this.#records = new RecordVerifier(problems, { chain, tenant, first, left, keys, signatures });
    } catch {
      problems.add(1, 'root', 'the subtrees before the range do not make up the tree');
      const expect = { chain, tenant, first: 1, left: [], keys, signatures };
      this.#records = new RecordVerifier(problems, expect);
    }
    this.#lookup = new SealedLookup(this.#handle, first);
  }

  #takeRecord({ number, offset, length }: FileLine, line: Buffer, tried: TriedSignature | null): boolean {
    const stated = readRecordLine(line);
    if (stated === null) return false;
    this.#lookup.note(offset, length);
    const { hash, bytes } = stated;
    this.#records.check({ line: number, hash, sig: decodeBase64(stated.sig), bytes, tried });
    this.#since?.observe(this.#records);
    return true;
  }

  /** A line among the records that is none takes a place in the sequence. */
  #skip({ offset, length }: FileLine): void {
    this.#lookup.note(offset, length);
    this.#records.skip();
  }

  async finish(path: string, started: number, grown: boolean): Promise<FileVerification> {
    const { key, signatures } = this.#options;
    const { problems } = this.#lines;
    const records = this.#records;
    const header = this.#header;
    if (header !== null) verifyHeader(header, records, problems);
    const last = this.#lines.finishLines(grown);
    const end = { header, records, problems, witnesses: this.#witnesses };
    const found = last === null ? NO_END : verifyEnd(last.end, { ...end, line: last.line, digest: last.digest });
    const context = { chain: header?.chain ?? null, header, signedBy: found.signedBy };
    this.#since?.report(context, records, problems);
    if (key !== undefined) verifyPin(key, context, records, problems);
    return await this.#lines.conclude(path, started, {
      header,
      root: found.root?.toString('base64') ?? null,
      witnesses: found.witnesses,
      beginsLater: beginsLater(header),
      signaturesSkipped: signatures === false,
    });
  }
}
