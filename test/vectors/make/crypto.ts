import { createECDH, createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** Keys and signatures that come out the same every time: nothing here is secret, and none of it protects anything. */
export interface VectorKey {
  readonly id: string;
  readonly alg: 'Ed25519' | 'ES256';
  readonly spki: Buffer;
  /** Over ASCII bytes, as it stands beside a record: 64 bytes. */
  readonly sign: (text: Buffer) => Buffer;
  /** As it stands in a note: for ES256 in ASN.1 DER. */
  readonly signNote: (text: Buffer) => Buffer;
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

export const seedOf = (name: string): Buffer => sha256(Buffer.from(`Causeway chain format test vectors: ${name}`));

/** RFC 8410: PKCS #8 up to the 32 bytes of the seed. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
/** RFC 5915 in PKCS #8, for P-256: up to the private value, and between it and the public point. */
const PKCS8_P256 = Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420', 'hex');
const PKCS8_P256_POINT = Buffer.from('a144034200', 'hex');
/** Order of P-256's base point (SEC 2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export function ed25519Key(name: string): VectorKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seedOf(name)]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const signText = (text: Buffer) => sign(null, text, privateKey);
  return { id: keyId(spki), alg: 'Ed25519', spki, sign: signText, signNote: signText };
}

export function es256Key(name: string): VectorKey {
  const secret = seedOf(name);
  const point = multiplyBase(toNumber(secret));
  const der = Buffer.concat([PKCS8_P256, secret, PKCS8_P256_POINT, point]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signText = (text: Buffer): Buffer => {
    const signature = signDeterministic(secret, text);
    if (!verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)) throw new Error('ES256');
    return signature;
  };
  return { id: keyId(spki), alg: 'ES256', spki, sign: signText, signNote: (text) => p1363ToDer(signText(text)) };
}

export function keyId(spki: Buffer): string {
  return sha256(spki).subarray(0, 8).toString('hex');
}

/** The raw 32 bytes at the end of an Ed25519 SubjectPublicKeyInfo. */
export function rawKey(key: VectorKey): Buffer {
  return key.spki.subarray(-32);
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const toBytes = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(64, '0'), 'hex');

/** The point `factor` times the base point, uncompressed: what a key agreement computes for its own public key. */
function multiplyBase(factor: bigint): Buffer {
  const agreement = createECDH('prime256v1');
  agreement.setPrivateKey(toBytes(factor));
  return agreement.getPublicKey();
}

function invert(value: bigint): bigint {
  let power = ORDER - 2n; // Fermat: the order is prime
  let result = 1n;
  for (let base = value % ORDER; power > 0n; power >>= 1n) {
    if ((power & 1n) === 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

/** ECDSA with the nonce of RFC 6979, section 3.2, for P-256 and SHA-256. */
function signDeterministic(secret: Buffer, text: Buffer): Buffer {
  const digest = toNumber(sha256(text)) % ORDER;
  const hmac = (key: Buffer, ...parts: readonly Buffer[]) =>
    createHmac('sha256', key).update(Buffer.concat(parts)).digest();
  let v = Buffer.alloc(32, 1) as Buffer;
  let k = Buffer.alloc(32, 0) as Buffer;
  for (const separator of [0, 1]) {
    k = hmac(k, v, Buffer.from([separator]), secret, toBytes(digest));
    v = hmac(k, v);
  }
  for (;;) {
    v = hmac(k, v);
    const nonce = toNumber(v);
    if (nonce > 0n && nonce < ORDER) {
      const r = toNumber(multiplyBase(nonce).subarray(1, 33)) % ORDER;
      const s = (invert(nonce) * ((digest + r * toNumber(secret)) % ORDER)) % ORDER;
      if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r), toBytes(s)]);
    }
    k = hmac(k, v, Buffer.from([0]));
    v = hmac(k, v);
  }
}

/** IEEE P1363 to ASN.1 DER. */
export function p1363ToDer(signature: Buffer): Buffer {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((bytes) => {
    let start = 0;
    while (start < 31 && bytes[start] === 0) start++;
    const value = bytes.subarray(start);
    const content = (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value;
    return Buffer.concat([Buffer.from([2, content.length]), content]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}
