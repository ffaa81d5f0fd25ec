import type { FileHandle } from 'node:fs/promises';
import { readExtractRecord } from './export/extract-lines.ts';
import { MAX_LINE } from './export-lines.ts';
import { isObject, readJson } from './json-read.ts';
import { findSealed } from './seal.ts';

const BLOCK = 64 * 1024;
const MAX_BLOCK = BLOCK + 2 * MAX_LINE;
const LF = 0x0a;

/**
 * Finds the sealed values of a record of an extract again, by its seq: records there are not one after the other. As for
 * other files only a place per 64 KiB is kept, whatever the file's size.
 */
export class ExtractLookup {
  readonly #handle: FileHandle;
  /** Seq of a block's first record in ascending order, and its offset in the file. */
  readonly #seqs: number[] = [];
  readonly #offsets: number[] = [];
  #end = 0;
  #block = -1;
  #sealed = new Map<number, ReadonlyMap<string, string>>();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Told of every record whose seq is above all before it. */
  note(seq: number, offset: number, length: number): void {
    const last = this.#offsets.at(-1);
    if (last === undefined || offset - last >= BLOCK) {
      this.#seqs.push(seq);
      this.#offsets.push(offset);
    }
    this.#end = offset + length;
  }

  /** JSON pointer to digest for the sealed values of record `seq`; empty when there is no such record. */
  async find(seq: number): Promise<ReadonlyMap<string, string>> {
    let block = -1;
    for (let low = 0, high = this.#seqs.length - 1; low <= high; ) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#seqs[middle] ?? 0) <= seq) {
        block = middle;
        low = middle + 1;
      } else high = middle - 1;
    }
    if (block < 0) return new Map();
    if (block !== this.#block) {
      this.#sealed = await this.#readBlock(block);
      this.#block = block;
    }
    return this.#sealed.get(seq) ?? new Map();
  }

  async #readBlock(block: number): Promise<Map<number, ReadonlyMap<string, string>>> {
    const from = this.#offsets[block] ?? 0;
    const to = this.#offsets[block + 1] ?? this.#end;
    const bytes = Buffer.alloc(Math.min(to - from, MAX_BLOCK));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, read, bytes.length - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    const found = new Map<number, ReadonlyMap<string, string>>();
    let highest = (this.#seqs[block] ?? 1) - 1;
    for (let start = 0; start < read; ) {
      const at = bytes.indexOf(LF, start);
      const end = at < 0 ? read : at;
      const record = readExtractRecord(bytes.subarray(start, end));
      const reading = record === null ? null : readJson(record.bytes);
      const members = reading?.ok && isObject(reading.value) ? reading.value : null;
      if (members !== null && Number.isSafeInteger(members.seq) && Number(members.seq) > highest) {
        highest = Number(members.seq); // a record out of order takes no part, as when it was read first
        found.set(highest, findSealed(members));
      }
      start = end + 1;
    }
    return found;
  }
}
