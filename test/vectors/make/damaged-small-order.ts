import { createHash } from 'node:crypto';
import { ACTION_DATA } from './actions.ts';
import { FIRST, FOREIGN, noteKeyId, noteText, plainChain, VectorChain } from './chain.ts';
import { keyId, seedOf, type VectorKey } from './crypto.ts';
import { plain, withChain } from './damage.ts';
import { makeVector, type Vector } from './vector.ts';
import { ALPHA, SECONDS, secondsBytes, signatureLine } from './witness.ts';

/** What libraries differ on: Ed25519 keys and signatures with points of small order, and a dot in a pattern. */
const IDENTITY = `01${'00'.repeat(31)}`;
const SMALL_ORDER: readonly (readonly [name: string, hex: string])[] = [
  ['identity', IDENTITY],
  ['identity-unreduced', `ee${'ff'.repeat(30)}7f`],
  ['order-2', `ec${'ff'.repeat(30)}7f`],
  ['order-4', '00'.repeat(32)],
  ['order-4-unreduced', `ed${'ff'.repeat(30)}7f`],
  ['order-8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order-8-other', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
];
const unsigned = SMALL_ORDER.map(([name, hex]) => [name, Buffer.from(hex, 'hex')] as const);
const POINTS = unsigned.flatMap(([name, point]) => {
  const negative = Buffer.from(point);
  negative.writeUInt8(negative.readUInt8(31) | 0x80, 31);
  return [[name, point] as const, [`${name}-negative`, negative] as const];
});
/** y = p + 3, another way to write y = 3. */
const UNREDUCED = Buffer.from(`f0${'ff'.repeat(30)}7f`, 'hex');

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const base64 = (bytes: Buffer): string => bytes.toString('base64');
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const bytesOf = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
const sha512 = (...parts: readonly Buffer[]): Buffer => createHash('sha512').update(Buffer.concat(parts)).digest();

/** RFC 8032, 5.1.6, with zero for r: R is the identity, and the equation holds. */
function signWithIdentity(key: VectorKey, name: string, text: Buffer): Buffer {
  const secret = sha512(seedOf(name)).subarray(0, 32);
  secret.writeUInt8(secret.readUInt8(0) & 248, 0);
  secret.writeUInt8((secret.readUInt8(31) & 127) | 64, 31);
  const point = Buffer.from(IDENTITY, 'hex');
  const challenge = numberOf(sha512(point, key.spki.subarray(-32), text)) % ORDER;
  return Buffer.concat([point, bytesOf((challenge * numberOf(secret)) % ORDER)]);
}

/** Signs with R = the key and S = 0: under the identity that is a signature of every text. */
function keyOf(raw: Buffer): VectorKey {
  const spki = Buffer.concat([SPKI, raw]);
  const sign = () => Buffer.concat([raw, Buffer.alloc(32)]);
  return { id: keyId(spki), alg: 'Ed25519', spki, sign, signNote: sign };
}

const ofKey = (name: string, raw: Buffer): Vector =>
  makeVector(
    `small-order-key-${name}`,
    'The first key is none: its 32 bytes are not reduced, or a point of small order.',
    () => new VectorChain(keyOf(raw)).fill(3),
    '2:1 key, 2:1 key, 3:2 key, 4:3 key, 1 key, 5 checkpoint',
    { facts: { keys: [] } },
  );

const note = (): string => plainChain().note();
const noteWithIdentity = (): string => {
  const text = noteText(6, plainChain().root());
  const [, , , , line = ''] = note().split('\n');
  const [, name = ''] = line.split(' ');
  const signature = signWithIdentity(FIRST, 'first key', Buffer.from(text));
  return `${text}\n— ${name} ${base64(Buffer.concat([noteKeyId(FIRST, name), signature]))}\n`;
};
const cosignatureWithIdentity = (): string => {
  const text = note().slice(0, note().indexOf('\n\n') + 1);
  const message = Buffer.from(`cosignature/v1\ntime ${SECONDS}\n${text}`);
  const signature = signWithIdentity(ALPHA.key, `witness ${ALPHA.name}`, message);
  return note() + signatureLine(ALPHA, Buffer.concat([secondsBytes(SECONDS), signature]));
};

export function damagedSmallOrder(): Vector[] {
  return [
    ...POINTS.map(([name, raw]) => ofKey(name, raw)),
    ofKey('unreduced', UNREDUCED),
    ...POINTS.map(([name, raw]) =>
      plain(
        `small-order-signature-${name}`,
        'The R of a signature is a point of small order.',
        '4:3 signature',
        withChain((chain) => {
          chain.record(3).sig = () => base64(Buffer.concat([raw, FOREIGN.spki.subarray(-32, -1), Buffer.alloc(1)]));
        }),
      ),
    ),
    plain(
      'small-order-signature-that-adds-up',
      'The R of a signature is the identity, and its equation holds.',
      '4:3 signature',
      withChain((chain) => {
        const hash = chain.build()[2]?.hash ?? '';
        const text = Buffer.from(`causeway/record/v1\n${hash}\n`);
        chain.record(3).sig = () => base64(signWithIdentity(FIRST, 'first key', text));
      }),
    ),
    plain(
      'small-order-checkpoint',
      'The R of the checkpoint’s signature is the identity, and its equation holds.',
      '8 checkpoint',
      { note: noteWithIdentity() },
    ),
    plain(
      'small-order-cosignature',
      'The R of a cosignature is the identity, and its equation holds.',
      '8 checkpoint',
      { note: cosignatureWithIdentity(), given: { witnesses: [ALPHA.vkey] } },
    ),
    ...['\u2028', '\u2029'].map((end) =>
      plain(
        `schema-pattern-${end.charCodeAt(0).toString(16)}`,
        'A role’s ARN holds a line end of Unicode, which a dot in a pattern does not take.',
        '4:3 schema',
        withChain((chain) => {
          const data = { ...ACTION_DATA['credential.issued'], role: `arn:aws:${end}` };
          Object.assign(chain.members(3), { action: 'credential.issued', data });
        }),
      ),
    ),
  ];
}
