import { createHash, type KeyObject } from 'node:crypto';

/** Arithmetic of edwards25519 (RFC 8032, 5.1), for points that are of small order and signatures made with them. */
const P = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const D = mod(-121665n * invert(121666n));

type Point = readonly [x: bigint, y: bigint];

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n, square = mod(square * square)) {
    if ((left & 1n) === 1n) result = mod(result * square);
  }
  return result;
}

function invert(value: bigint): bigint {
  return power(value, P - 2n);
}

function rootOf(square: bigint): bigint | null {
  const candidate = power(square, (P + 3n) / 8n);
  for (const root of [candidate, mod(candidate * power(2n, (P - 1n) / 4n))]) {
    if (mod(root * root) === mod(square)) return root;
  }
  return null;
}

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const product = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * invert(1n + product)), mod((y1 * y2 + x1 * x2) * invert(1n - product))];
}

function multiply(factor: bigint, point: Point): Point {
  let result: Point = [0n, 1n];
  for (let left = factor, double = point; left > 0n; left >>= 1n, double = add(double, double)) {
    if ((left & 1n) === 1n) result = add(result, double);
  }
  return result;
}

function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** Every way to write a point whose order divides 8 in 32 bytes: reduced or not, with either sign. */
export function smallOrderEncodings(): Buffer[] {
  const ys = new Set<bigint>();
  for (let y = 2n; ys.size < 5; y++) {
    const x = rootOf((y * y - 1n) * invert(D * y * y + 1n));
    if (x === null) continue;
    const torsion = multiply(ORDER, [x, y]);
    for (let factor = 0n; factor < 8n; factor++) ys.add(multiply(factor, torsion)[1]);
  }
  const written = [...ys].flatMap((y) => [y, y + P]).filter((y) => y < 1n << 255n);
  return written.flatMap((y) => [littleEndian(y), littleEndian(y | (1n << 255n))]);
}

/** A signature whose R is the identity, which holds by the equation alone: libraries differ on it. */
export function signWithIdentity(key: KeyObject, raw: Uint8Array, text: Uint8Array): Buffer {
  const seed = key.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const secret = createHash('sha512').update(seed).digest().subarray(0, 32);
  secret.writeUInt8(secret.readUInt8(0) & 248, 0);
  secret.writeUInt8((secret.readUInt8(31) & 127) | 64, 31);
  const point = littleEndian(1n);
  const challenge = numberOf(createHash('sha512').update(point).update(raw).update(text).digest()) % ORDER;
  return Buffer.concat([point, littleEndian((challenge * numberOf(secret)) % ORDER)]);
}
