import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { isEd25519Key, verifyEd25519 } from '#main/audit/ed25519.ts';
import { keyIdOf, readKey } from '#main/audit/keys.ts';
import { readVkey, witnessKey } from '#main/audit/witness/vkey.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { judgeByMain, judgeStandAlone } from '../../support/compare-verdicts.ts';
import { ForgedChain, newKey } from '../../support/forge-chain.ts';
import { smallOrderEncodings } from '../../support/small-order.ts';

/** The library that takes everything: what is refused here does not rest on it. */
const library = vi.hoisted(() => ({ agrees: false }));
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const verify = (...args: Parameters<typeof crypto.verify>) => library.agrees || crypto.verify(...args);
  return { ...crypto, verify };
});

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const small = smallOrderEncodings();
const P = Buffer.from(`ed${'ff'.repeat(30)}7f`, 'hex');
/** y from p to 2^255 - 1: each is another way to write one of 0 to 18. */
const unreduced = Array.from({ length: 19 }, (_, more) => {
  const bytes = Buffer.from(P);
  bytes.writeUInt8(0xed + more, 0);
  return bytes;
});
const own = newKey('Ed25519').spki.subarray(12);

function withKey(raw: Buffer): ForgedChain {
  const spki = Buffer.concat([SPKI, raw]);
  const key = { ...newKey('Ed25519'), spki, id: keyIdOf(spki) };
  const chain = new ForgedChain(2, key);
  for (const record of chain.records) record.sig = Buffer.concat([raw, Buffer.alloc(32)]).toString('base64');
  return chain;
}

/** @securityTest The verdict does not depend on what a library makes of Ed25519 points of small order, as key or in a signature */
describe('Ed25519', () => {
  it('has fourteen encodings of points of small order', () => {
    expect(new Set(small.map((point) => point.toString('hex'))).size).toBe(14);
  });

  it.each([...small, ...unreduced].map((raw) => [raw.toString('hex'), raw] as const))(
    'no key %s',
    async (_hex, raw) => {
      expect(isEd25519Key(raw)).toBe(false);
      const spki = Buffer.concat([SPKI, raw]);
      expect(readKey({ id: keyIdOf(spki), alg: 'Ed25519', spki: spki.toString('base64') })).toBe(
        'spki is not the DER of a key of algorithm Ed25519, in its only form',
      );
      const { vkey } = witnessKey('witness.example', raw);
      expect(readVkey(vkey)).toBe('it is not the key of a witness (type 4, Ed25519)');
      const path = withKey(raw).write(join(folder, 'a.chain.jsonl'));
      const main = await judgeByMain(path);
      expect(main.problems[0]?.message).toContain('spki is not the DER of a key of algorithm Ed25519');
      expect(await judgeStandAlone(path)).toEqual(main);
    },
  );

  it('a key next to those is one', () => {
    const last = Buffer.from(P);
    last.writeUInt8(0xeb, 0); // p - 2
    expect(isEd25519Key(last)).toBe(true);
    expect(isEd25519Key(own)).toBe(true);
  });

  it('no signature with such a point', async () => {
    const key = readKey({
      id: keyIdOf(Buffer.concat([SPKI, own])),
      alg: 'Ed25519',
      spki: Buffer.concat([SPKI, own]).toString('base64'),
    });
    if (typeof key === 'string') throw new Error(key);
    const chain = new ForgedChain(16);
    for (const [index, point] of small.entries()) {
      const signature = Buffer.concat([point, Buffer.alloc(32, 1)]);
      const record = chain.records[index + 1];
      if (record !== undefined) record.sig = signature.toString('base64');
      library.agrees = true;
      expect(verifyEd25519(key.publicKey, Buffer.from('text'), signature)).toBe(false);
      expect(verifyEd25519(key.publicKey, Buffer.from('text'), Buffer.concat([own, Buffer.alloc(32)]))).toBe(true);
      library.agrees = false;
    }
    const path = chain.write(join(folder, 'r.chain.jsonl'));
    library.agrees = true;
    const main = await judgeByMain(path);
    const other = await judgeStandAlone(path);
    library.agrees = false;
    expect(main.problems.map(({ seq, code }) => `${seq} ${code}`)).toEqual(small.map((_, at) => `${at + 2} signature`));
    expect(other).toEqual(main);
  });
});
