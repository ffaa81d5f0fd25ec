import { createECDH } from 'node:crypto';
import type { Loose } from './bytes.ts';
import { describe, FIRST, FOREIGN, plainChain, SECOND, THIRD, VectorChain } from './chain.ts';
import { keyId, p1363ToDer, sha256, type VectorKey } from './crypto.ts';
import { inLine, NOT_ERASED, plain, sample, withChain } from './damage.ts';
import { type Expected, makeVector, type Vector } from './vector.ts';

const told = (key: VectorKey, fromSeq: number, records: number) => ({ id: key.id, alg: key.alg, fromSeq, records });

const third = (name: string, what: string, sig: (sig: Buffer) => string): Vector =>
  plain(
    `signature-${name}`,
    what,
    '4:3 signature',
    withChain((chain) => {
      chain.record(3).sig = sig;
    }),
  );
/** Record 9 of the sample, which an ES256 key signed. */
const ninth = (name: string, what: string, sig: (sig: Buffer) => string): Vector =>
  sample(
    `signature-${name}`,
    what,
    '10:9 signature',
    withChain((chain) => {
      chain.record(9).sig = sig;
    }),
  );

const base64 = (bytes: Buffer): string => bytes.toString('base64');
const bit = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
/** Order of Ed25519's base point, little-endian. */
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

function plusOrder(sig: Buffer): Buffer {
  const s = BigInt(`0x${Buffer.from(sig.subarray(32)).reverse().toString('hex')}`) + L;
  return Buffer.concat([sig.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()]);
}

const signatures = (): Vector[] => [
  third('bit-first', 'A bit of the first half of a signature was flipped.', (sig) => base64(bit(sig, 0))),
  third('bit-last', 'A bit of the second half of a signature was flipped.', (sig) => base64(bit(sig, 40))),
  third('empty', 'A signature is empty.', () => ''),
  third('short', 'A signature is a byte short.', (sig) => base64(sig.subarray(1))),
  third('long', 'A signature is a byte too long.', (sig) => base64(Buffer.concat([sig, Buffer.alloc(1)]))),
  third('zeros', 'A signature is zeros.', () => base64(Buffer.alloc(64))),
  third('unpadded', 'A signature has no padding.', (sig) => base64(sig).replaceAll('=', '')),
  third('unused-bits', 'The unused bits of the last character of a signature are not zero.', (sig) =>
    base64(sig).replace(/.==$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`),
  ),
  third(
    'order-added',
    'The second half of an Ed25519 signature has the order of the group added (RFC 8032, 5.1.7).',
    (sig) => base64(plusOrder(sig)),
  ),
  third('es256', 'An ES256 signature stands where the key is one of Ed25519.', () =>
    base64(Buffer.from(SECOND.sign(Buffer.from('x')))),
  ),
  plain(
    'signature-of-another-record',
    'The signature of record 3 is that of record 2.',
    '4:3 signature',
    withChain((chain) => {
      const [, second] = chain.build();
      chain.record(3).sig = () => second?.sig ?? '';
    }),
  ),
  plain(
    'signatures-swapped',
    'Records 3 and 4 have each other’s signature.',
    '4:3 signature, 5:4 signature',
    withChain((chain) => {
      const built = chain.build();
      chain.record(3).sig = () => built[3]?.sig ?? '';
      chain.record(4).sig = () => built[2]?.sig ?? '';
    }),
  ),
  plain(
    'signature-of-the-hash-alone',
    'A signature is over the hash without the text around it.',
    '4:3 signature',
    withChain((chain) => {
      const hash = chain.build()[2]?.hash ?? '';
      chain.record(3).sig = () => base64(FIRST.sign(Buffer.from(hash)));
    }),
  ),
  plain(
    'signature-of-the-bytes',
    'A signature is over the record instead of its hash.',
    '4:3 signature',
    withChain((chain) => {
      const bytes = chain.build()[2]?.bytes ?? '';
      chain.record(3).sig = () => base64(FIRST.sign(Buffer.from(bytes, 'latin1')));
    }),
  ),
  plain(
    'signature-without-line-feed',
    'A signature is over the text without its last line feed.',
    '4:3 signature',
    withChain((chain) => {
      const hash = chain.build()[2]?.hash ?? '';
      chain.record(3).sig = () => base64(FIRST.sign(Buffer.from(`causeway/record/v1\n${hash}`)));
    }),
  ),
  plain(
    'signature-by-another',
    'A record was signed by somebody else, under the name of the chain’s key.',
    '4:3 signature',
    withChain((chain) => {
      chain.record(3).signer = FOREIGN;
    }),
  ),
  plain(
    'signatures-of-a-changed-record',
    'Record 3 was changed and all after it made anew with another key, under the name of the chain’s.',
    '4:3 signature, 5:4 signature, 6:5 signature, 7:6 signature, 8 checkpoint',
    {
      chain: (chain) => {
        chain.data(3).new = 'approver';
        for (const seq of [3, 4, 5, 6]) chain.record(seq).signer = FOREIGN;
        chain.signer = FOREIGN;
      },
    },
  ),
  ninth('der', 'An ES256 signature is in ASN.1 DER, where IEEE P1363 is due.', (sig) => base64(p1363ToDer(sig))),
  ninth('es256-bit', 'A bit of an ES256 signature was flipped.', (sig) => base64(bit(sig, 63))),
  ninth('es256-r-zero', 'The first half of an ES256 signature is zero.', (sig) =>
    base64(Buffer.concat([Buffer.alloc(32), sig.subarray(32)])),
  ),
  ninth('es256-s-zero', 'The second half of an ES256 signature is zero.', (sig) =>
    base64(Buffer.concat([sig.subarray(0, 32), Buffer.alloc(32)])),
  ),
  ninth('es256-long', 'The halves of an ES256 signature have 33 bytes each.', (sig) =>
    base64(Buffer.concat([Buffer.alloc(1), sig.subarray(0, 32), Buffer.alloc(1), sig.subarray(32)])),
  ),
  ninth('es256-swapped', 'The halves of an ES256 signature have changed places.', (sig) =>
    base64(Buffer.concat([sig.subarray(32), sig.subarray(0, 32)])),
  ),
  ninth('ed25519', 'An Ed25519 signature stands where the key is one of ES256.', () =>
    base64(FIRST.sign(Buffer.from('x'))),
  ),
];

/** Nothing after record 7 is by a key that is known: the new one did not come in. */
const NOT_INTRODUCED = '9:8 key, 10:9 key, 1 key, 12 checkpoint';
const LOST = { sealed: NOT_ERASED, keys: [told(FIRST, 1, 7)] };

const rotation = (
  name: string,
  what: string,
  expected: string,
  change: (chain: VectorChain) => void,
  facts: Expected['facts'] = {},
): Vector => sample(`rotation-${name}`, what, expected, { chain: change, facts });

const newKeyOf = (chain: VectorChain): Loose => chain.data(7).newKey as Loose;

const rotations = (): Vector[] => [
  rotation(
    'failed',
    'The rotation has outcome failure: the new key is unknown.',
    `${NOT_INTRODUCED}`,
    (chain) => {
      chain.members(7).outcome = 'failure';
    },
    LOST,
  ),
  rotation(
    'other-purpose',
    'The rotation has another purpose and a new key all the same.',
    `8:7 schema, ${NOT_INTRODUCED}`,
    (chain) => {
      chain.data(7).purpose = 'data-encryption';
    },
    LOST,
  ),
  rotation(
    'without-key',
    'The rotation says no new key.',
    `8:7 schema, ${NOT_INTRODUCED}`,
    (chain) => {
      chain.data(7).newKey = undefined;
    },
    LOST,
  ),
  rotation(
    'unsigned',
    'The signature of the rotation is empty.',
    `8:7 signature, 8:7 key, ${NOT_INTRODUCED}`,
    (chain) => {
      chain.record(7).sig = () => '';
    },
    LOST,
  ),
  rotation(
    'signed-by-the-new-key',
    'The rotation is signed by the key it introduces, under the name of the old one.',
    `8:7 signature, 8:7 key, ${NOT_INTRODUCED}`,
    (chain) => {
      chain.record(7).signer = SECOND;
    },
    LOST,
  ),
  rotation(
    'by-the-new-key',
    'The rotation names the key it introduces as its own.',
    `8:7 key, 8:7 key, ${NOT_INTRODUCED}`,
    (chain) => {
      chain.members(7).key = SECOND.id;
      chain.data(7).oldKey = SECOND.id;
    },
    { ...LOST, keys: [told(FIRST, 1, 6)] },
  ),
  rotation(
    'from-a-later-seq',
    'The rotation says that its key is in force from seq 9: it is from 8.',
    '8:7 key',
    (chain) => {
      newKeyOf(chain).fromSeq = 9;
    },
  ),
  rotation(
    'from-its-own-seq',
    'The rotation says that its key is in force from seq 7: it is from 8.',
    '8:7 key',
    (chain) => {
      newKeyOf(chain).fromSeq = 7;
    },
  ),
  rotation(
    'of-another-key',
    'The rotation says that it replaces another key than the one that signed it.',
    '8:7 key',
    (chain) => {
      chain.data(7).oldKey = THIRD.id;
    },
  ),
  rotation('old-key-afterwards', 'The old key signs record 9, after it was replaced.', '10:9 key', (chain) => {
    chain.members(9).key = FIRST.id;
  }),
  rotation(
    'new-key-before',
    'The new key signs record 6, before it is introduced.',
    '7:6 key',
    (chain) => {
      chain.members(6).key = SECOND.id;
    },
    { keys: [told(FIRST, 1, 6), told(SECOND, 8, 2)] },
  ),
  rotation(
    'new-key-resigns-the-past',
    'The new key signs record 6 under the name of the old one.',
    '7:6 signature',
    (chain) => {
      chain.record(6).signer = SECOND;
    },
  ),
  rotation(
    'by-a-replaced-key',
    'The replaced key introduces a third one.',
    '10:9 key, 10:9 key, 1 key',
    (chain) => {
      chain.records.pop();
      chain.signer = FIRST;
      chain.rotate(THIRD);
      chain.signer = SECOND;
    },
    { keys: [told(FIRST, 1, 8), told(SECOND, 8, 1)] },
  ),
  rotation(
    'forged',
    'Somebody introduces a key of their own, without the old key, and goes on with it.',
    `8:7 signature, 8:7 key, ${NOT_INTRODUCED}`,
    (chain) => {
      chain.data(7).newKey = describe(FOREIGN, 8);
      chain.record(7).signer = FOREIGN;
      for (const seq of [8, 9]) chain.members(seq).key = FOREIGN.id;
      chain.keys.splice(1, 1, { key: FOREIGN, fromSeq: 8 });
      chain.signer = FOREIGN;
    },
    LOST,
  ),
  makeVector(
    'rotation-to-itself',
    'A rotation introduces the key that signs it a second time.',
    () => plainChain(3),
    '5:4 key',
    {
      chain: (chain) => {
        chain.rotate(FIRST);
        chain.keys.pop();
        chain.fill(6);
      },
    },
  ),
  makeVector(
    'rotation-back',
    'A rotation introduces a key a second time that was replaced: the key that signs it stays.',
    () => plainChain(2),
    '6:5 key, 7:6 key',
    {
      chain: (chain) => {
        chain.rotate(SECOND);
        chain.fill(4);
        chain.rotate(FIRST);
        chain.keys.pop();
        chain.fill(6);
        chain.signer = SECOND;
      },
    },
  ),
  plain(
    'key-unknown',
    'Record 3 is by a key nobody introduced.',
    '4:3 key',
    withChain((chain) => {
      chain.members(3).key = FOREIGN.id;
      chain.record(3).signer = FOREIGN;
    }),
  ),
  plain(
    'key-capitals',
    'The key of record 3 is written in capitals.',
    '4:3 schema, 4:3 key',
    withChain((chain) => {
      chain.members(3).key = FIRST.id.toUpperCase();
      chain.record(3).signer = FIRST;
    }),
  ),
  makeVector(
    'key-all-unknown',
    'Every record but the first is by a key nobody introduced.',
    () => plainChain(3),
    '3:2 key, 4:3 key, 5 checkpoint',
    {
      chain: (chain) => {
        for (const seq of [2, 3]) chain.members(seq).key = FOREIGN.id;
        for (const seq of [2, 3]) chain.record(seq).signer = FOREIGN;
        chain.signer = FOREIGN;
      },
    },
  ),
];

/** A first record with a second key that is none; the header lists the first one. */
function introducing(name: string, what: string, key: Loose, expected = '2:1 key'): Vector {
  return plain(
    `key-${name}`,
    what,
    expected,
    withChain((chain) => {
      chain.data(1).keys = [describe(FIRST, 1), key];
    }),
  );
}

function described(spki: Buffer, alg: string, id = keyId(spki)): Loose {
  return { id, alg, spki: spki.toString('base64'), fromSeq: 1 };
}

const SPKI_COMPRESSED = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
const SPKI_SECP256K1 = Buffer.from('3056301006072a8648ce3d020106052b8104000a034200', 'hex');
const SPKI_X25519 = Buffer.from('302a300506032b656e032100', 'hex');

function compressed(): Buffer {
  const odd = (SECOND.spki.at(-1) ?? 0) & 1;
  return Buffer.concat([SPKI_COMPRESSED, Buffer.from([2 + odd]), SECOND.spki.subarray(27, 59)]);
}

function onOtherCurve(): Buffer {
  const agreement = createECDH('secp256k1');
  agreement.setPrivateKey(sha256(Buffer.from('other curve')));
  return Buffer.concat([SPKI_SECP256K1, agreement.getPublicKey()]);
}

/** The same DER with a length in its long form. */
function longLength(): Buffer {
  return Buffer.concat([Buffer.from('30812a', 'hex'), FOREIGN.spki.subarray(2)]);
}

function unusedBits(): Loose {
  const key = described(THIRD.spki, 'Ed25519');
  const spki = String(key.spki).replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
  return { ...key, spki };
}

const introductions = (): Vector[] => [
  introducing('compressed', 'A P-256 key with a compressed point.', described(compressed(), 'ES256')),
  introducing(
    'off-the-curve',
    'A P-256 key whose point is not on the curve.',
    described(bit(SECOND.spki, 90), 'ES256'),
  ),
  introducing(
    'point-at-infinity',
    'A P-256 key whose point has no coordinates but zeros.',
    described(Buffer.concat([SECOND.spki.subarray(0, 27), Buffer.alloc(64)]), 'ES256'),
  ),
  introducing('other-curve', 'A key on the curve secp256k1.', described(onOtherCurve(), 'ES256')),
  introducing(
    'long-length',
    'An Ed25519 key whose DER has a length in its long form.',
    described(longLength(), 'Ed25519'),
  ),
  introducing(
    'x25519',
    'A key for key agreement.',
    described(Buffer.concat([SPKI_X25519, Buffer.alloc(32, 9)]), 'Ed25519'),
  ),
  introducing(
    'bytes-after',
    'A key with a byte after its DER.',
    described(Buffer.concat([THIRD.spki, Buffer.alloc(1)]), 'Ed25519'),
  ),
  introducing('nothing', 'A key of no bytes.', described(Buffer.alloc(0), 'Ed25519')),
  introducing('other-algorithm', 'An Ed25519 key that is said to be one of ES256.', described(THIRD.spki, 'ES256')),
  introducing(
    'other-algorithm-es256',
    'An ES256 key that is said to be one of Ed25519.',
    described(SECOND.spki, 'Ed25519'),
  ),
  introducing('other-id', 'A key under an id that is not its own.', described(THIRD.spki, 'Ed25519', SECOND.id)),
  introducing('unused-bits', 'A key in base64 whose unused bits are not zero.', unusedBits()),
  introducing('twice', 'The first key a second time.', describe(FIRST, 1)),
  plain(
    'key-from-seq-2',
    'A second key that is said to be in force from seq 2: it is from 1, and the header does not list it.',
    '2:1 key, 1 key',
    {
      ...withChain((chain) => {
        chain.data(1).keys = [describe(FIRST, 1), describe(THIRD, 2)];
      }),
      facts: { keys: [told(FIRST, 1, 6), told(THIRD, 1, 0)] },
    },
  ),
  introducing(
    'algorithm-unknown',
    'A key of an algorithm nobody knows: the record does not fit, the header’s keys stand in.',
    described(THIRD.spki, 'RS256'),
    '2:1 schema',
  ),
  introducing(
    'unpadded',
    'A key in base64 without padding: the record does not fit, the header’s keys stand in.',
    { ...described(THIRD.spki, 'Ed25519'), spki: THIRD.spki.toString('base64').replace('=', '') },
    '2:1 schema',
  ),
  introducing(
    'member',
    'A key with a member too many: the record does not fit, the header’s keys stand in.',
    { ...describe(THIRD, 1), name: 'x' },
    '2:1 schema',
  ),
  makeVector(
    'key-first-signed-by-another',
    'The first record is signed by another than its key.',
    () => new VectorChain().fill(3),
    '2:1 signature',
    {
      chain: (chain) => {
        chain.record(1).signer = FOREIGN;
      },
    },
  ),
  sample(
    'key-alg-in-header',
    'The header says another algorithm of the first key.',
    '1 key',
    inLine(1, '"alg":"Ed25519"', '"alg":"ES256"'),
  ),
];

export function damagedKeys(): Vector[] {
  return [...signatures(), ...rotations(), ...introductions()];
}
