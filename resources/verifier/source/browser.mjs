// Files and cryptography of a browser.
import { fromHex, hex } from './bytes.mjs';
import { isSmallOrder } from './ed25519.mjs';
import { isObject } from './json.mjs';
import { readKey } from './keys.mjs';
import { Sha256 } from './sha256.mjs';
import { isKey } from './shapes.mjs';
import { Verification } from './verification.mjs';

/** The browser cannot verify signatures of an algorithm: nothing is said of the file then. */
export class NoAlgorithm extends Error {}

const ALGORITHMS = {
  Ed25519: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
  ES256: [
    { name: 'ECDSA', namedCurve: 'P-256' },
    { name: 'ECDSA', hash: 'SHA-256' },
  ],
};

export const browserPlatform = {
  sha256: (bytes) => new Sha256().update(bytes).digest(),
  digest() {
    const digest = new Sha256();
    return { update: (bytes) => digest.update(bytes), hex: () => hex(digest.digest()) };
  },
  verifyNow() {
    throw new Error('a signature was not verified ahead'); // never taken for one that holds
  },
  async verify(key, message, signature) {
    if (key.alg === 'Ed25519' && isSmallOrder(signature)) return false;
    const [imported, verified] = ALGORITHMS[key.alg];
    try {
      key.native ??= await crypto.subtle.importKey('spki', key.spki, imported, false, ['verify']);
      return await crypto.subtle.verify(verified, key.native, signature, message);
    } catch (error) {
      if (await knows(key.alg)) return false; // the key is none for this browser: nothing verifies under it
      throw new NoAlgorithm(key.alg, { cause: error });
    }
  },
};

/** A known key of each algorithm: whether the browser can take it. */
const SAMPLES = {
  Ed25519: '302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  ES256:
    '3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
};
const known = new Map();

async function knows(alg) {
  if (!known.has(alg)) {
    const importing = crypto.subtle?.importKey('spki', fromHex(SAMPLES[alg]), ALGORITHMS[alg][0], false, ['verify']);
    const usable = Promise.resolve(importing).then(
      (key) => key !== undefined,
      () => false,
    );
    known.set(alg, await usable);
  }
  return known.get(alg);
}

/** Keys a file may introduce, by id: signatures are verified ahead under each that has the id a record names. */
export class KnownKeys {
  constructor() {
    this.byId = new Map();
  }

  add(description) {
    if (!isObject(description) || !isKey(description, '')) return;
    const keys = this.byId.get(description.id) ?? [];
    if (keys.some(({ spkiText }) => spkiText === description.spki)) return;
    const key = readKey(browserPlatform, description);
    if (typeof key !== 'string') this.byId.set(description.id, [...keys, { ...key, spkiText: description.spki }]);
  }

  learn({ kind, read, record, seq }) {
    if (kind === 'header' && typeof read !== 'string') for (const key of read.keys) this.add(key);
    if (kind !== 'record' || !isObject(record?.data)) return;
    const { keys, newKey, purpose } = record.data;
    if (record.action === 'tenant.created' && (seq ?? 1) === 1 && Array.isArray(keys)) {
      for (const key of keys.slice(0, 8)) this.add(key);
    }
    if (record.action === 'credential.key_rotated' && purpose === 'signing') this.add(newKey);
  }

  /** Once the first keys are settled, none can come in but by a rotation yet to be read: the others are forgotten. */
  keep({ settled = true, ring }) {
    if (!settled) return;
    for (const [id, keys] of this.byId) {
      const kept = keys.filter(({ spkiText }) => spkiText === ring.entries.get(id)?.spki);
      if (kept.length === 0) this.byId.delete(id);
      else this.byId.set(id, kept);
    }
  }

  /** Verifies the signatures of these lines under every key they may be by. */
  async tryAll(jobs) {
    const tries = [];
    for (const job of jobs) {
      if (job.kind !== 'record' || job.sig?.length !== 64) continue;
      for (const key of this.byId.get(job.record?.key) ?? []) {
        job.holds ??= new Map();
        const verified = browserPlatform.verify(key, job.message, job.sig);
        tries.push(verified.then((holds) => job.holds.set(key.spkiText, holds)));
      }
    }
    await Promise.all(tries);
  }
}

const PIECE = 512 * 1024;
/** How long the page is kept waiting at most, in milliseconds. */
const SLICE = 24;

const breathe = () => new Promise((resolve) => setTimeout(resolve));

/** The verdict on a file from the reader's disk. `onProgress`: bytes read; `signal`: ends it. */
export async function verifyBlob(file, options, onProgress, signal) {
  const { size } = file;
  const read = async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  const readAt = (offset, length) => read(offset, offset + length);
  const keys = new KnownKeys();
  const verification = new Verification(browserPlatform, readAt, await read(0, 64), options);
  let since = performance.now();
  const take = async (lines) => {
    const jobs = [];
    for (const line of lines) {
      const job = verification.prepare(line);
      keys.learn(job);
      jobs.push(job);
      if (performance.now() - since < SLICE) continue;
      await breathe();
      signal.throwIfAborted();
      since = performance.now();
    }
    if (options.signatures !== false) await keys.tryAll(jobs);
    for (const [index, line] of lines.entries()) {
      const waiting = verification.apply(line, jobs[index]);
      if (waiting !== undefined) await waiting;
    }
    keys.keep(verification.records);
  };
  for (let position = 0; position < size; position += PIECE) {
    signal.throwIfAborted();
    await take(verification.cutter.cut(await read(position, Math.min(position + PIECE, size))));
    onProgress(Math.min(position + PIECE, size));
  }
  await take(verification.cutter.last());
  return verification.finish(false);
}
