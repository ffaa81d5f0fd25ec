import { type Bytes, replaced } from './bytes.ts';
import { plainChain, sampleChain, type VectorChain } from './chain.ts';
import { type Expected, makeVector, type Sealed, type Vector } from './vector.ts';

/**
 * Damages to three files. `plain`: six records, lines 2 to 7, end line 8. `sample`: nine records, lines 2 to 10, a rotation at seq 7, a
 * disclosure at line 11, end line 12. `extract`: records 2, 4, 5 and 8 of the sample, lines 2 to 5, a disclosure at line 6, end line 7.
 * What is expected is written by hand from the text of the format.
 */
export const SEALED: Sealed = { disclosed: 1, withheld: 1, erased: 1, mismatched: 0 };
/** Where the erasure record does not count. */
export const NOT_ERASED: Sealed = { disclosed: 1, withheld: 2, erased: 0, mismatched: 0 };

export function plain(name: string, what: string, expected: string, detail: Expected = {}): Vector {
  return makeVector(name, what, () => plainChain(), expected, detail);
}

export function sample(name: string, what: string, expected: string, detail: Expected = {}): Vector {
  return makeVector(name, what, sampleChain, expected, { ...detail, facts: { sealed: SEALED, ...detail.facts } });
}

export function extract(name: string, what: string, expected: string, detail: Expected = {}): Vector {
  const sealed = { ...SEALED, withheld: 0 };
  return makeVector(name, what, sampleChain, expected, {
    extract: [2, 4, 5, 8],
    ...detail,
    facts: { sealed, ...detail.facts },
  });
}

/** Facts of a file whose header cannot be read. */
export const NO_HEADER = { chain: null, tenant: null, selection: null, first: null, last: null } as const;

/** Replaces something in one line, numbered from 1, of the lines before the end. */
export function inLine(number: number, from: string | RegExp, to: string): Expected {
  return { lines: (lines) => void lines.splice(number - 1, 1, replaced(lines[number - 1] ?? '', from, to)) };
}

/** The same in the finished file: nothing is made to fit. */
export function inFile(number: number, from: string | RegExp, to: string): Expected {
  return {
    bytes: (file) => {
      const lines = file.split('\n');
      lines[number - 1] = replaced(lines[number - 1] ?? '', from, to);
      return lines.join('\n');
    },
  };
}

export function withChain(change: (chain: VectorChain) => void): Expected {
  return { chain: change };
}

/** Bytes of a record other than its canonical ones; hash, signature, link and root are theirs. */
export function rewriting(seq: number, change: (text: Bytes) => Bytes): Expected {
  return withChain((chain) => {
    chain.record(seq).rewrite = (text) => {
      const other = change(text);
      if (other === text) throw new Error('nothing was changed');
      return other;
    };
  });
}

export const rewrite = (seq: number, from: string | RegExp, to: string): Expected =>
  rewriting(seq, (text) => replaced(text, from, to));
