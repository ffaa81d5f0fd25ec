import { CHAIN } from './chain.ts';
import { ed25519Key, rawKey, sha256, type VectorKey } from './crypto.ts';
import type { Witness } from './vector.ts';

/** C2SP tlog-cosignature, version 1. */
export interface VectorWitness {
  readonly name: string;
  readonly key: VectorKey;
  readonly id: Buffer;
  readonly vkey: string;
}

export function witness(name: string): VectorWitness {
  const key = ed25519Key(`witness ${name}`);
  const typed = Buffer.concat([Buffer.from([4]), rawKey(key)]);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed])).subarray(0, 4);
  return { name, key, id, vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

export const SECONDS = 1_767_323_045;
const TIME = '2026-01-02T03:04:05.000Z';

/** The signature line of a witness over a note's first three lines. */
export function cosign(by: VectorWitness, note: string, seconds = SECONDS): string {
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const signature = by.key.sign(Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, 'utf8'));
  return signatureLine(by, Buffer.concat([secondsBytes(seconds), signature]));
}

export function secondsBytes(seconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(seconds));
  return bytes;
}

export function signatureLine({ name, id }: Pick<VectorWitness, 'name' | 'id'>, rest: Buffer): string {
  return `— ${name} ${Buffer.concat([id, rest]).toString('base64')}\n`;
}

export function told({ name, id }: VectorWitness, state: Witness['state'], time: string | null = TIME): Witness {
  return { name, keyId: id.toString('hex'), time, state };
}

export const ALPHA: VectorWitness = witness('alpha.example');
export const BETA: VectorWitness = witness(`beta.example/${CHAIN}`);
