import type { Note, NoteSignature } from '../checkpoint.ts';
import { verifyEd25519 } from '../ed25519.ts';
import type { WitnessKey } from './vkey.ts';

/** The end of the year 9999 in POSIX seconds: the last time that can be written as a record's `time`. */
const MAX_SECONDS = 253_402_300_799;
/** Seconds and signature; the key id stands before them in the line. */
const LENGTH = 8 + 64;

/** What a witness signs: C2SP tlog-cosignature, version 1, Ed25519. `text` is the note's three lines. */
export function cosignatureMessage(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, 'utf8');
}

/** The signature line, with its line feed. `signature` is over `cosignatureMessage`. */
export function cosignatureLine(key: WitnessKey, seconds: number, signature: Uint8Array): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const bytes = Buffer.concat([Buffer.from(key.keyId, 'hex'), time, signature]);
  return `— ${key.name} ${bytes.toString('base64')}\n`;
}

/** POSIX seconds of a cosignature; null when the line is none, or its time is beyond the year 9999. */
export function cosignatureSeconds({ signature }: NoteSignature): number | null {
  if (signature.length !== LENGTH) return null;
  const seconds = signature.readBigUInt64BE();
  return seconds > BigInt(MAX_SECONDS) ? null : Number(seconds);
}

/** Whether the line's name and key id are those of the key: then its signature must hold. */
export function isOf(line: NoteSignature, key: WitnessKey): boolean {
  return line.name === key.name && line.keyId.toString('hex') === key.keyId;
}

export function verifyCosignature(text: string, line: NoteSignature, key: WitnessKey): boolean {
  const seconds = cosignatureSeconds(line);
  if (seconds === null || !isOf(line, key)) return false;
  return verifyEd25519(key.publicKey, cosignatureMessage(text, seconds), line.signature.subarray(8));
}

export interface JudgedCosignature {
  readonly name: string;
  /** 8 lower-case hexadecimal digits. */
  readonly keyId: string;
  /** The witness's clock, RFC 3339 with three fraction digits; null when the line tells none. */
  readonly time: string | null;
  readonly state: 'verified' | 'unknown-key' | 'wrong';
}

/** Every signature line after the chain's own, in order, judged by the keys that are known. */
export function judgeCosignatures(note: Note, keys: readonly WitnessKey[]): JudgedCosignature[] {
  return note.signatures.slice(1).map((line) => {
    const seconds = cosignatureSeconds(line);
    const time = seconds === null ? null : new Date(seconds * 1000).toISOString();
    const known = keys.filter((key) => isOf(line, key)); // four bytes name a key: two may share them
    const holds = known.some((key) => verifyCosignature(note.text, line, key));
    const state = known.length === 0 ? 'unknown-key' : holds ? 'verified' : 'wrong';
    return { name: line.name, keyId: line.keyId.toString('hex'), time, state };
  });
}
