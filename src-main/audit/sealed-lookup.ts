import type { FileHandle } from 'node:fs/promises';
import { MAX_LINE } from './export-lines.ts';
import { isObject, readJson } from './json-read.ts';
import { readRecordLine } from './record-line.ts';
import { findSealed } from './seal.ts';

const BLOCK = 64 * 1024;
/** An oversized line may stand in a block; it is not read again. */
const MAX_BLOCK = BLOCK + 2 * MAX_LINE;
const LF = 0x0a;

/**
 * Finds the sealed values of one record of a file again. Disclosures come after all records; holding every sealed digest
 * until then would cost memory by the size of the file, so only an offset per 64 KiB (or per run of lines, where
 * those are longer) is kept and the place is read again.
 */
export class SealedLookup {
  readonly #handle: FileHandle;
  readonly #first: number;
  /** Place of a block's first record among the records, and its offset in the file. */
  readonly #places: number[] = [];
  readonly #offsets: number[] = [];
  #count = 0;
  #end = 0;
  #block = -1;
  #lines: readonly Buffer[] = [];
  #seq = -1;
  #sealed: ReadonlyMap<string, string> = new Map();

  constructor(handle: FileHandle, first: number) {
    this.#handle = handle;
    this.#first = first;
  }

  /** Told of every line of the record section, in order; of several lines of one run together. */
  note(offset: number, length: number, lines = 1): void {
    const last = this.#offsets.at(-1);
    if (last === undefined || offset - last >= BLOCK) {
      this.#places.push(this.#count);
      this.#offsets.push(offset);
    }
    this.#count += lines;
    this.#end = offset + length;
  }

  /** JSON pointer to digest for the sealed values of record `seq`; empty when there is no such record. */
  async find(seq: number): Promise<ReadonlyMap<string, string>> {
    if (seq === this.#seq) return this.#sealed;
    this.#seq = seq;
    this.#sealed = new Map();
    const place = seq - this.#first;
    if (place < 0 || place >= this.#count) return this.#sealed;
    const line = await this.#lineAt(place);
    const record = line === undefined ? null : readRecordLine(line);
    const reading = record === null ? null : readJson(record.bytes);
    if (reading?.ok && isObject(reading.value) && reading.value.seq === seq) this.#sealed = findSealed(reading.value);
    return this.#sealed;
  }

  async #lineAt(place: number): Promise<Buffer | undefined> {
    let block = 0;
    for (let low = 0, high = this.#places.length - 1; low <= high; ) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#places[middle] ?? 0) <= place) {
        block = middle;
        low = middle + 1;
      } else high = middle - 1;
    }
    if (block !== this.#block) {
      this.#lines = await this.#readBlock(block);
      this.#block = block;
    }
    return this.#lines[place - (this.#places[block] ?? 0)];
  }

  async #readBlock(block: number): Promise<readonly Buffer[]> {
    const from = this.#offsets[block] ?? 0;
    const to = this.#offsets[block + 1] ?? this.#end;
    const bytes = Buffer.alloc(Math.min(to - from, MAX_BLOCK));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, read, bytes.length - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    const lines: Buffer[] = [];
    for (let start = 0; start < read; ) {
      const at = bytes.indexOf(LF, start);
      const end = at < 0 ? read : at;
      lines.push(bytes.subarray(start, end));
      start = end + 1;
    }
    return lines;
  }
}
