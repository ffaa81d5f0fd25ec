import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { derToP1363, p1363ToDer } from '#main/audit/signers/ecdsa-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

test('300 signatures go from DER to 64 bytes and back, and hold in both forms', () => {
  const lengths = new Set<number>();
  for (let index = 0; index < 300; index++) {
    const text = Buffer.from(`text ${index}`);
    const der = sign('sha256', text, { key: privateKey, dsaEncoding: 'der' });
    lengths.add(der.length);
    const p1363 = derToP1363(der);
    if (p1363 === null) return expect.unreachable(`refused: ${der.toString('hex')}`);
    expect(p1363).toHaveLength(64);
    expect(verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, p1363)).toBe(true);
    expect(Buffer.from(p1363ToDer(p1363))).toEqual(der);
  }
  expect(lengths.size).toBeGreaterThan(1); // numbers with and without a leading zero were among them
});

const R = `0220${'11'.repeat(32)}`;
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('small numbers keep their place', () => {
  const p1363 = derToP1363(hex('3006 020101 020102'));
  expect(Buffer.from(p1363 ?? []).toString('hex')).toBe(`${'00'.repeat(31)}01${'00'.repeat(31)}02`);
  expect(Buffer.from(p1363ToDer(p1363 ?? new Uint8Array())).toString('hex')).toBe('3006020101020102');
  expect(() => p1363ToDer(new Uint8Array(63))).toThrow(TypeError);
});

test.each([
  ['nothing', ''],
  ['a byte after the end', `3044${R}${R}00`],
  ['a length that is too short', `3043${R}${R}`],
  ['a long form of a short length', `308144${R}${R}`],
  ['indefinite length', `3080${R}${R}0000`],
  ['another tag', `3144${R}${R}`],
  ['one number only', `3022${R}`],
  ['three numbers', `3066${R}${R}${R}`],
  ['a bit string for a number', `3044${R}0320${'11'.repeat(32)}`],
  ['an empty number', `3024${R}0200`],
  ['a negative number', `3044${R}0220${'81'.repeat(32)}`],
  ['a leading zero that is not needed', `3045${R}022100${'11'.repeat(32)}`],
  ['zero', `3025${R}020100`],
  ['33 bytes', `3045${R}022111${'11'.repeat(32)}`],
  ['34 bytes with a zero', `3046${R}022200${'81'.repeat(33)}`],
  ['a number longer than what is left', `3044${R}0221${'11'.repeat(32)}`],
])('%s is no signature', (_name, text) => {
  expect(derToP1363(hex(text))).toBeNull();
});
