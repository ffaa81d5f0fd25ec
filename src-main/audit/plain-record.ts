import { isAscii, isUtf8 } from 'node:buffer';

/** What the checks across records need of one that is plainly in order by itself. */
export interface PlainRecord {
  readonly seq: number;
  readonly time: string;
  readonly key: string;
  readonly prev: string;
  /** Sealed values in it. */
  readonly sealed: number;
}

/** Action to the source of a pattern (record-patterns.ts). */
export type RecordPatterns = ReadonlyMap<string, string>;

const START = '{"action":"';
const SEALED_START = '{"sealed":"';

/**
 * Recognises the bytes of a record of one chain that are canonical and fit their action's schema, without parsing them.
 * It is quick and not complete: what it does not recognise may be in order all the same, and is read the long way. What
 * it does recognise keeps every rule of the chain format that concerns one record alone.
 */
export class PlainRecords {
  readonly #patterns = new Map<string, RegExp>();
  readonly #sources: RecordPatterns;

  constructor(sources: RecordPatterns) {
    this.#sources = sources;
  }

  read(bytes: Buffer): PlainRecord | null {
    const ascii = isAscii(bytes);
    if (!ascii && !isUtf8(bytes)) return null;
    const text = ascii ? bytes.toString('latin1') : bytes.toString('utf8');
    if (!text.startsWith(START)) return null;
    const action = text.slice(START.length, text.indexOf('"', START.length));
    const match = this.#patternFor(action)?.exec(text);
    if (!match) return null;
    const [, key = '', prev = '', seq = '', time = ''] = match;
    return { seq: Number(seq), time, key, prev, sealed: countSealed(text) };
  }

  #patternFor(action: string): RegExp | undefined {
    let pattern = this.#patterns.get(action);
    const source = this.#sources.get(action);
    if (pattern === undefined && source !== undefined) {
      pattern = new RegExp(source);
      this.#patterns.set(action, pattern);
    }
    return pattern;
  }
}

/** Quotes and backslashes do not stand in the texts of a plain record: what looks like a sealed value is one. */
function countSealed(text: string): number {
  let count = 0;
  for (let at = text.indexOf(SEALED_START); at >= 0; at = text.indexOf(SEALED_START, at + 1)) count++;
  return count;
}
