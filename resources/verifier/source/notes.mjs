// Checkpoints: C2SP signed notes.
import { concat, fromBase64, hex, toBytes } from './bytes.mjs';
import { fromDer } from './keys.mjs';
import { MAX_NOTE } from './limits.mjs';

const ORIGIN = /^causeway\/([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/;
export const NAME = /^[^\s+\p{Cc}]{1,256}$/u;

/** The parts of a checkpoint, or why it is none. */
export function readNote(note) {
  if (note.length > MAX_NOTE) return 'the note is too long';
  if (!note.isWellFormed()) return 'the note holds a lone surrogate';
  const lines = note.split('\n');
  if (lines.pop() !== '') return 'the note does not end in a line feed';
  const [origin, sizeText, root, empty, ...rest] = lines;
  if (empty !== '') return 'the note is not three lines, an empty line and signatures';
  const chain = ORIGIN.exec(origin)?.[1];
  if (chain === undefined) return 'the origin is not that of a chain';
  const size = /^(0|[1-9]\d{0,15})$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  if (!Number.isSafeInteger(size)) return 'the tree size is no number';
  if (fromBase64(root)?.length !== 32) return 'the root hash is not the base64 of 32 bytes';
  if (rest.length === 0) return 'the note has no signature';
  const signatures = rest.map(readSignatureLine);
  if (signatures.includes(null)) return 'a signature line is malformed';
  return { chain, size, root, origin, text: `${origin}\n${sizeText}\n${root}\n`, signatures };
}

function readSignatureLine(line) {
  const [dash, name, text, ...more] = line.split(' ');
  if (dash !== '—' || more.length > 0 || name === undefined || text === undefined || !NAME.test(name)) return null;
  const bytes = fromBase64(text);
  if (bytes === null || bytes.length < 5) return null;
  return { name, keyId: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

function noteKeyId(platform, name, { alg, spki, raw }) {
  const input = alg === 'ES256' ? spki : concat(toBytes(`${name}\n`), [1], raw);
  return hex(platform.sha256(input).subarray(0, 4));
}

/** The key that made the note's first signature, or what is wrong with it. */
export async function noteSigner(platform, note, keys) {
  const [own] = note.signatures;
  if (own.name !== note.origin) return 'the first signature is not by the chain';
  const candidates = keys.filter((key) => noteKeyId(platform, note.origin, key) === own.keyId);
  if (candidates.length === 0) return 'the signature is by no key of the chain in force at that size';
  for (const key of candidates) {
    const signature = key.alg === 'ES256' ? fromDer(own.signature) : own.signature;
    if (signature?.length === 64 && (await platform.verify(key, toBytes(note.text), signature))) return key;
  }
  return 'the signature is wrong';
}
