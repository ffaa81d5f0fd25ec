import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Note, parseNote } from '#main/audit/checkpoint.ts';
import {
  cosignatureLine,
  cosignatureMessage,
  cosignatureSeconds,
  judgeCosignatures,
  verifyCosignature,
} from '#main/audit/witness/cosignature.ts';
import { readVkey, type WitnessKey, witnessKey } from '#main/audit/witness/vkey.ts';
import { CHAIN, newKey, note } from '../../../support/forge-chain.ts';

function key(vkey: string): WitnessKey {
  const read = readVkey(vkey);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

/** A checkpoint of a public Certificate Transparency log (staging), with the line of the public witness remora.n621.de. */
const CT = {
  text: 'arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n',
  line: '2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==',
  vkey: 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
};

function lineOf(name: string, base64: string): Note['signatures'][number] {
  const bytes = Buffer.from(base64, 'base64');
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** A witness without a console: a key, and lines by it. */
function newWitness(name = 'witness.example/w1') {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const own = witnessKey(name, publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return {
    key: own,
    line: (text: string, seconds: number) =>
      cosignatureLine(own, seconds, sign(null, cosignatureMessage(text, seconds), privateKey)),
  };
}

describe('a cosignature', () => {
  it('of a public witness holds, and for no other text', () => {
    const line = lineOf('remora.n621.de', CT.line);
    expect(cosignatureSeconds(line)).toBe(0x6a122120);
    expect(verifyCosignature(CT.text, line, key(CT.vkey))).toBe(true);
    expect(verifyCosignature(CT.text.replace('1432088532', '1432088533'), line, key(CT.vkey))).toBe(false);
    expect(verifyCosignature(CT.text, lineOf('remora.n621.dE', CT.line), key(CT.vkey))).toBe(false);
  });

  it('tells its time (vector of transparency-dev/formats, note_cosigv1_test.go)', () => {
    const line = lineOf(
      'x',
      'ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==',
    );
    expect(cosignatureSeconds(line)).toBe(1_727_964_367);
    // an Ed25519 note signature is no cosignature
    const other = 'eQjRQm6eSKzFoiYalgwCPXu2y3ijtg68is9M46JKxuZB+dRfTmeQeDBoXnvxZx2ugnkyV+MUMLXpWs1hPb/W/4xkNQY=';
    expect(cosignatureSeconds(lineOf('x', other))).toBeNull();
  });

  it('signs the message the specification shows', () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    expect(cosignatureMessage(text, 1_679_315_147).toString()).toBe(`cosignature/v1\ntime 1679315147\n${text}`);
  });

  it('is judged by the keys that are known', () => {
    const plain = note(CHAIN, 3, Buffer.alloc(32, 7), newKey());
    const text = plain.slice(0, plain.indexOf('\n\n') + 1);
    const [known, stranger] = [newWitness(), newWitness('other.example')];
    const forged = newWitness();
    const wrong = cosignatureLine(
      known.key,
      5,
      Buffer.from(forged.line(text, 5).split(' ').at(-1) ?? '', 'base64').subarray(12),
    );
    const parsed = parseNote(plain + known.line(text, 1_700_000_000) + stranger.line(text, 5) + wrong);
    if (typeof parsed === 'string') throw new Error(parsed);
    expect(judgeCosignatures(parsed, [known.key])).toEqual([
      { name: known.key.name, keyId: known.key.keyId, time: '2023-11-14T22:13:20.000Z', state: 'verified' },
      { name: 'other.example', keyId: stranger.key.keyId, time: '1970-01-01T00:00:05.000Z', state: 'unknown-key' },
      { name: known.key.name, keyId: known.key.keyId, time: '1970-01-01T00:00:05.000Z', state: 'wrong' },
    ]);
  });

  it('of a time beyond the year 9999 is wrong, whoever signed it', () => {
    const plain = note(CHAIN, 3, Buffer.alloc(32, 7), newKey());
    const text = plain.slice(0, plain.indexOf('\n\n') + 1);
    const witness = newWitness();
    for (const [seconds, state] of [
      [253_402_300_799, 'verified'],
      [253_402_300_800, 'wrong'],
    ] as const) {
      const parsed = parseNote(plain + witness.line(text, seconds));
      if (typeof parsed === 'string') throw new Error(parsed);
      expect(judgeCosignatures(parsed, [witness.key])[0]?.state).toBe(state);
    }
  });
});

describe('readVkey', () => {
  it('reads what public witnesses publish', () => {
    expect(key(CT.vkey)).toMatchObject({ name: 'remora.n621.de', keyId: 'da77ade7', vkey: CT.vkey });
  });

  it.each([
    ['too few parts', 'bananas.sigstore.dev+12344556'],
    ['no base64', 'rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!'],
    ['another type, 1', 'TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6'],
    ['another key id', CT.vkey.replace('+da77ade7+', '+da77ade8+')],
    ['an upper-case key id', CT.vkey.replace('+da77ade7+', '+DA77ADE7+')],
    ['another name', CT.vkey.replace('remora', 'remorb')],
    ['a space in the name', `a b+00000000+${CT.vkey.split('+')[2]}`],
    ['no name', `+00000000+${CT.vkey.split('+')[2]}`],
    ['a line feed behind it', `${CT.vkey}\n`],
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['half a surrogate pair', `\ud800+00000000+${CT.vkey.split('+')[2]}`],
  ])('refuses one with %s', (_name, text) => {
    expect(typeof readVkey(text)).toBe('string');
  });

  it('takes any 32 bytes for a key, under which nothing verifies', () => {
    const off = witnessKey('w', Buffer.alloc(32, 0xff));
    const line = cosignatureLine(off, 5, Buffer.alloc(64));
    const base64 = line.trim().split(' ').at(-1) ?? '';
    expect(verifyCosignature('x\n', lineOf('w', base64), off)).toBe(false);
  });
});
