import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { KeyId } from '#shared/model/audit-record.ts';
import { canonicalBytes, isCanonical, NotCanonicalError } from './canonical.ts';
import { hashRecord } from './hash.ts';
import { holdsProto } from './json-proto.ts';
import { decodeBase64, isObject, readJson } from './json-read.ts';
import { readKey, type VerifyingKey, verifySignature } from './keys.ts';

/** A key that signs files; its secret half stays where it is. */
export interface FileKey {
  /** First 8 bytes of SHA-256 over the SubjectPublicKeyInfo, lowercase hex: the rule of the chain's keys. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER (RFC 8410). */
  readonly spki: Uint8Array;
  /** Ed25519 (RFC 8032). */
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/** A kind of signed file (docs/decision-files.md, docs/auditor-bundle.md). Its name is in the file, and in what is signed. */
export interface FileFormat<Content> {
  /** As in the file: "causeway-answer/1". */
  readonly name: string;
  readonly maxBytes: number;
  readonly content: z.ZodType<Content>;
  /** In a sentence: "an answer to a request". */
  readonly what: string;
  /** Of the errors when it is none. */
  readonly reason: string;
}

export interface SignedFile<Content> {
  readonly content: Content;
  /** The key the file says it is signed by. Whether it is to be believed is for the caller to find out. */
  readonly key: VerifyingKey;
  readonly signature: Buffer;
  /** What the signature is over. */
  readonly signedText: Buffer;
  /** Lowercase hex SHA-256 of the file. */
  readonly digest: string;
}

const Key = z.strictObject({ id: KeyId, spki: z.string().max(256) });

/** The bytes of a file: canonical JSON (RFC 8785) and a line feed, its only form. */
export async function writeSignedFile<Content>(
  format: FileFormat<Content>,
  content: Content,
  key: FileKey,
): Promise<Buffer> {
  const unsigned = {
    causeway: format.name,
    content: format.content.parse(content),
    key: { id: key.keyId, spki: Buffer.from(key.spki).toString('base64') },
  };
  const signature = Buffer.from(await key.sign(textToSign(format.name, unsigned))).toString('base64');
  const bytes = Buffer.concat([canonicalBytes({ ...unsigned, signature }), Buffer.from('\n', 'ascii')]);
  if (bytes.length <= format.maxBytes) return bytes;
  throw new CausewayError('too-large', `This is too large for ${format.what}.`, { reason: format.reason });
}

/** The name of the format and the SHA-256 of everything but the signature: no text of another kind can be taken for it. */
function textToSign(name: string, unsigned: object): Buffer {
  return Buffer.from(`${name}\n${hashRecord(canonicalBytes(unsigned))}\n`, 'ascii');
}

/**
 * Reads a file somebody else made. Canonical form is asked for byte by byte: of two members of one name one would
 * otherwise be shown and the other one be believed.
 * @throws CausewayError `bad-input` with the format's reason. The signature is not checked here.
 */
export function readSignedFile<Content>(format: FileFormat<Content>, bytes: Uint8Array): SignedFile<Content> {
  if (bytes.length > format.maxBytes) throw malformed(format, 'it is too long');
  const reading = readJson(bytes);
  if (!reading.ok) throw malformed(format, `it is ${reading.reason}`);
  const { text, value } = reading;
  if (!isObject(value) || value.causeway !== format.name) throw malformed(format, `it is not a file ${format.name}`);
  if (holdsProto(value) || !text.endsWith('\n') || !isOnlyForm(text.slice(0, -1), value)) {
    throw malformed(format, 'it is not written in the one form there is for it, or it was changed');
  }
  const Whole = z.strictObject({
    causeway: z.literal(format.name),
    content: format.content,
    key: Key,
    signature: z.string().length(88),
  });
  const file = Whole.safeParse(value);
  if (!file.success) throw malformed(format, 'it has other members than it should', file.error);
  const { signature: encoded, ...unsigned } = file.data;
  const signature = decodeBase64(encoded);
  const key = readKey({ ...unsigned.key, alg: 'Ed25519' });
  if (signature === null) throw malformed(format, 'its signature is not base64');
  if (typeof key === 'string') throw malformed(format, key);
  const digest = hashRecord(bytes);
  return { content: file.data.content, key, signature, signedText: textToSign(format.name, unsigned), digest };
}

export function holdsSignature({ signature, signedText }: SignedFile<unknown>, key: VerifyingKey): boolean {
  return verifySignature(key, signedText, signature);
}

function isOnlyForm(text: string, value: unknown): boolean {
  try {
    return isCanonical(text, value);
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}

function malformed(
  { what, reason }: FileFormat<never> | FileFormat<unknown>,
  why: string,
  cause?: unknown,
): CausewayError {
  return new CausewayError('bad-input', `This is not ${what}: ${why}.`, { reason, cause });
}
