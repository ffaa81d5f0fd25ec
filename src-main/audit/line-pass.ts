import { createHash } from 'node:crypto';
import type { Verdict } from '#shared/model/verdict.ts';
import { type Note, parseNote } from './checkpoint.ts';
import { DisclosureVerifier, type FindSealed } from './disclosure-verifier.ts';
import type { ErasedPlaces } from './erased-places.ts';
import type { ExtractHeader } from './export/extract-lines.ts';
import { type EndLine, type ExportHeader, readDisclosure, readEnd } from './export-lines.ts';
import type { KeyRing } from './key-ring.ts';
import type { FileLine } from './line-reader.ts';
import { ProblemList } from './problems.ts';
import type { TriedSignature } from './record-block.ts';
import { kindOf } from './record-line.ts';
import { describeKeys, listNotProven, type ProofContext, verdictWord } from './verdict-text.ts';
import type { FileVerification, VerifyFileOptions } from './verify-file.ts';

/** What the records of a file came to, so far. */
export interface CheckedRecords {
  readonly records: number;
  /** Hash of the last one. */
  readonly head: string | null;
  readonly ring: KeyRing;
  readonly sealedValues: number;
  readonly erased: ErasedPlaces;
  readonly synthetic: boolean;
}

/** In what one kind of file differs from the other: its header, its records, and where their sealed values are. */
export interface FileForm {
  /** Takes the first line; null when it is too long to be held. */
  readonly takeHeader: (bytes: Buffer | null) => void;
  /** False: the line is no record of this form, and nothing was done. */
  readonly takeRecord: (line: FileLine, bytes: Buffer, tried: TriedSignature | null) => boolean;
  /** Told of a line among the records that is none. */
  readonly skip: (line: FileLine) => void;
  /** Asked anew each time: the header brings other checks. */
  readonly records: () => CheckedRecords;
  readonly findSealed: FindSealed;
}

export interface FoundEnd {
  readonly end: EndLine;
  readonly line: number;
  /** Hex digest of what stands before the line. */
  readonly digest: string;
  /** Whether the line has its line feed. */
  readonly whole: boolean;
}

/** What the form of a file has to say for the verdict. */
export interface FileFindings extends Pick<ProofContext, 'beginsLater' | 'signaturesSkipped'> {
  readonly header: Pick<ExportHeader | ExtractHeader, 'chain' | 'tenant' | 'selection' | 'first' | 'last'> | null;
  /** Base64 of the root that the records were shown to have. */
  readonly root: string | null;
  readonly witnesses: Verdict['witnesses'];
}

/** One reading of a file, line by line: header, then records, then disclosures, then the end, and nothing after it. */
export class LinePass {
  readonly problems = new ProblemList();
  /** The earlier checkpoint the reader holds; null also when it cannot be read, which is a problem then. */
  readonly since: Note | null;
  readonly #options: VerifyFileOptions;
  readonly #form: FileForm;
  readonly #digest = createHash('sha256');
  #disclosures: DisclosureVerifier | null = null;
  #end: FoundEnd | null = null;
  #trailing = false;

  constructor(options: VerifyFileOptions, form: FileForm) {
    this.#options = options;
    this.#form = form;
    const note = options.since === undefined ? null : parseNote(options.since);
    if (typeof note === 'string') this.problems.add(0, 'checkpoint', `the earlier checkpoint: ${note}`);
    this.since = typeof note === 'string' ? null : note;
  }

  /** Whether neither a disclosure nor the end was read yet. */
  get amongRecords(): boolean {
    return this.#end === null && this.#disclosures === null;
  }

  /** Bytes that are part of the file and are not taken as a line here. */
  takePiece(bytes: Buffer): void {
    this.#digest.update(bytes);
  }

  take(line: FileLine, tried: TriedSignature | null = null): void | Promise<void> {
    const { number, bytes } = line;
    if (this.#end !== null) {
      this.#digest.update(line.raw);
      if (!this.#trailing) this.problems.add(number, 'unreadable', 'there are bytes after the end line');
      this.#trailing = true;
      return;
    }
    if (!line.terminated) this.problems.add(number, 'unreadable', 'the last line does not end: the file is truncated');
    if (bytes === null) this.problems.add(number, 'unreadable', 'the line is longer than 4 MiB');
    const isEnd = bytes !== null && number > 1 && kindOf(bytes) === 'end';
    if (isEnd) this.#takeEnd(line, bytes);
    this.#digest.update(line.raw);
    if (isEnd) return;
    if (number === 1) return this.#form.takeHeader(bytes);
    if (bytes !== null && kindOf(bytes) === 'disclosure') return this.#takeDisclosure(number, bytes);
    this.#takeRecord(line, tried);
  }

  /** The end line, once everything was read; null, and a problem, when there is none. */
  finishLines(grown: boolean): FoundEnd | null {
    const { problems } = this;
    if (grown) problems.add(0, 'unreadable', 'the file grew while it was read: what was added was not looked at');
    if (this.#end === null) problems.add(0, 'unreadable', 'the file has no end line: it is truncated');
    return this.#end;
  }

  /** The verdict, when every check was made but those of what the disclosures come to. */
  async conclude(path: string, started: number, findings: FileFindings): Promise<FileVerification> {
    const { header, root, witnesses, ...proof } = findings;
    const { key, since } = this.#options;
    const { problems } = this;
    const records = this.#form.records();
    const sealed = await (this.#disclosures ?? this.#newDisclosures()).count(records.sealedValues);
    const selection = header?.selection ?? null;
    const pinned = key !== undefined;
    const erasuresCut = records.erased.full;
    const verdict: Verdict = {
      verdict: verdictWord(problems, header !== null && this.#end?.whole === true),
      file: path,
      chain: header?.chain ?? null,
      tenant: header?.tenant ?? null,
      selection,
      records: records.records,
      first: header?.first ?? null,
      last: header?.last ?? null,
      head: records.head,
      root,
      keys: describeKeys(records.ring),
      witnesses,
      sealed,
      problems: [...problems.kept],
      problemCount: problems.count,
      notProven: listNotProven({ selection, pinned, since: since !== undefined, witnesses, erasuresCut, ...proof }),
      ...(records.synthetic ? { synthetic: true } : {}),
      elapsedMs: Math.round(performance.now() - started),
    };
    return { verdict, digest: this.#digest.digest('hex') };
  }

  #takeRecord(line: FileLine, tried: TriedSignature | null): void {
    const { number, bytes } = line;
    if (this.#disclosures !== null) {
      if (bytes !== null) this.problems.add(number, 'unreadable', 'a record or unknown line after the disclosures');
      return;
    }
    if (bytes !== null) {
      if (this.#form.takeRecord(line, bytes, tried)) return;
      this.problems.add(number, 'unreadable', 'the line is not one of this format');
    }
    this.#form.skip(line);
  }

  async #takeDisclosure(number: number, bytes: Buffer): Promise<void> {
    this.#disclosures ??= this.#newDisclosures();
    const disclosure = readDisclosure(bytes);
    if (typeof disclosure === 'string') this.problems.add(number, 'unreadable', disclosure);
    else await this.#disclosures.check(number, disclosure);
  }

  #newDisclosures(): DisclosureVerifier {
    return new DisclosureVerifier(this.problems, this.#form.findSealed, this.#form.records().erased);
  }

  /** An end line in another form than its own is none; the file goes on, so that what follows is looked at too. */
  #takeEnd(line: FileLine, bytes: Buffer): void {
    const { number, terminated } = line;
    const end = readEnd(bytes);
    if (typeof end === 'string') {
      this.problems.add(number, 'unreadable', end);
      if (this.#disclosures === null) this.#form.skip(line);
      return;
    }
    this.#end = { end, line: number, digest: this.#digest.copy().digest('hex'), whole: terminated };
  }
}
