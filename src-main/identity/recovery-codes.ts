import { hash } from 'node:crypto';
import type { Random } from '#main/platform/random.ts';
import { readCode, writeCode } from './codes.ts';

const HOW_MANY = 10;
/** 80 bits: more than can be tried, so that a plain hash is enough (NIST SP 800-63B, 3.1.2.2 asks for 64). */
const BYTES = 10;

/** Ten codes for a person, in groups of four, and what is kept of them. They are shown once. */
export function makeRecoveryCodes(person: string, random: Random): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: HOW_MANY }, () => writeCode(random.bytes(BYTES), 4));
  return { codes, hashes: codes.map((code) => hashOf(person, code)) };
}

/** The hashes without that of this code, or null when it is none of them. */
export function spendRecoveryCode(person: string, code: string, hashes: readonly string[]): string[] | null {
  const found = hashOf(person, code);
  return hashes.includes(found) ? hashes.filter((kept) => kept !== found) : null;
}

function hashOf(person: string, code: string): string {
  return hash('sha256', `recovery code of ${person}: ${readCode(code)}`, 'hex');
}
