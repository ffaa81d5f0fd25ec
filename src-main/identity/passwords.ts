import { randomBytes } from 'node:crypto';
import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';

/** What one hash costs. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two iterations, one degree of parallelism, or more. */
export const LEAST_COST: PasswordCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };
const MOST_MEMORY_KIB = 65_536;
const MOST_PASSES = 24;
/** A person waits that long without minding, and somebody who guesses waits that long each time. */
const WANTED_MS = 250;

const optionsOf = ({ memoryKiB, passes, lanes }: PasswordCost): Options => ({
  memoryCost: memoryKiB,
  timeCost: passes,
  parallelism: lanes,
});

/** The same password typed on another keyboard or system has the same bytes (NIST SP 800-63B, 3.1.1.2). */
const normalized = (password: string) => password.toWellFormed().normalize('NFKC');

/** PHC string; Argon2id is the library's default, and `needsRehash` would notice another. */
export function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  return hash(normalized(password), optionsOf(cost));
}

/** False also for a string that is no hash: what cannot be checked does not pass. */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  try {
    return await verify(phc, normalized(password));
  } catch {
    return false;
  }
}

/** For an e-mail address nobody has: costs what a real one costs, and no password is its. */
export function nobodysHash(cost: PasswordCost): string {
  const base64 = (size: number) => randomBytes(size).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$${describeCost(cost)}$${base64(16)}$${base64(32)}`;
}

/** As it is put on record: "m=19456,t=2,p=1". */
export function describeCost({ memoryKiB, passes, lanes }: PasswordCost): string {
  return `m=${memoryKiB},t=${passes},p=${lanes}`;
}

/** Whether the hash was made with less than is asked for now. */
export function needsRehash(phc: string, cost: PasswordCost): boolean {
  if (!phc.startsWith('$argon2id$v=19$')) return true;
  const { memoryCost, timeCost } = parseOptions(phc);
  return memoryCost * timeCost < cost.memoryKiB * cost.passes;
}

/**
 * The cost at which this machine needs about a quarter of a second, by memory first, since that is what graphics cards
 * lack. Never below the minimum of OWASP, however slow the machine.
 * @param measure milliseconds one hash of this cost takes
 */
export async function calibrateCost(
  measure: (cost: PasswordCost) => Promise<number> = measureHash,
): Promise<PasswordCost> {
  await measure(LEAST_COST); // the first one also pays for loading
  const scale = WANTED_MS / Math.max(1, await measure(LEAST_COST));
  if (scale <= 1) return LEAST_COST;
  const memoryScale = Math.min(scale, MOST_MEMORY_KIB / LEAST_COST.memoryKiB);
  const memoryKiB = Math.floor((LEAST_COST.memoryKiB * memoryScale) / 1024) * 1024;
  const passes = Math.min(
    MOST_PASSES,
    Math.max(LEAST_COST.passes, Math.floor((LEAST_COST.passes * scale) / memoryScale)),
  );
  return { ...LEAST_COST, memoryKiB: Math.max(LEAST_COST.memoryKiB, memoryKiB), passes };
}

async function measureHash(cost: PasswordCost): Promise<number> {
  const start = performance.now();
  await hashPassword('a password to measure with', cost);
  return performance.now() - start;
}
