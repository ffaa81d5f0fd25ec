import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endsOf } from '#main/audit/key-ring.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { judgeByMain, judgementOf, judgeStandAlone } from '../../support/compare-verdicts.ts';
import { sampleChain } from '../../support/damaged-exports.ts';
import { describeForged, ForgedChain, newKey } from '../../support/forge-chain.ts';
import { ForgedExtract } from '../../support/forge-extract.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

interface KnownKeys {
  readonly byId: ReadonlyMap<string, unknown>;
  learn(job: object): void;
}

/** The page's way of reading, which needs nothing of a browser that Node has not. */
const browser = (await import(new URL('../../../resources/verifier/source/browser.mjs', import.meta.url).href)) as {
  readonly KnownKeys: new () => KnownKeys;
  verifyBlob(file: Blob, options: object, onProgress: () => void, signal: AbortSignal): Promise<object>;
};
const standAlone = (await import(new URL('../../../resources/verifier/source/keys.mjs', import.meta.url).href)) as {
  endsOf(keys: readonly KeyDescription[]): readonly (number | undefined)[];
};

async function judgeInPage(text: string) {
  const verdict = await browser.verifyBlob(new Blob([text]), {}, () => undefined, new AbortController().signal);
  return judgementOf({ ...verdict, file: '', elapsedMs: 0 });
}

describe('keys the page keeps', () => {
  const keys = Array.from({ length: 9 }, () => describeForged(newKey(), 1));
  const learnt = (job: object): number => {
    const known = new browser.KnownKeys();
    known.learn(job);
    return known.byId.size;
  };
  const record = (action: string, seq: number, data: object) => ({
    kind: 'record',
    seq,
    record: { action, seq, data },
  });

  it('are those of the first record and of rotations, and not of every record that names some', () => {
    expect(learnt({ kind: 'header', read: { keys } })).toBe(9);
    expect(learnt(record('tenant.created', 1, { keys }))).toBe(8);
    expect(learnt(record('tenant.created', 2, { keys }))).toBe(0);
    expect(learnt(record('tenant.user_removed', 1, { keys, newKey: keys[0] }))).toBe(0);
    expect(learnt(record('credential.key_rotated', 5, { purpose: 'signing', newKey: keys[0] }))).toBe(1);
    expect(learnt(record('credential.key_rotated', 5, { purpose: 'data-encryption', newKey: keys[0] }))).toBe(0);
  });

  it('are forgotten where the chain did not introduce them', async () => {
    const known: KnownKeys[] = [];
    const { learn } = browser.KnownKeys.prototype;
    browser.KnownKeys.prototype.learn = function note(this: KnownKeys, job: object) {
      if (!known.includes(this)) known.push(this);
      learn.call(this, job);
    };
    const chain = new ForgedChain(3);
    for (let index = 0; index < 20; index++) {
      const newOne = describeForged(newKey(), chain.records.length + 2);
      const data = { purpose: 'signing', oldKey: chain.key.id, newKey: newOne, reason: 'x' };
      chain.add('credential.key_rotated', data).sig = Buffer.alloc(64, 1).toString('base64');
    }
    await judgeInPage(chain.text()).finally(() => {
      browser.KnownKeys.prototype.learn = learn;
    });
    expect(known.map(({ byId }) => byId.size)).toEqual([1]);
  });

  it.each([
    ['a whole chain', sampleChain().text()],
    ['a first record without a seq', sampleChain().text().replace('"seq":1,', '')],
    [
      'no first record',
      sampleChain()
        .text()
        .replace(/\n.*"tenant.created".*/, ''),
    ],
  ])('are enough for %s', async (_name, text) => {
    const path = join(folder, 'a.chain.jsonl');
    writeFileSync(path, text);
    expect(await judgeInPage(text)).toEqual(await judgeByMain(path));
  });
});

describe('the keys of a header', () => {
  const described = (fromSeq: number): KeyDescription => ({ id: '', alg: 'Ed25519', spki: '', fromSeq });
  const slow = (froms: readonly number[]) =>
    froms.map((from, index) => froms.slice(index + 1).find((later) => later > from));

  it('are retired by the next one from a later seq, in both verifiers', () => {
    for (const froms of [[], [1], [1, 1, 4], [5, 3, 4, 9, 1, 9, 2], [9, 8, 7], [1, 2, 3], [2, 5, 5, 3, 6, 1, 7, 7]]) {
      const keys = froms.map(described);
      expect(endsOf(keys)).toEqual(slow(froms));
      expect(standAlone.endsOf(keys)).toEqual(slow(froms));
    }
  });

  it('cost no more than their number: any number from one seq', () => {
    // compared one with each other, these would be read two thousand million times
    const keys = Array.from({ length: 60_000 }, () => described(1));
    const started = performance.now();
    endsOf(keys);
    standAlone.endsOf(keys);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('of one seq each in an extract: all are in force', async () => {
    const extract = new ForgedExtract(new ForgedChain(4), [2, 3]);
    extract.header = { keys: [extract.chain.key, newKey(), newKey()].map((key) => describeForged(key, 1)) };
    const path = join(folder, 'a.extract.jsonl');
    writeFileSync(path, extract.text());
    const main = await judgeByMain(path);
    expect(main.problems.map(({ code }) => code)).toEqual(['key']);
    expect(await judgeStandAlone(path)).toEqual(main);
  });
});
