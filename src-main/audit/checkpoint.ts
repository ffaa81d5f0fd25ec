import { decodeBase64 } from './json-read.ts';
import { noteKeyId, type VerifyingKey, verifyNoteSignature } from './keys.ts';
import type { Signer } from './signer.ts';
import { p1363ToDer } from './signers/ecdsa-signature.ts';

/** A signed tree head: C2SP signed note over a C2SP tlog-checkpoint without extension lines. */
export interface Checkpoint {
  readonly chain: string;
  readonly size: number;
  /** Base64, as in the note. */
  readonly root: string;
  readonly note: string;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

export interface Note extends Checkpoint {
  /** What the signatures are over: the three lines with their line feeds. */
  readonly text: string;
  /** The first one is the chain's own; further ones are witnesses'. */
  readonly signatures: readonly NoteSignature[];
}

/** Longest note read, in bytes or characters. */
export const MAX_NOTE = 64 * 1024;
const ORIGIN = /^causeway\/([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/;
/** C2SP signed-note: no plus, no spaces, no control characters. */
const NAME = '[^\\s+\\p{Cc}]{1,256}';
export const SIGNATURE_NAME: RegExp = new RegExp(`^${NAME}$`, 'u');
const SIGNATURE_LINE = new RegExp(`^— (${NAME}) ([A-Za-z0-9+/]+={0,2})$`, 'u');

export function originOf(chain: string): string {
  return `causeway/${chain}`;
}

export function checkpointText(chain: string, size: number, root: Buffer): string {
  return `${originOf(chain)}\n${size}\n${root.toString('base64')}\n`;
}

/** Signs a tree head with the chain's key. */
export async function signCheckpoint(
  chain: string,
  size: number,
  root: Buffer,
  signer: Signer,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const text = checkpointText(chain, size, root);
  const name = originOf(chain);
  const made = await signer.sign(Buffer.from(text, 'utf8'), signal);
  const signature = signer.alg === 'ES256' ? p1363ToDer(made) : made;
  const line = Buffer.concat([noteKeyId(name, signer), signature]).toString('base64');
  return { chain, size, root: root.toString('base64'), note: `${text}\n— ${name} ${line}\n` };
}

/** The note's parts, or the reason why it is none. Says nothing about signatures. Attacker-controlled. */
export function parseNote(note: string): Note | string {
  if (note.length > MAX_NOTE) return 'the note is too long';
  if (!note.isWellFormed()) return 'the note holds a lone surrogate';
  const lines = note.split('\n');
  if (lines.pop() !== '') return 'the note does not end in a line feed';
  const [origin, size, root, empty, ...rest] = lines;
  if (origin === undefined || size === undefined || root === undefined || empty !== '') {
    return 'the note is not three lines, an empty line and signatures';
  }
  const chain = ORIGIN.exec(origin)?.[1];
  if (chain === undefined) return 'the origin is not that of a chain';
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return 'the tree size is no number';
  if (decodeBase64(root)?.length !== 32) return 'the root hash is not the base64 of 32 bytes';
  if (rest.length === 0) return 'the note has no signature';
  const signatures: NoteSignature[] = [];
  for (const line of rest) {
    const signature = parseSignatureLine(line);
    if (signature === null) return 'a signature line is malformed';
    signatures.push(signature);
  }
  const text = `${origin}\n${size}\n${root}\n`;
  return { chain, size: Number(size), root, note, text, signatures };
}

function parseSignatureLine(line: string): NoteSignature | null {
  const match = SIGNATURE_LINE.exec(line);
  const bytes = decodeBase64(match?.[2] ?? '');
  if (match?.[1] === undefined || bytes === null || bytes.length < 5) return null;
  return { name: match[1], keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** The key among these that made the note's first signature, or what is wrong with it. */
export function noteSigner(note: Note, keys: readonly VerifyingKey[]): VerifyingKey | string {
  const own = note.signatures[0];
  const name = originOf(note.chain);
  if (own === undefined || own.name !== name) return 'the first signature is not by the chain';
  // four bytes name a key in the note: two keys may share them
  const candidates = keys.filter((candidate) => noteKeyId(name, candidate).equals(own.keyId));
  if (candidates.length === 0) return 'the signature is by no key of the chain in force at that size';
  const text = Buffer.from(note.text, 'utf8');
  return candidates.find((key) => verifyNoteSignature(key, text, own.signature)) ?? 'the signature is wrong';
}

/** null when one of the keys made the note's first signature, otherwise what is wrong. */
export function verifyNote(note: Note, keys: readonly VerifyingKey[]): string | null {
  const signer = noteSigner(note, keys);
  return typeof signer === 'string' ? signer : null;
}
