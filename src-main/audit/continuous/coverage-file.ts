import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Digest } from '#shared/model/evidence.ts';
import { Problem } from '#shared/model/verdict.ts';
import { hashRecord } from '../hash.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { BLOCK, type CoverageState } from './coverage.ts';

/**
 * What was checked, kept beside the database so that checking goes on where it ended. Whoever can change the database
 * can change this file: it counts only with a MAC under a key from the keychain.
 */
export const COVERAGE_FILE = 'coverage.json';
/** Bytes; room for some 100 million records and 1,000 problems. */
export const MAX_COVERAGE_FILE: number = 16 * 1024 * 1024;

const Millis = z.int().min(0);
const Hash = z.base64().length(44);
const Block = z.strictObject({
  to: z.int().min(0),
  head: Digest.nullable(),
  nodes: z.array(Hash).max(64).nullable(),
  at: Millis,
  problems: z.array(Problem).max(1000),
  problemCount: z.int(),
  failures: z.int(),
});
const Pin = z.strictObject({ seq: z.int().min(1), hash: Digest, at: Millis, root: Hash.nullable() });
const Saved = z.strictObject({
  v: z.literal(1),
  chain: z.uuidv4(),
  block: z.literal(BLOCK),
  blocks: z.array(Block.nullable()).max(100_000),
  pins: z.array(Pin.nullable()).max(100_000),
  whole: z.strictObject({ at: Millis, problems: z.array(Problem).max(1000), problemCount: z.int() }).nullable(),
  told: z.array(z.string().max(2100)).max(5000),
});
const Sealed = z.strictObject({ mac: Digest, coverage: z.string() });

export interface SavedCoverage {
  readonly state: CoverageState;
  /** What people were told of, by `newsKey`. */
  readonly told: readonly string[];
}

/** The key of the MAC: of this chain, and good for nothing else. */
export function coverageKey(masterKey: Uint8Array, chain: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, chain, 'causeway/coverage/mac', 32));
}

export function encodeCoverage({ state, told }: SavedCoverage, chain: string, key: Uint8Array): Buffer {
  const { blocks, pins, whole } = state;
  const nulls = <T>(list: readonly (T | undefined)[]) => Array.from(list, (one) => one ?? null);
  const saved = { v: 1, chain, block: BLOCK, blocks: nulls(blocks), pins: nulls(pins), whole, told };
  const coverage = JSON.stringify(saved);
  return Buffer.from(JSON.stringify({ mac: macOf(coverage, key).toString('hex'), coverage }), 'utf8');
}

/** null for everything that this chain's own program did not write. */
export function decodeCoverage(bytes: Uint8Array, chain: string, key: Uint8Array): SavedCoverage | null {
  const sealed = Sealed.safeParse(parse(Buffer.from(bytes).toString('utf8')));
  if (!sealed.success) return null;
  const { mac, coverage } = sealed.data;
  if (!timingSafeEqual(Buffer.from(mac, 'hex'), macOf(coverage, key))) return null;
  const saved = Saved.safeParse(parse(coverage));
  if (!saved.success || saved.data.chain !== chain) return null;
  const { blocks, pins, whole, told } = saved.data;
  const gaps = <T>(list: readonly (T | null)[]) => list.map((one) => one ?? undefined);
  return { state: { blocks: gaps(blocks), pins: gaps(pins), whole }, told };
}

function macOf(coverage: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(coverage, 'utf8').digest();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What of a saved state fits the database that is there now: a block whose last record is another one, or gone, counts
 * as unchecked, and its pin stays, so that checking it again says what happened. A database put in the place of the
 * checked one is not believed. Neither is what was checked after `now`, when the clock was ahead: it would not be looked
 * at again until then.
 */
export function fitToDatabase(
  state: CoverageState,
  rows: Pick<SqliteRows, 'bySeq'>,
  now = Number.MAX_SAFE_INTEGER,
): CoverageState {
  const blocks = state.blocks.map((block, place) => {
    if (block === undefined || block.at > now) return undefined;
    const begin = place * BLOCK;
    if (block.to <= begin || block.to > begin + BLOCK) return undefined;
    const row = rows.bySeq(block.to);
    const hash = row === undefined ? null : hashRecord(row.bytes);
    return hash === block.head ? block : undefined;
  });
  const { whole } = state;
  return { ...state, blocks, whole: whole !== null && whole.at > now ? null : whole };
}
