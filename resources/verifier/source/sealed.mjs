import { eachSealed, isObject, readJson } from './json.mjs';
import { MAX_LINE } from './limits.mjs';
import { cutRecord } from './record-line.mjs';

/** The places erasure records name, each once; bounded, since a file may name any number. */
export class Erasures {
  constructor() {
    this.places = new Map();
    this.cost = 0;
    this.full = false;
  }

  add(seq, path) {
    const paths = this.places.get(seq);
    if (paths?.has(path)) return;
    const cost = 96 + path.length + (paths === undefined ? 96 : 0);
    if (this.cost + cost > 64 * 1024 * 1024) {
      this.full = true;
      return;
    }
    this.cost += cost;
    if (paths === undefined) this.places.set(seq, new Set([path]));
    else paths.add(path);
  }
}

/** The value, or what comes of a promise of it: the same code serves a reader that waits and one that does not. */
export const after = (value, next) => (value instanceof Promise ? value.then(next) : next(value));

/**
 * Finds the sealed values of a record again when its disclosure comes, at the end of the file: one place in 64 KiB is
 * remembered, and read again.
 */
export class SealedFinder {
  constructor(readAt, first, extract) {
    this.readAt = readAt;
    this.first = first;
    this.extract = extract;
    this.blocks = [];
    this.count = 0;
    this.end = 0;
    this.seq = -1;
    this.sealed = new Map();
    this.block = null;
    this.lines = [];
  }

  /** A line among the records; in an extract only one whose `seq` is above all before it. */
  note({ offset, length }, seq) {
    const last = this.blocks.at(-1);
    if (last === undefined || offset - last.offset >= 65_536) this.blocks.push({ offset, place: this.count, seq });
    this.count++;
    this.end = offset + length;
  }

  find(seq) {
    if (seq === this.seq) return this.sealed;
    this.seq = seq;
    this.sealed = new Map();
    const place = seq - this.first;
    if (!this.extract && (place < 0 || place >= this.count)) return this.sealed;
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const { place: at, seq: from } = this.blocks[middle];
      if (this.extract ? from <= seq : at <= place) low = middle;
      else high = middle - 1;
    }
    const block = this.blocks[low];
    if (block === undefined) return this.sealed;
    return after(this.load(block, low), () => {
      const record = this.record(this.extract ? this.ascending.get(seq) : this.lines[place - block.place]);
      if (record?.seq === seq) eachSealed(record, '', (pointer, digest) => this.sealed.set(pointer, digest));
      return this.sealed;
    });
  }

  load(block, index) {
    if (block === this.block) return null;
    this.block = block;
    const end = this.blocks[index + 1]?.offset ?? this.end;
    return after(this.readAt(block.offset, Math.min(end - block.offset, 65_536 + 2 * MAX_LINE)), (bytes) => {
      this.lines = [];
      for (let start = 0; start < bytes.length; ) {
        const at = bytes.indexOf(0x0a, start);
        const stop = at < 0 ? bytes.length : at;
        this.lines.push(bytes.subarray(start, stop));
        start = stop + 1;
      }
      if (this.extract) this.sort(block.seq - 1);
      return null;
    });
  }

  /** The lines of a block of an extract by seq; a record out of order takes no part. */
  sort(before) {
    let highest = before;
    this.ascending = new Map();
    for (const line of this.lines) {
      const seq = this.record(line)?.seq;
      if (!Number.isSafeInteger(seq) || seq <= highest) continue;
      highest = seq;
      this.ascending.set(seq, line);
    }
  }

  record(line) {
    const cut = line === undefined || line.length > MAX_LINE ? null : cutRecord(line, this.extract);
    const value = cut === null ? null : readJson(cut.bytes).value;
    return isObject(value) ? value : null;
  }
}
