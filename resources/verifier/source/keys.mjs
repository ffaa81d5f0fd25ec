// Keys, as a chain introduces them, and their stretches.
import { fromBase64, fromHex, hex, same } from './bytes.mjs';
import { isEd25519Key } from './ed25519.mjs';

export const SPKI_ED25519 = fromHex('302a300506032b6570032100');
const SPKI_P256 = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');

/** Whether two coordinates are a point of P-256 (SEC 2, secp256r1). */
function isOnCurve(point) {
  if (point.length !== 64) return false;
  const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const x = BigInt(`0x${hex(point.subarray(0, 32))}`);
  const y = BigInt(`0x${hex(point.subarray(32))}`);
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

/** The key of a description whose members have their shape, or why it is none. */
export function readKey(platform, { id, alg, spki: text }) {
  const spki = fromBase64(text);
  if (spki === null) return 'spki is not base64';
  if (hex(platform.sha256(spki).subarray(0, 8)) !== id) return 'the id is not that of the key';
  const start = alg === 'Ed25519' ? SPKI_ED25519 : SPKI_P256;
  const raw = spki.subarray(start.length);
  const isRaw = alg === 'Ed25519' ? isEd25519Key : isOnCurve;
  if (!same(spki.subarray(0, start.length), start) || !isRaw(raw)) {
    return `spki is not the DER of a key of algorithm ${alg}, in its only form`;
  }
  return { id, alg, spki, raw };
}

/** The two numbers of an ECDSA signature in DER as 64 bytes; null when it is not strict DER. */
export function fromDer(der) {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 0x7f) return null;
  const out = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length < 1 || number.length !== length || number[0] > 0x7f) return null;
    if (length > 1 && number[0] === 0 && number[1] < 0x80) return null;
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (digits.length > 32) return null;
    out.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? out : null;
}

/** For each key of a header the `fromSeq` of the first one after it that is later, or undefined: where it is retired. */
export function endsOf(keys) {
  const ends = [];
  const later = []; // fromSeqs after this place that none before them hides, the nearest last
  for (let at = keys.length - 1; at >= 0; at--) {
    while (later.length > 0 && later.at(-1) <= keys[at].fromSeq) later.pop();
    ends[at] = later.at(-1);
    later.push(keys[at].fromSeq);
  }
  return ends;
}

/** The keys the chain introduced, each with the stretch in which it is in force. */
export class KeyRing {
  constructor() {
    this.entries = new Map();
  }

  add({ id, alg, spki, fromSeq }, key, by = null) {
    if (this.entries.has(id)) return false;
    this.entries.set(id, { id, alg, spki, fromSeq, key, by, until: null, records: 0, signed: 0 });
    return true;
  }

  retire(id, until) {
    const entry = this.entries.get(id);
    if (entry !== undefined) entry.until = until;
  }

  get list() {
    return [...this.entries.values()];
  }

  /** Keys that may sign a checkpoint of that size. */
  forCheckpoint(size) {
    return this.list.filter((entry) => inForce(entry, size) || inForce(entry, size + 1)).map(({ key }) => key);
  }

  /** Whether rotations that were verified lead from one key to the other. */
  leads(from, to) {
    for (let at = to; at !== null; at = this.entries.get(at)?.by ?? null) if (at === from) return true;
    return false;
  }

  get stated() {
    return stateKeys(this.list);
  }
}

export const inForce = ({ fromSeq, until }, seq) => seq >= fromSeq && (until === null || seq < until);
export const stateKeys = (keys) =>
  keys.map(({ id, alg, spki, fromSeq }) => `${id} ${alg} ${spki} ${fromSeq}`).join('\n');
