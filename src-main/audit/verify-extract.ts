import type { FileHandle } from 'node:fs/promises';
import type { Verdict } from '#shared/model/verdict.ts';
import { type Note, noteSigner, parseNote } from './checkpoint.ts';
import { keysForCheckpoint } from './end-checks.ts';
import { EXTRACT_START, type ExtractHeader, readExtractHeader, readExtractRecord } from './export/extract-lines.ts';
import { MAX_LINE } from './export-lines.ts';
import { ExtractChecks } from './extract-checks.ts';
import { ExtractLookup } from './extract-lookup.ts';
import { type FoundEnd, LinePass } from './line-pass.ts';
import { type FileLine, readLines } from './line-reader.ts';
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

interface CheckpointFindings {
  readonly note: Note;
  readonly signedBy: string | null;
  readonly matches: boolean;
  readonly witnesses: Verdict['witnesses'];
}

class ExtractPass {
  readonly #options: VerifyFileOptions;
  readonly #lines: LinePass;
  readonly #lookup: ExtractLookup;
  #header: ExtractHeader | null = null;
  #records: ExtractChecks;

  constructor(handle: FileHandle, options: VerifyFileOptions) {
    this.#options = options;
    this.#lookup = new ExtractLookup(handle);
    this.#lines = new LinePass(options, {
      takeHeader: (bytes) => {
        if (bytes !== null) this.#takeHeader(bytes);
      },
      takeRecord: (line, bytes) => this.#takeRecord(line, bytes),
      skip: () => this.#records.skip(),
      records: () => this.#records,
      findSealed: (seq) => this.#lookup.find(seq),
    });
    this.#records = new ExtractChecks(null, this.#lines.problems);
  }

  takePiece(bytes: Buffer): void {
    this.#lines.takePiece(bytes);
  }

  take(line: FileLine): void | Promise<void> {
    return this.#lines.take(line);
  }

  #takeHeader(bytes: Buffer): void {
    const { problems } = this.#lines;
    const header = readExtractHeader(bytes);
    if (typeof header === 'string') {
      problems.add(1, 'unreadable', header);
      return;
    }
    this.#header = header;
    this.#records = new ExtractChecks(header, problems);
  }

  #takeRecord({ number, offset, length }: FileLine, bytes: Buffer): boolean {
    const stated = readExtractRecord(bytes);
    if (stated === null) return false;
    const seq = this.#records.check({ line: number, ...stated });
    if (seq !== null) this.#lookup.note(seq, offset, length);
    return true;
  }

  async finish(path: string, started: number, grown: boolean): Promise<FileVerification> {
    const { key } = this.#options;
    const header = this.#header;
    if (header !== null) this.#checkHeader(header);
    const end = this.#lines.finishLines(grown);
    const checkpoint = end === null ? null : this.#checkEnd(end);
    if (header !== null) this.#checkSince(header);
    if (header !== null && key !== undefined) this.#checkPin(header, key, checkpoint?.signedBy ?? null);
    return await this.#lines.conclude(path, started, {
      header,
      root: checkpoint?.matches && this.#records.allProven ? checkpoint.note.root : null,
      witnesses: checkpoint?.witnesses ?? [],
    });
  }

  #checkHeader({ first, last, keys, size }: ExtractHeader): void {
    const { problems } = this.#lines;
    const { firstSeq, lastSeq } = this.#records;
    const told = (which: string, stated: number, found: number | null) => {
      if (stated === found) return;
      problems.add(1, 'sequence', `the header says the ${which} seq is ${stated}, it is ${found ?? 'none'}`);
    };
    told('first', first, firstSeq);
    told('last', last, lastSeq);
    const ascend = keys.every(({ fromSeq }, index) => {
      const before = keys[index - 1]?.fromSeq;
      return (before === undefined ? fromSeq === 1 : fromSeq > before) && fromSeq <= size + 1;
    });
    if (ascend) return;
    const text = "the keys of an extract's header are one from seq 1 and each further one from a later seq";
    problems.add(1, 'key', `${text}, up to the one after the checkpoint`);
  }

  #checkEnd({ end, line, digest }: FoundEnd): CheckpointFindings | null {
    const { problems } = this.#lines;
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
    const note = this.#lines.since;
    if (note === null) return;
    const { problems } = this.#lines;
    const report = (text: string) => problems.add(0, 'not-extension', text);
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
    if (typeof signer === 'string') problems.add(0, 'checkpoint', `the earlier checkpoint: ${signer}`);
  }

  #checkPin({ keys }: ExtractHeader, pin: string, signedBy: string | null): void {
    const { records, ring } = this.#records;
    const only = keys.length === 1 && keys[0]?.id === pin;
    const all = ring.get(pin)?.signed === records && records > 0 && signedBy === pin;
    if (only && all) return;
    this.#lines.problems.add(0, 'pin', `key ${pin} is not the only key of this extract, or did not sign all of it`);
  }
}
