import type { Problem, ProblemCode } from '#shared/model/verdict.ts';

/** How many problems are kept. A file of nothing but problems must not fill the memory; the count goes on. */
export const MAX_PROBLEMS = 1000;
/** Characters of a message kept, in UTF-16 code units. */
const MAX_MESSAGE = 500;

export class ProblemList {
  readonly #kept: Problem[] = [];
  #count = 0;
  #failures = 0;

  /** `line` from 1, 0 where no line is concerned. The message may quote the file: control characters are taken out. */
  add(line: number, code: ProblemCode, message: string, seq?: number): void {
    this.#count++;
    if (code !== 'time') this.#failures++;
    if (this.#kept.length >= MAX_PROBLEMS) return;
    const clean = cutShort(printable(message));
    this.#kept.push(seq === undefined ? { line, code, message: clean } : { line, seq, code, message: clean });
  }

  get kept(): readonly Problem[] {
    return this.#kept;
  }

  /** All problems, also those not kept. */
  get count(): number {
    return this.#count;
  }

  /** Problems that make a file invalid: all but `time`. */
  get failures(): number {
    return this.#failures;
  }
}

/** Not in the middle of a pair: half of one has no UTF-8. */
function cutShort(text: string): string {
  const cut = text.slice(0, MAX_MESSAGE);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** Text from a file without what could steer a terminal (control characters, bidirectional overrides). */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}
