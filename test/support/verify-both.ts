import { expect } from 'vitest';
import { type VerifyFileOptions, verifyChainFile } from '#main/audit/verify-file.ts';
import type { Verdict } from '#shared/model/verdict.ts';

/** A block of a few lines, so that small files have many. */
const SMALL_BLOCK = 3000;

/** Verifies a file in one pass and on threads, which must say the same of it, word for word. */
export async function verifyBoth(path: string, options: VerifyFileOptions = {}): Promise<Verdict> {
  const one = await verifyChainFile(path, { ...options, threads: { count: 0 } });
  const spread = await verifyChainFile(path, { ...options, threads: { count: 1, block: SMALL_BLOCK } });
  expect({ ...spread, elapsedMs: 0 }).toEqual({ ...one, elapsedMs: 0 });
  return one;
}
