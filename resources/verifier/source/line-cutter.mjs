// A file as lines, in constant memory.
import { concat } from './bytes.mjs';
import { MAX_LINE } from './limits.mjs';

/** Cuts what is read into lines. Of a line that is too long the parts are handed on, not held. */
export class LineCutter {
  constructor() {
    this.rest = new Uint8Array();
    this.offset = 0;
    this.number = 1;
    /** Bytes of a line that is too long, handed on already. */
    this.passed = 0;
  }

  /** The lines that end in this piece; they are valid until the next one is cut. */
  cut(piece) {
    const bytes = this.rest.length === 0 ? piece : concat(this.rest, piece);
    const lines = [];
    let start = 0;
    for (;;) {
      const at = bytes.indexOf(0x0a, start);
      if (at < 0) break;
      lines.push(this.line(bytes, start, at, true));
      start = at + 1;
    }
    this.rest = new Uint8Array(bytes.subarray(start)); // a copy: the piece is used again
    if (this.rest.length > 0 && (this.passed > 0 || this.rest.length > MAX_LINE)) {
      lines.push({ part: true, raw: this.rest });
      this.passed += this.rest.length;
      this.rest = new Uint8Array();
    }
    return lines;
  }

  /** The last line, if it does not end in a line feed. */
  last() {
    return this.rest.length + this.passed === 0 ? [] : [this.line(this.rest, 0, this.rest.length, false)];
  }

  line(source, start, end, whole) {
    const bytes = this.passed > 0 || end - start > MAX_LINE ? null : source.subarray(start, end);
    const length = this.passed + end - start + (whole ? 1 : 0);
    const line = { number: this.number++, offset: this.offset, length, bytes, whole };
    line.raw = source.subarray(start, whole ? end + 1 : end);
    this.offset += length;
    this.passed = 0;
    return line;
  }
}
