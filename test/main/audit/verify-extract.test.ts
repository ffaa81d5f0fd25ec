import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { type GivenByReader, judgementOf, judgeStandAlone } from '../../support/compare-verdicts.ts';
import { ForgedChain, newKey, note, signRecord } from '../../support/forge-chain.ts';
import { ForgedExtract } from '../../support/forge-extract.ts';

const folder = temporaryFolder();
const path = join(folder, 'x.extract.jsonl');
const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';
afterEach(() => removeFolder(path));

/** By both verifiers, which must say the same, word for word. */
async function verifyPath(options: GivenByReader = {}): Promise<Verdict> {
  const verdict = await verifyChainFile(path, options);
  expect(await judgeStandAlone(path, options)).toEqual(judgementOf(verdict));
  return verdict;
}

function verify(extract: ForgedExtract, options: GivenByReader = {}): Promise<Verdict> {
  extract.write(path);
  return verifyPath(options);
}

/** Code, line and seq of each problem. */
async function problems(extract: ForgedExtract, options = {}): Promise<string[]> {
  const { problems: found } = await verify(extract, options);
  return found.map(({ code, line, seq }) => `${line}${seq === undefined ? '' : `#${seq}`} ${code}`);
}

/** Rewrites a record of an extract and signs it again: only its proof betrays it. */
function rewrite(extract: ForgedExtract, index: number, change: (text: string) => string, resign = true): void {
  const line = extract.line(index);
  line.text = change(line.text);
  line.hash = createHash('sha256').update(line.text).digest('hex');
  if (resign) line.sig = signRecord(extract.chain.key, line.hash).toString('base64');
}

describe('a genuine extract', () => {
  it.each([
    [1, [1]],
    [2, [2]],
    [7, [1, 2, 7]],
    [8, [8]],
    [9, [1, 5, 9]],
    [33, [2, 3, 31, 32, 33]],
  ])('of a chain of %i holds for the records %j', async (count, seqs) => {
    const chain = new ForgedChain(count);
    const extract = new ForgedExtract(chain, seqs);
    expect(await verify(extract, { key: chain.key.id, since: chain.note() })).toMatchObject({
      verdict: 'valid',
      problems: [],
      selection: 'extract',
      records: seqs.length,
      first: seqs[0],
      last: seqs.at(-1),
      head: extract.lines.at(-1)?.hash,
      root: chain.tree().root().toString('base64'),
    });
  });

  it('with ES256 keys and rotations holds, with the keys of the header', async () => {
    const chain = new ForgedChain(4, newKey('ES256'));
    chain.rotate(newKey());
    for (const user of ['a', 'b', 'c']) chain.add('tenant.user_role_changed', { user, old: 'x', new: 'y' });
    expect(await problems(new ForgedExtract(chain, [1, 5, 7]))).toEqual([]);
    expect(await problems(new ForgedExtract(chain, [3, 6, 8]))).toEqual([]);
  });

  it('has its disclosures compared', async () => {
    const chain = new ForgedChain(3);
    chain.addSealed(SALT, 'secret');
    chain.addSealed(SALT, 'withheld');
    const extract = new ForgedExtract(chain, [2, 4, 5]);
    extract.disclosures = [{ seq: 4, path: '/data/note', value: [SALT, 'secret'] }];
    const verdict = await verify(extract);
    expect(verdict.problems).toEqual([]);
    expect(verdict.sealed).toEqual({ disclosed: 1, withheld: 1, erased: 0, mismatched: 0 });
    extract.disclosures = [
      { seq: 3, path: '/data/note', value: [SALT, 'secret'] },
      { seq: 4, path: '/data/note', value: [SALT, 'other'] },
    ];
    expect(await problems(extract)).toEqual(['5#3 disclosure', '6#4 disclosure']);
  });

  it('tells what an erasure record in it names', async () => {
    const chain = new ForgedChain(2);
    chain.addSealed(SALT, 'gone');
    chain.add('tenant.erasure_completed', {
      request: 'r',
      certificate: 'a'.repeat(64),
      erased: [{ seq: 3, path: '/data/note' }],
    });
    expect((await verify(new ForgedExtract(chain, [3, 4]))).sealed).toMatchObject({ erased: 1, withheld: 0 });
    expect((await verify(new ForgedExtract(chain, [3]))).sealed).toMatchObject({ erased: 0, withheld: 1 });
  });

  it('of many records finds disclosures again wherever they are', { timeout: 30_000 }, async () => {
    const chain = new ForgedChain(1);
    for (let index = 0; index < 400; index++) chain.addSealed(SALT, `value ${index}`);
    const seqs = Array.from({ length: 200 }, (_, index) => 2 + index * 2);
    const extract = new ForgedExtract(chain, seqs);
    extract.disclosures = seqs.map((seq) => ({ seq, path: '/data/note', value: [SALT, `value ${seq - 2}`] }));
    expect((await verify(extract)).sealed).toEqual({ disclosed: 200, withheld: 0, erased: 0, mismatched: 0 });
  });
});

describe('a damaged extract', () => {
  const make = (count = 9, seqs = [2, 3, 7]) => new ForgedExtract(new ForgedChain(count), seqs);

  it('with a proof that leads elsewhere is wrong at that line', async () => {
    for (const change of [
      (proof: string[]) => proof.pop(),
      (proof: string[]) => proof.push(Buffer.alloc(32).toString('base64')),
      (proof: string[]) => proof.reverse(),
      (proof: string[]) => proof.splice(0, 1, Buffer.alloc(32, 7).toString('base64')),
      (proof: string[]) => proof.splice(0),
    ]) {
      const extract = make();
      change(extract.line(1).proof);
      const verdict = await verify(extract);
      expect(verdict.problems).toEqual([
        { line: 3, seq: 3, code: 'root', message: 'the proof does not lead to the root' },
      ]);
      expect(verdict.root).toBeNull();
    }
  });

  it('with a rewritten record signed by the right key is betrayed by its proof and link', async () => {
    const extract = make();
    rewrite(extract, 0, (text) => text.replace('"new":"b"', '"new":"z"'));
    expect(await problems(extract)).toEqual(['2#2 root', '3#3 chain']);
    const unsigned = make();
    rewrite(unsigned, 2, (text) => text.replace('"new":"b"', '"new":"z"'), false);
    expect(await problems(unsigned)).toEqual(['4#7 signature', '4#7 root']);
    const unhashed = make();
    unhashed.line(2).text = unhashed.line(2).text.replace('"new":"b"', '"new":"z"');
    expect(await problems(unhashed)).toEqual(['4#7 hash', '4#7 signature', '4#7 root']);
  });

  it('with records out of order, repeated, or of another chain says so', async () => {
    expect(await problems(make(9, [3, 2, 7]))).toEqual(['3#2 sequence']);
    expect(await problems(make(9, [3, 3]))).toEqual(['3#3 sequence']);
    const other = make();
    rewrite(other, 2, (text) => text.replace('"tenant":"acme"', '"tenant":"emca"'));
    expect(await problems(other)).toEqual(['4#7 sequence', '4#7 root']);
    const seqless = make();
    rewrite(seqless, 2, (text) => text.replace('"seq":7,', '"seq":"7",'));
    seqless.header = { last: 3 };
    const verdict = await verify(seqless);
    expect(verdict.problems.map(({ code, seq }) => [code, seq])).toEqual([
      ['schema', undefined],
      ['sequence', undefined],
      ['root', undefined],
    ]);
    expect(verdict.problems[1]?.message).toBe('a seq above 3 was expected, none stands there');
  });

  it('with bytes that are no record, or not canonical, is judged as any other file', async () => {
    const spaced = make();
    rewrite(spaced, 1, (text) => text.replace('{', '{ '));
    expect(await problems(spaced)).toEqual(['3#3 not-canonical', '3#3 root']);
    const none = make();
    rewrite(none, 1, () => '{"v":1');
    expect(await problems(none)).toEqual(['3 unreadable', '3 root']);
    const list = make();
    rewrite(list, 1, () => '[1]');
    expect(await problems(list)).toEqual(['3 schema', '3 root']);
    const unknown = make();
    rewrite(unknown, 2, (text) => text.replace('"user":"u7"', '"user":"u7","x":1'));
    expect(await problems(unknown)).toEqual(['4#7 schema', '4#7 root']);
  });

  it('with a clock that went back has a warning, and is valid', async () => {
    const chain = new ForgedChain(9);
    for (const { record } of chain.records.slice(4)) record.time = '2020-01-01T00:00:00.000Z';
    const verdict = await verify(new ForgedExtract(chain, [2, 7]));
    expect(verdict).toMatchObject({ verdict: 'valid', problems: [{ code: 'time', line: 3, seq: 7 }] });
  });

  it('with lines of another form is unreadable there and nothing else', async () => {
    const { lines } = make();
    const [first] = lines;
    const good = `{"hash":"${first?.hash}","sig":"${first?.sig}","proof":${JSON.stringify(first?.proof)},"record":${first?.text}}`;
    for (const bad of [
      good.replace('"proof":[', '"proof": ['),
      good.replace('","', '", "'),
      good.replace('"proof":["', '"proof":["A'),
      good.replace(/"proof":\[[^\]]*\],/, ''),
      good.replace(/"proof":\[[^\]]*\]/, '"proof":[,]'),
      good.replace(/"proof":\["(.{42})(.)=/, '"proof":["$1/='),
      good.replace('{"hash"', '{"Hash"'),
      'nothing',
    ]) {
      const extract = make();
      extract.replaced.set(2, bad);
      extract.header = { first: 3 };
      expect(await problems(extract), bad.slice(0, 250)).toEqual(['2 unreadable']);
    }
  });

  it('with a header that says something else is wrong at line 1', async () => {
    const cases: [Record<string, unknown>, string[]][] = [
      [{ first: 3 }, ['1 sequence']],
      [{ last: 8 }, ['1 sequence']],
      [
        { chain: '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c60' },
        ['2#2 sequence', '3#3 sequence', '4#7 sequence', '5 checkpoint'],
      ],
      [{ size: 20 }, ['2#2 root', '3#3 root', '4#7 root', '5 root']],
      [{ root: Buffer.alloc(32).toString('base64') }, ['2#2 root', '3#3 root', '4#7 root', '5 root']],
    ];
    for (const [header, found] of cases) {
      const extract = make();
      extract.header = header;
      const codes = (await problems(extract)).filter((text) => !text.endsWith(' root') || found.includes(text));
      expect(codes, JSON.stringify(header)).toEqual(found);
    }
    for (const header of [
      { filter: { 'a b': 'x' } },
      { filter: { a: 1.5 } },
      { filter: { a: null } },
      { filter: Object.fromEntries(Array.from({ length: 17 }, (_, index) => ['abcdefghijklmnopqrs'[index], 1])) },
      { filter: { b: 1, a: 1 } },
      { first: 0 },
      { size: '9' },
      { selection: 'complete' },
      { more: 1 },
    ]) {
      const extract = make();
      extract.header = header;
      expect(await verify(extract), JSON.stringify(header)).toMatchObject({
        verdict: 'unreadable',
        selection: null,
        root: null,
        keys: [],
        problems: [{ line: 1, code: 'unreadable' }],
      });
    }
    const filtered = make();
    filtered.header = { filter: { category: 'tenant', from: 17 } };
    expect(await problems(filtered)).toEqual([]);
  });

  it('with keys that are none, twice, out of order or not those of its records says so', async () => {
    const chain = new ForgedChain(9);
    const own = { id: chain.key.id, alg: 'Ed25519', spki: chain.key.spki.toString('base64'), fromSeq: 1 };
    const other = newKey();
    const second = { id: other.id, alg: 'Ed25519', spki: other.spki.toString('base64'), fromSeq: 5 };
    const withKeys = async (keys: unknown[], seqs = [2, 7]) => {
      const extract = new ForgedExtract(chain, seqs);
      extract.header = { keys };
      return problems(extract);
    };
    expect(await withKeys([{ ...own, id: '0'.repeat(16) }])).toContain('1 key');
    expect(await withKeys([own, { ...own, fromSeq: 2 }])).toContain('1 key');
    expect(await withKeys([{ ...own, fromSeq: 2 }])).toEqual(['1 key']);
    expect(await withKeys([own, { ...second, fromSeq: 11 }])).toEqual(['1 key']);
    // a key said to have been replaced at 5: record 7 and the checkpoint are by one no longer in force
    expect(await withKeys([own, second])).toEqual(['3#7 key', '4 checkpoint']);
    expect(await withKeys([{ ...second, fromSeq: 1 }])).toEqual(['2#2 key', '3#7 key', '4 checkpoint']);
    // the first record is in the file: its word goes before the header's
    expect(
      await withKeys(
        [
          { ...own, fromSeq: 1 },
          { ...second, fromSeq: 10 },
        ],
        [1, 7],
      ),
    ).toEqual([]);
    expect(
      await withKeys(
        [
          { ...second, fromSeq: 1 },
          { ...own, fromSeq: 1 },
        ],
        [1, 7],
      ),
    ).toContain('1 key');
  });

  it('with a rotation its header does not know says so at the rotation', async () => {
    const chain = new ForgedChain(4);
    chain.rotate(newKey());
    chain.rotate(newKey());
    chain.add('tenant.user_role_changed', { user: 'x', old: 'a', new: 'b' });
    const extract = new ForgedExtract(chain, [2, 5]);
    const keys = chain.keys.map((key, index) => ({
      id: key.id,
      alg: key.alg,
      spki: key.spki.toString('base64'),
      fromSeq: [1, 6, 7][index],
    }));
    extract.header = { keys };
    expect(await problems(extract)).toEqual([]);
    extract.header = { keys: [keys[0], { ...keys[1], fromSeq: 7 }] };
    expect(await problems(extract)).toEqual(['3#5 key', '4 checkpoint']);
    extract.header = { keys: [keys[0], { ...keys[2], fromSeq: 6 }] };
    expect(await problems(extract)).toEqual(['3#5 key']);
  });

  it('with a wrong end says so there', async () => {
    const cases: [Record<string, unknown>, string[]][] = [
      [{ records: 4 }, ['5 sequence']],
      [{ digest: '0'.repeat(64) }, ['5 digest']],
      [{ checkpoint: 'nothing' }, ['5 checkpoint']],
    ];
    for (const [end, found] of cases) {
      const extract = make();
      extract.end = end;
      expect(await problems(extract)).toEqual(found);
    }
    const older = make();
    older.end = { checkpoint: older.chain.note(8) };
    expect(await problems(older)).toEqual(['5 root']);
    expect((await verify(older)).root).toBeNull();
    const foreign = make();
    foreign.end = { checkpoint: note(chainOf(foreign), 9, foreign.chain.tree().root(), newKey()) };
    expect(await problems(foreign)).toEqual(['5 checkpoint']);
  });

  it('that is cut, grown or has no record is not valid', async () => {
    const text = make().text();
    const judged = async (changed: string) => {
      writeFileSync(path, changed);
      const { verdict, problems: found } = await verifyPath();
      return [verdict, ...found.map(({ line, code }) => `${line} ${code}`)];
    };
    expect(await judged(text.slice(0, -1))).toEqual(['unreadable', '5 unreadable']);
    expect(await judged(text.slice(0, text.lastIndexOf('{"end"')))).toEqual(['unreadable', '0 unreadable']);
    expect(await judged(`${text}x`)).toEqual(['invalid', '6 unreadable']);
    const empty = make(9, []);
    empty.header = { first: 1, last: 1 };
    expect(await verify(empty)).toMatchObject({ verdict: 'invalid', records: 0, head: null, root: null });
  });

  it('is compared with an earlier checkpoint only of the same size, and with a pin', async () => {
    const extract = make();
    const { chain } = extract;
    expect(await problems(extract, { since: chain.note(8) })).toEqual(['0 not-extension']);
    const forked = new ForgedChain(9, chain.key);
    for (const { record } of forked.records.slice(3)) record.outcome = 'failure';
    expect(await problems(extract, { since: forked.note() })).toEqual(['0 not-extension']);
    expect(await problems(extract, { since: note(chainOf(extract), 9, chain.tree().root(), newKey()) })).toEqual([
      '0 checkpoint',
    ]);
    expect(await problems(extract, { key: newKey().id })).toEqual(['0 pin']);
    expect(await problems(extract, { key: chain.key.id })).toEqual([]);
  });
});

function chainOf({ chain }: ForgedExtract): string {
  return String(chain.records[0]?.record.chain);
}

it('no byte of an extract can be changed, left out or put in without both verifiers saying so', {
  timeout: 60_000,
}, async () => {
  const chain = new ForgedChain(6);
  chain.addSealed(SALT, 'secret');
  const extract = new ForgedExtract(chain, [1, 4, 7]);
  extract.disclosures = [{ seq: 7, path: '/data/note', value: [SALT, 'secret'] }];
  const genuine = Buffer.from(extract.text());
  for (let at = 0; at < genuine.length; at += 7) {
    const before = genuine.subarray(0, at);
    const after = genuine.subarray(at + 1);
    const byte = genuine[at] ?? 0;
    for (const middle of [[byte ^ 1], [byte ^ 0x20], [], [byte, 0x20]]) {
      writeFileSync(path, Buffer.concat([before, Buffer.from(middle), after]));
      expect((await verifyPath()).verdict, `byte ${at} as ${middle}`).not.toBe('valid');
    }
  }
});
