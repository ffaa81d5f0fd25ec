// SHA-256 (FIPS 180-4) without waiting: a page has it only as a promise, which is slow for many short texts.
const K = new Int32Array(64);
const START = new Int32Array(8);

// The constants are the first 32 bits of the fractional parts of roots of the first primes.
for (let prime = 2, count = 0; count < 64; prime++) {
  let composite = false;
  for (let factor = 2; factor * factor <= prime; factor++) if (prime % factor === 0) composite = true;
  if (composite) continue;
  if (count < 8) START[count] = fraction(Math.sqrt(prime));
  K[count++] = fraction(Math.cbrt(prime));
}

function fraction(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

const W = new Int32Array(64);

function compress(state, bytes, start) {
  for (let at = 0, from = start; at < 16; at++, from += 4) {
    W[at] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
  }
  for (let at = 16; at < 64; at++) {
    const x = W[at - 15];
    const y = W[at - 2];
    const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[at] = (W[at - 16] + small + W[at - 7] + large) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at++) {
    const big = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + big + ((e & f) ^ (~e & g)) + K[at] + W[at]) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

export class Sha256 {
  constructor() {
    this.state = START.slice();
    this.block = new Uint8Array(64);
    this.held = 0;
    this.length = 0;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held > 0) {
      at = Math.min(64 - this.held, bytes.length);
      this.block.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      compress(this.state, this.block, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) compress(this.state, bytes, at);
    if (at < bytes.length) {
      this.block.set(bytes.subarray(at));
      this.held = bytes.length - at;
    }
    return this;
  }

  /** The digest so far; more may follow. */
  digest() {
    const state = this.state.slice();
    const end = new Uint8Array(this.held < 56 ? 64 : 128);
    end.set(this.block.subarray(0, this.held));
    end[this.held] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(this.length / 2 ** 29));
    view.setUint32(end.length - 4, (this.length * 8) % 2 ** 32);
    for (let at = 0; at < end.length; at += 64) compress(state, end, at);
    const out = new DataView(new ArrayBuffer(32));
    for (let at = 0; at < 8; at++) out.setInt32(at * 4, state[at]);
    return new Uint8Array(out.buffer);
  }
}
