// Problems, counted without end and kept to a thousand.
import { MAX_PROBLEMS } from './limits.mjs';

export class Problems {
  constructor() {
    this.kept = [];
    this.count = 0;
    this.failures = 0;
  }

  add(line, code, message, seq) {
    this.count++;
    if (code !== 'time') this.failures++;
    if (this.kept.length >= MAX_PROBLEMS) return;
    const clean = cutText(printable(message), 500);
    this.kept.push(seq === undefined ? { line, code, message: clean } : { line, seq, code, message: clean });
  }
}

/** Text from a file without what could steer a terminal or turn a line around. */
export const printable = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');

function cutText(text, length) {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : text.slice(0, length - 1);
}
