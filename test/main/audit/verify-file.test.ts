import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { sealDigest } from '#main/audit/seal.ts';
import type { VerifyFileOptions } from '#main/audit/verify-file.ts';
import type { ProblemCode, Verdict } from '#shared/model/verdict.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { describeForged, ForgedChain, type ForgedRecord, type Loose, newKey, note } from '../../support/forge-chain.ts';
import { verifyBoth } from '../../support/verify-both.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const path = join(folder, 'a.chain.jsonl');

const verifyText = (text: string | Buffer, options?: VerifyFileOptions): Promise<Verdict> => {
  writeFileSync(path, text);
  return verifyBoth(path, options);
};
const verify = (chain: ForgedChain, options?: VerifyFileOptions): Promise<Verdict> => verifyText(chain.text(), options);
const codes = (verdict: Verdict): ProblemCode[] => [...new Set(verdict.problems.map((problem) => problem.code))].sort();

function at(chain: ForgedChain, seq: number): ForgedRecord {
  const forged = chain.records[seq - 1];
  if (forged === undefined) throw new Error(`no record ${seq}`);
  return forged;
}

/** The lines of a valid file, changed, with a digest that fits again: somebody who knows the format. */
function redigest(lines: readonly string[], change: (end: Loose) => void = () => undefined): string {
  const body = `${lines.slice(0, -1).join('\n')}\n`;
  const { end } = JSON.parse(lines.at(-1) ?? '') as { end: Loose };
  end.digest = createHash('sha256').update(body).digest('hex');
  change(end);
  return `${body}${JSON.stringify({ end })}\n`;
}

const fileLines = (chain: ForgedChain): string[] => chain.text().trimEnd().split('\n');

describe('a whole file', () => {
  it('is valid', async () => {
    const chain = new ForgedChain(9);
    const verdict = await verify(chain);
    expect(verdict.problems).toEqual([]);
    expect(verdict).toMatchObject({ verdict: 'valid', records: 9, first: 1, last: 9, selection: 'complete' });
    expect(verdict.root).toBe(chain.tree().root().toString('base64'));
    expect(verdict.keys).toEqual([{ id: chain.key.id, alg: 'Ed25519', fromSeq: 1, records: 9 }]);
    expect(verdict.notProven.length).toBeGreaterThan(3);
  });

  it('is valid with an ES256 key and with a rotation', async () => {
    const chain = new ForgedChain(3, newKey('ES256'));
    chain.rotate(newKey('Ed25519'));
    chain.add('tenant.user_role_changed', { user: 'x', old: 'a', new: 'b' });
    const verdict = await verify(chain);
    expect(verdict.problems).toEqual([]);
    expect(verdict.keys.map(({ fromSeq, records }) => [fromSeq, records])).toEqual([
      [1, 4],
      [5, 1],
    ]);
  });

  it('is valid as a range, with the subtrees beside it', async () => {
    const chain = new ForgedChain(4);
    const left = chain.tree(1).nodes.map((node) => node.toString('base64'));
    chain.header = { first: 2, last: 4, selection: 'range', range: { size: 4, left, right: [] } };
    chain.end = { records: 3 };
    const lines = fileLines(chain);
    lines.splice(1, 1);
    const verdict = await verifyText(redigest(lines));
    expect(verdict.problems).toEqual([]);
    expect(verdict.notProven.join()).toContain('outside the range');
    const cut = [...lines];
    cut.splice(2, 1);
    expect(codes(await verifyText(redigest(cut)))).toEqual(expect.arrayContaining(['chain', 'root', 'sequence']));
  });
});

describe('a record', () => {
  /** What was done to record 3 of 5, and the codes it must give, no more and no less. */
  const cases: readonly [string, (chain: ForgedChain) => void, readonly ProblemCode[]][] = [
    [
      'edited, hash and signature left',
      (chain) => {
        const [, hash = '', sig = ''] = /"hash":"(.*?)","sig":"(.*?)"/.exec(chain.lines()[2] ?? '') ?? [];
        Object.assign(at(chain, 3), { hash, sig });
        at(chain, 3).record.outcome = 'failure';
        chain.relink = false;
      },
      ['chain', 'hash', 'signature'],
    ],
    [
      'edited and re-hashed, signature left',
      (chain) => {
        at(chain, 3).sig = /"sig":"(.*?)"/.exec(chain.lines()[2] ?? '')?.[1] ?? '';
        at(chain, 3).record.outcome = 'failure';
      },
      ['signature'],
    ],
    ['re-signed with an unknown key', (chain) => Object.assign(at(chain, 3), { key: newKey() }), ['signature']],
    [
      're-signed with an unknown key it names',
      (chain) => {
        const stranger = newKey();
        at(chain, 3).key = stranger;
        at(chain, 3).record.key = stranger.id;
      },
      ['key'],
    ],
    [
      'with a wrong link',
      (chain) => {
        chain.lines();
        chain.relink = false;
        at(chain, 3).record.prev = 'a'.repeat(64);
      },
      ['chain'],
    ],
    ['with another seq', (chain) => Object.assign(at(chain, 3).record, { seq: 30 }), ['sequence']],
    [
      'of another chain',
      (chain) => Object.assign(at(chain, 3).record, { chain: '00000000-0000-4000-8000-000000000000' }),
      ['sequence'],
    ],
    ['of another tenant', (chain) => Object.assign(at(chain, 3).record, { tenant: 'other' }), ['sequence']],
    [
      'ten minutes early',
      (chain) => Object.assign(at(chain, 3).record, { time: '2026-02-03T03:55:00.000Z' }),
      ['time'],
    ],
    ['with an unknown action', (chain) => Object.assign(at(chain, 3).record, { action: 'tenant.renamed' }), ['schema']],
    ['with an unknown member', (chain) => Object.assign(at(chain, 3).record, { extra: 1 }), ['schema']],
    ['with unknown data', (chain) => Object.assign(at(chain, 3).record.data as Loose, { extra: 1 }), ['schema']],
    [
      'with a member called __proto__',
      (chain) => void Object.defineProperty(at(chain, 3).record.data, '__proto__', { value: 1, enumerable: true }),
      ['schema'],
    ],
    ['with missing data', (chain) => void delete (at(chain, 3).record.data as Loose).user, ['schema']],
    ['without outcome', (chain) => void delete at(chain, 3).record.outcome, ['schema']],
    [
      'with a time of two fraction digits',
      (chain) => Object.assign(at(chain, 3).record, { time: '2026-02-03T04:05:09.78Z' }),
      ['schema'],
    ],
    [
      'that begins the chain again',
      (chain) =>
        Object.assign(at(chain, 3), {
          record: { ...chain.blank(3, 'tenant.created', at(chain, 1).record.data as Loose) },
        }),
      ['schema'],
    ],
    [
      'with spaces',
      (chain) =>
        Object.assign(at(chain, 3), { text: JSON.stringify(prepared(chain, 3), null, 1).replaceAll('\n', '') }),
      ['not-canonical'],
    ],
    [
      'with members out of order',
      (chain) => Object.assign(at(chain, 3), { text: JSON.stringify(prepared(chain, 3)) }),
      ['not-canonical'],
    ],
    [
      'with a duplicate member',
      (chain) =>
        Object.assign(at(chain, 3), { text: canonicalText(prepared(chain, 3)).replace('"v":1}', '"v":1,"v":1}') }),
      ['not-canonical'],
    ],
    [
      'with an escaped letter',
      (chain) =>
        Object.assign(at(chain, 3), { text: canonicalText(prepared(chain, 3)).replace('"v":1}', '"\\u0076":1}') }),
      ['not-canonical'],
    ],
    [
      'with a number written otherwise',
      (chain) => Object.assign(at(chain, 3), { text: canonicalText(prepared(chain, 3)).replace('"v":1}', '"v":1.0}') }),
      ['not-canonical'],
    ],
    [
      'with a fraction',
      (chain) => Object.assign(at(chain, 3), { text: canonicalText(prepared(chain, 3)).replace('"v":1}', '"v":1.5}') }),
      ['not-canonical', 'schema'],
    ],
    [
      'with a huge number',
      (chain) =>
        Object.assign(at(chain, 3), { text: canonicalText(prepared(chain, 3)).replace('"v":1}', '"v":1e999}') }),
      ['not-canonical', 'schema'],
    ],
    [
      'with a lone surrogate',
      (chain) => Object.assign(at(chain, 3), { text: canonicalText(prepared(chain, 3)).replace('"u3"', '"\\ud800"') }),
      ['not-canonical'],
    ],
    ['that is an array', (chain) => Object.assign(at(chain, 3), { text: '[]' }), ['schema']],
    ['that is no JSON', (chain) => Object.assign(at(chain, 3), { text: '{"v":1' }), ['unreadable']],
    [
      'nested 5,000 deep',
      (chain) => Object.assign(at(chain, 3), { text: `{"v":${'['.repeat(5000)}${']'.repeat(5000)}}` }),
      ['unreadable'],
    ],
  ];

  function prepared(chain: ForgedChain, seq: number): Loose {
    chain.lines();
    return at(chain, seq).record;
  }

  it.each(cases)('%s', async (_name, damage, expected) => {
    const chain = new ForgedChain(5);
    damage(chain);
    const verdict = await verify(chain);
    expect(codes(verdict)).toEqual([...expected].sort());
    expect(verdict.verdict).toBe(expected.every((code) => code === 'time') ? 'valid' : 'invalid');
    expect(verdict.problems[0]).toMatchObject({ line: 4 });
  });
});

describe('the whole sequence', () => {
  it.each([
    ['a record deleted inside', (lines: string[]): unknown => void lines.splice(3, 1), ['chain', 'root', 'sequence']],
    [
      'two records deleted in a row',
      (lines: string[]): unknown => void lines.splice(3, 2),
      ['chain', 'root', 'sequence'],
    ],
    [
      'two records swapped',
      (lines: string[]): unknown => void lines.splice(3, 2, lines[4] ?? '', lines[3] ?? ''),
      ['chain', 'root', 'sequence'],
    ],
    [
      'a record twice',
      (lines: string[]): unknown => void lines.splice(3, 0, lines[3] ?? ''),
      ['chain', 'root', 'sequence'],
    ],
    ['the tail cut off', (lines: string[]): unknown => void lines.splice(-3, 2), ['root', 'sequence']],
    ['the first record cut off', (lines: string[]): unknown => void lines.splice(1, 1), ['chain', 'root', 'sequence']],
  ] as const)('%s', async (_name, damage, expected) => {
    const lines = fileLines(new ForgedChain(8));
    damage(lines);
    expect(codes(await verifyText(redigest(lines)))).toEqual([...expected]);
  });

  it('reports every problem, not only the first', async () => {
    const chain = new ForgedChain(8);
    at(chain, 3).record.outcome = 'perhaps';
    at(chain, 5).record.tenant = 'other';
    at(chain, 7).record.extra = true;
    const { problems } = await verify(chain);
    expect(problems.map(({ line, seq, code }) => [line, seq, code])).toEqual([
      [4, 3, 'schema'],
      [6, 5, 'sequence'],
      [8, 7, 'schema'],
    ]);
  });

  it('keeps 1,000 problems and counts the rest', async () => {
    const chain = new ForgedChain(1200);
    for (const forged of chain.records) forged.sig = '';
    const verdict = await verify(chain);
    expect(verdict.problems).toHaveLength(1000);
    expect(verdict.problemCount).toBe(1200);
  });
});

describe('keys', () => {
  it('old records re-signed with a newer key are not in force', async () => {
    const chain = new ForgedChain(3);
    const newer = newKey();
    chain.rotate(newer);
    at(chain, 2).record.key = newer.id;
    const verdict = await verify(chain);
    expect(verdict.problems).toMatchObject([{ seq: 2, code: 'key' }]);
  });

  it('the old key is out of force after its rotation', async () => {
    const chain = new ForgedChain(3);
    chain.rotate(newKey());
    chain.add('tenant.user_role_changed', { user: 'x', old: 'a', new: 'b' }).record.key = chain.key.id;
    expect((await verify(chain)).problems).toMatchObject([{ seq: 5, code: 'key' }]);
  });

  it('a key that no record introduced, but the header names', async () => {
    const chain = new ForgedChain(3);
    chain.header = { keys: [describeForged(chain.key, 1), describeForged(newKey(), 3)] };
    expect((await verify(chain)).problems).toMatchObject([{ line: 1, code: 'key' }]);
  });

  it('a key whose id or algorithm is not its own', async () => {
    for (const wrong of [{ id: '0'.repeat(16) }, { alg: 'ES256' }]) {
      const chain = new ForgedChain(2);
      const keys = [{ ...describeForged(chain.key, 1), ...wrong }];
      (at(chain, 1).record.data as Loose).keys = keys;
      expect(codes(await verify(chain))).toContain('key');
    }
  });

  it('a pin', async () => {
    const chain = new ForgedChain(3);
    expect((await verify(chain, { key: chain.key.id })).verdict).toBe('valid');
    expect(codes(await verify(chain, { key: newKey().id }))).toEqual(['pin']);
  });
});

describe('the end', () => {
  it.each([
    ['a wrong digest', { digest: '0'.repeat(64) }, ['digest']],
    ['a wrong count', { records: 4 }, ['sequence']],
    ['a note that is none', { checkpoint: 'hello' }, ['checkpoint']],
  ] as const)('%s', async (_name, end, expected) => {
    const chain = new ForgedChain(3);
    chain.end = end;
    expect(codes(await verify(chain))).toEqual([...expected]);
  });

  it('a checkpoint of a smaller tree, of another tree, of another chain, by another key', async () => {
    const chain = new ForgedChain(5);
    const { key } = chain;
    const chainId = String(at(chain, 1).record.chain);
    const other = '00000000-0000-4000-8000-000000000000';
    chain.end = { checkpoint: chain.note(4) };
    expect(codes(await verify(chain))).toEqual(['root', 'sequence']);
    chain.end = { checkpoint: note(chainId, 5, Buffer.alloc(32), key) };
    expect(codes(await verify(chain))).toEqual(['root']);
    chain.end = { checkpoint: note(other, 5, chain.tree().root(), key) };
    expect(codes(await verify(chain))).toEqual(['checkpoint']);
    chain.end = { checkpoint: note(chainId, 5, chain.tree().root(), newKey()) };
    expect(codes(await verify(chain))).toEqual(['checkpoint']);
  });
});

describe('an earlier checkpoint', () => {
  it('is extended', async () => {
    const chain = new ForgedChain(9);
    for (const size of [1, 4, 9]) expect((await verify(chain, { since: chain.note(size) })).problems).toEqual([]);
  });

  it('is not extended by a shorter, a forked or another chain', async () => {
    const chain = new ForgedChain(9);
    const since = chain.note(7);
    const shorter = new ForgedChain(5, chain.key);
    expect(codes(await verify(shorter, { since }))).toEqual(['not-extension']);
    const fork = new ForgedChain(9, chain.key);
    at(fork, 6).record.outcome = 'failure';
    expect(codes(await verify(fork, { since }))).toEqual(['not-extension']);
    const foreign = note('00000000-0000-4000-8000-000000000000', 7, chain.tree(7).root(), chain.key);
    expect(codes(await verify(chain, { since: foreign }))).toEqual(['not-extension']);
  });

  it('that is itself forged or malformed is said to be', async () => {
    const chain = new ForgedChain(9);
    const forged = note(String(at(chain, 1).record.chain), 7, chain.tree(7).root(), newKey());
    expect(codes(await verify(chain, { since: forged }))).toEqual(['checkpoint']);
    expect(codes(await verify(chain, { since: 'no note' }))).toEqual(['checkpoint']);
  });

  it('truncation followed by new, validly signed records is told', async () => {
    const chain = new ForgedChain(9);
    const since = chain.note(9);
    const rewritten = new ForgedChain(5, chain.key);
    for (let n = 0; n < 6; n++) rewritten.add('tenant.user_removed', { user: `v${n}`, reason: 'left' });
    expect((await verify(rewritten)).verdict).toBe('valid'); // nothing in the file itself can tell
    expect(codes(await verify(rewritten, { since }))).toEqual(['not-extension']);
  });
});

describe('sealed values', () => {
  const salt = Buffer.alloc(16, 7).toString('base64url');

  function sealedChain(): ForgedChain {
    const chain = new ForgedChain(1);
    for (const text of ['one', 'two', 'three', 'four']) chain.addSealed(salt, text); // seq 2 to 5
    return chain;
  }

  it('are disclosed, withheld, erased', async () => {
    const chain = sealedChain();
    const erased = [
      { seq: 3, path: '/data/note' },
      { seq: 4, path: '/nothing/here' },
      { seq: 99, path: '/data/note' },
    ];
    chain.add('tenant.erasure_completed', { request: 'r', certificate: 'a'.repeat(64), erased });
    chain.disclosures = [{ seq: 2, path: '/data/note', value: [salt, 'one'] }];
    const verdict = await verify(chain);
    expect(verdict.problems).toEqual([]);
    expect(verdict.sealed).toEqual({ disclosed: 1, withheld: 2, erased: 1, mismatched: 0 });
  });

  it.each([
    ['another value', { seq: 2, path: '/data/note', value: [salt, 'uno'] }, 1],
    ['another salt', { seq: 2, path: '/data/note', value: ['x'.repeat(21).concat('A'), 'one'] }, 1],
    ['a place that is not sealed', { seq: 2, path: '/actor/id', value: [salt, 'one'] }, 0],
    ['a record that is not there', { seq: 77, path: '/data/note', value: [salt, 'one'] }, 0],
  ])('disclosed with %s', async (_name, disclosure, mismatched) => {
    const chain = sealedChain();
    chain.disclosures = [disclosure];
    const verdict = await verify(chain);
    expect(codes(verdict)).toEqual(['disclosure']);
    expect(verdict.sealed.mismatched).toBe(mismatched);
  });

  it('disclosed twice, and out of order', async () => {
    const one = { seq: 2, path: '/data/note', value: [salt, 'one'] };
    const two = { seq: 3, path: '/data/note', value: [salt, 'two'] };
    const twice = sealedChain();
    twice.disclosures = [one, one];
    expect(codes(await verify(twice))).toEqual(['disclosure']);
    const disordered = sealedChain();
    disordered.disclosures = [two, one];
    expect(codes(await verify(disordered))).toEqual(['unreadable']);
  });

  it('any JSON value can be sealed and disclosed', async () => {
    const chain = new ForgedChain(1);
    const value = { street: 'Ü', numbers: [1.5, 1e30] };
    chain.add('incident.note_added', { note: { sealed: sealDigest([salt, value]) } });
    chain.disclosures = [{ seq: 2, path: '/data/note', value: [salt, { numbers: value.numbers, street: 'Ü' }] }];
    expect((await verify(chain)).sealed.disclosed).toBe(1);
  });
});
