import { type Bytes, hashOf, toBuffer } from './bytes.ts';
import type { VectorChain } from './chain.ts';
import { type FileChanges, fileOf } from './file.ts';
import { leafOf, rootOf } from './tree.ts';

export interface Sealed {
  readonly disclosed: number;
  readonly withheld: number;
  readonly erased: number;
  readonly mismatched: number;
}

export interface Witness {
  readonly name: string;
  readonly keyId: string;
  readonly time: string | null;
  readonly state: 'verified' | 'unknown-key';
}

/** What a verifier says of a file besides its problems. */
export interface Facts {
  readonly chain: string | null;
  readonly tenant: string | null;
  readonly selection: string | null;
  readonly records: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly head: string | null;
  readonly root: string | null;
  readonly keys: readonly { id: string; alg: string; fromSeq: number; records: number }[];
  readonly witnesses: readonly Witness[];
  readonly sealed: Sealed;
}

export interface Given {
  /** Text of an earlier checkpoint. */
  readonly since?: string;
  readonly key?: string;
  readonly witnesses?: readonly string[];
}

export interface Vector {
  readonly name: string;
  readonly what: string;
  readonly file: Bytes;
  readonly kind: 'chain' | 'extract';
  readonly given: Given;
  readonly problems: readonly { line: number; seq?: number; code: string }[];
  readonly unreadable: boolean;
  readonly facts: Facts;
  /** Bytes left out of the file that is kept: so many of that value at that place. */
  readonly fill?: Fill | undefined;
}

export interface Fill {
  readonly at: number;
  readonly byte: number;
  readonly count: number;
}

/** Everything about a vector that is said by hand. */
export interface Expected extends FileChanges {
  /** Applied to the chain before the file is made of it. */
  readonly chain?: (chain: VectorChain) => void;
  readonly given?: Given;
  /** Header or end cannot be read. */
  readonly unreadable?: boolean;
  /** Where a verdict differs from what the lines of the file tell. */
  readonly facts?: Partial<Facts>;
  readonly fill?: Fill;
}

/**
 * A vector from a chain. `expected` lists the problems in order, each as `line[:seq] code`.
 */
export function makeVector(
  name: string,
  what: string,
  base: () => VectorChain,
  expected: string,
  detail: Expected = {},
): Vector {
  const chain = base();
  detail.chain?.(chain);
  const file = fileOf(chain, detail);
  const filled = detail.fill === undefined ? file : fillIn(file, detail.fill);
  return {
    name,
    what,
    file,
    kind: filled.startsWith('{"causeway":"extract/1"') ? 'extract' : 'chain',
    given: detail.given ?? {},
    problems: expected === '' ? [] : expected.split(', ').map((text) => readProblem(text)),
    unreadable: detail.unreadable ?? false,
    facts: { ...factsOf(filled, keysOf(chain, detail), detail.unreadable ?? false), ...detail.facts },
    fill: detail.fill,
  };
}

export function fillIn(file: Bytes, { at, byte, count }: Fill): Bytes {
  return file.slice(0, at) + String.fromCharCode(byte).repeat(count) + file.slice(at);
}

const CODES =
  'unreadable not-canonical schema hash chain sequence key signature time root checkpoint digest disclosure not-extension pin';

function readProblem(text: string): Vector['problems'][number] {
  const match = /^(\d+)(?::(-?\d+))? ([a-z-]+)$/.exec(text);
  if (match === null || !CODES.split(' ').includes(match[3] ?? '')) throw new Error(`no problem: ${text}`);
  const [, line, seq, code = ''] = match;
  return { line: Number(line), ...(seq === undefined ? {} : { seq: Number(seq) }), code };
}

const RECORD = /^\{"hash":"[0-9a-f]{64}","sig":"[A-Za-z0-9+/]*={0,2}","record":(.*)\}$/s;
const EXTRACT_RECORD = /^\{"hash":"[0-9a-f]{64}","sig":"[A-Za-z0-9+/]*={0,2}","proof":\[[^\]]*\],"record":(.*)\}$/s;

interface Header {
  readonly causeway: string;
  readonly chain: string;
  readonly tenant: string;
  readonly selection: string;
  readonly first: number;
  readonly last: number;
}

/** The keys the chain introduces as far as the file shows. */
function keysOf({ keys, records }: VectorChain, { range, extract }: FileChanges): VectorChain['keys'] {
  const last = extract === undefined ? (range?.[1] ?? records.length) : records.length;
  return keys.filter(({ fromSeq }) => fromSeq <= last + 1);
}

/**
 * What the lines of a file tell by themselves, read without any check. It holds for files whose damage leaves the lines
 * what they are; where it does not, the vector says so by hand.
 */
function factsOf(file: Bytes, keys: VectorChain['keys'], unreadable: boolean): Facts {
  const lines = file.split('\n');
  const header = readHeader(lines[0] ?? '');
  const form = header?.causeway === 'extract/1' ? EXTRACT_RECORD : RECORD;
  const records = lines.flatMap((line) => form.exec(line)?.[1] ?? []);
  const texts = records.map((bytes) => toBuffer(bytes).toString('utf8'));
  const named = records.map((bytes) => keyNamed(bytes));
  const noteRoot = /"checkpoint":"[^"\\]*\\n[^"\\]*\\n([^"\\]*)\\n/.exec(lines.at(-2) ?? '')?.[1] ?? null;
  const whole = header?.selection === 'complete';
  const leaves = records.map((bytes) => leafOf(toBuffer(bytes)));
  const sealed = texts.reduce((sum, text) => sum + text.split('{"sealed":"').length - 1, 0);
  const disclosed = lines.filter((line) => line.startsWith('{"disclosure":')).length;
  const last = records.at(-1);
  return {
    chain: header?.chain ?? null,
    tenant: header?.tenant ?? null,
    selection: header?.selection ?? null,
    records: records.length,
    first: header?.first ?? null,
    last: header?.last ?? null,
    head: last === undefined ? null : hashOf(last),
    root: whole || unreadable || header === null ? rootOf(leaves).toString('base64') : noteRoot,
    keys: keys.map(({ key: { id, alg }, fromSeq }) => {
      return { id, alg, fromSeq, records: named.filter((name) => name === id).length };
    }),
    witnesses: [],
    sealed: { disclosed, withheld: sealed - disclosed, erased: 0, mismatched: 0 },
  };
}

/** Id of the key a record names, if it can be read at all. */
function keyNamed(bytes: Bytes): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toBuffer(bytes));
    return (JSON.parse(text) as { key?: unknown } | null)?.key;
  } catch {
    return undefined;
  }
}

function readHeader(line: string): Header | null {
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as Header;
  } catch {
    return null;
  }
}
