// Files and cryptography of Node.
import * as crypto from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { unopened } from './conclusion.mjs';
import { isSmallOrder } from './ed25519.mjs';
import { Verification } from './verification.mjs';

const sha256 =
  typeof crypto.hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes, 'buffer')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest();

function verifySignature(key, message, signature) {
  if (key.alg === 'Ed25519' && isSmallOrder(signature)) return false;
  key.native ??= crypto.createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
  return key.alg === 'Ed25519'
    ? crypto.verify(null, message, key.native, signature)
    : crypto.verify('sha256', message, { key: key.native, dsaEncoding: 'ieee-p1363' }, signature);
}

export const nodePlatform = {
  sha256,
  digest() {
    const hash = crypto.createHash('sha256');
    return { update: (bytes) => hash.update(bytes), hex: () => hash.copy().digest('hex') };
  },
  verify: verifySignature,
  verifyNow: verifySignature,
};

const PIECE = 1024 * 1024;

/** The verdict on a file. `options`: {since, key, witnesses}; `since` is the text of a checkpoint. */
export async function verifyFile(path, options = {}) {
  const started = performance.now();
  const verdict = await judgeFile(path, options);
  const { verdict: word, ...rest } = verdict;
  return { verdict: word, file: path, ...rest, elapsedMs: Math.round(performance.now() - started) };
}

async function judgeFile(path, options) {
  let file;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for its writer
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return unopened(`the file cannot be opened: ${describe(error)}`);
  }
  try {
    const stat = fstatSync(file);
    return stat.isFile() ? await judgeOpen(file, stat.size, options) : unopened('this is not a file');
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return unopened(`the file cannot be read: ${describe(error)}`);
  } finally {
    closeSync(file);
  }
}

async function judgeOpen(file, size, options) {
  const readAt = (offset, length) => {
    const bytes = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = readSync(file, bytes, read, length - read, offset + read);
      if (got === 0) break;
      read += got;
    }
    return bytes.subarray(0, read);
  };
  const verification = new Verification(nodePlatform, readAt, readAt(0, 64), options);
  const take = (lines) => {
    for (const line of lines) verification.apply(line, verification.prepare(line));
  };
  const piece = Buffer.alloc(PIECE);
  let position = 0;
  while (position < size) {
    const read = readSync(file, piece, 0, Math.min(PIECE, size - position), position);
    if (read === 0) break;
    position += read;
    take(verification.cutter.cut(piece.subarray(0, read)));
  }
  take(verification.cutter.last());
  return verification.finish(readSync(file, piece, 0, 1, position) > 0);
}

export const describe = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
