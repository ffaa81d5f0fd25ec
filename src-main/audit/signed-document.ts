import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { KeyAlgorithm, KeyDescription } from '#shared/model/audit-record.ts';
import { decodeBase64 } from './json-read.ts';
import { readKey, verifySignature } from './keys.ts';
import type { Signer } from './signer.ts';

/** What is signed by a chain's key besides records, checkpoints and incidents; the name keeps one from passing as another. */
export type DocumentFormat = 'causeway-report/1' | 'causeway-bundle/1';

export interface DocumentSignature {
  /** Id of the key. */
  readonly key: string;
  readonly alg: z.infer<typeof KeyAlgorithm>;
  /** Base64 of 64 bytes; ES256 in IEEE P1363 encoding, as records have it. */
  readonly value: string;
}

/** What the signature is over: format and digest (lowercase hex SHA-256), each with a line feed. */
export function documentText(format: DocumentFormat, digest: string): Buffer {
  return Buffer.from(`${format}\n${digest}\n`, 'ascii');
}

/**
 * Signs the digest of a document. Nothing is written: a broken history does not keep a report from saying so.
 * @throws CausewayError `bad-input` for no digest, `audit-unavailable` when the key cannot be used now
 */
export async function signDocument(signer: Signer, format: DocumentFormat, digest: string): Promise<DocumentSignature> {
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    throw new CausewayError('bad-input', 'Only the SHA-256 of a document can be signed, as 64 lowercase hex digits.');
  }
  const { keyId, alg } = signer; // before waiting: the key may be rotated meanwhile
  const signature = await signer.sign(documentText(format, digest));
  return { key: keyId, alg, value: Buffer.from(signature).toString('base64') };
}

/**
 * Whether one of these keys made the signature. `unknown-key`: none of them has its id, or that one cannot be read.
 * Says nothing about where the keys come from. Attacker-controlled, all of it.
 */
export function verifyDocument(
  keys: readonly KeyDescription[],
  format: DocumentFormat,
  digest: string,
  { key: id, alg, value }: DocumentSignature,
): 'holds' | 'unknown-key' | 'wrong' {
  const description = keys.find((key) => key.id === id);
  const key = description === undefined ? null : readKey(description);
  if (key === null || typeof key === 'string') return 'unknown-key';
  const signature = decodeBase64(value);
  if (key.alg !== alg || signature === null) return 'wrong';
  return verifySignature(key, documentText(format, digest), signature) ? 'holds' : 'wrong';
}
