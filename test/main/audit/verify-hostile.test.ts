import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DisclosureVerifier } from '#main/audit/disclosure-verifier.ts';
import { ErasedPlaces } from '#main/audit/erased-places.ts';
import { MAX_KEYS, readDisclosure } from '#main/audit/export-lines.ts';
import { decodeBase64 } from '#main/audit/json-read.ts';
import { ProblemList } from '#main/audit/problems.ts';
import { readRecordLine } from '#main/audit/record-line.ts';
import { RecordVerifier } from '#main/audit/record-verifier.ts';
import { verifyAndDigest, verifyChainFile } from '#main/audit/verify-file.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { noteInput, openTestStore, removeFolder, TEST_GENERATOR, temporaryFolder } from '../../support/audit-store.ts';
import { ForgedChain, type ForgedRecord, newKey } from '../../support/forge-chain.ts';
import { verifyBoth } from '../../support/verify-both.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const path = join(folder, 'a.chain.jsonl');

function verify(bytes: string | Uint8Array): Promise<Verdict> {
  writeFileSync(path, bytes);
  return verifyBoth(path);
}

/** In one pass only: for what is done by the hundred. */
function verifyOnce(bytes: Uint8Array): Promise<Verdict> {
  writeFileSync(path, bytes);
  return verifyChainFile(path);
}

const whole = new ForgedChain(4).text();
const lines = whole.trimEnd().split('\n');

/** @securityTest A file somebody gives us cannot crash, exhaust or deceive the verifier */
describe('a hostile file', () => {
  it.each([
    ['empty', ''],
    ['one line feed', '\n'],
    ['not JSON', 'hello\nworld\n'],
    ['a byte order mark', `\ufeff${whole}`],
    ['CRLF', whole.replaceAll('\n', '\r\n')],
    ['cut in the end line', whole.slice(0, -20)],
    ['cut in a record', whole.slice(0, 1200)],
    ['no line feed at the end', whole.slice(0, -1)],
    ['no end line', `${lines.slice(0, -1).join('\n')}\n`],
    ['no header', `${lines.slice(1).join('\n')}\n`],
    ['another header', whole.replace('chain/1', 'chain/2')],
    ['an extract', whole.replace('chain/1', 'extract/1')],
    ['a header with a space', whole.replace('{"causeway"', '{ "causeway"')],
    ['a header with a duplicate member', whole.replace('{"causeway"', '{"causeway":"chain/1","causeway"')],
    ['a deep header', `${'['.repeat(100_000)}\n${whole}`],
    ['a megabyte of brackets', '['.repeat(1_000_000)],
    ['an end line with a space', whole.replace('{"end":{', '{"end": {')],
    ['an end line with a duplicate member', whole.replace('{"end":{', '{"end":{"records":4,')],
    ['an end line with a bad escape', whole.replace('\\n\\n', '\\n\\u000a')],
  ])('%s is unreadable', async (_name, text) => {
    const verdict = await verify(text);
    expect(verdict.verdict).toBe('unreadable');
    expect(verdict.problems.map((problem) => problem.code)).toContain('unreadable');
  });

  it.each([
    ['bytes after the end', `${whole}x`],
    ['a line feed after the end', `${whole}\n`],
    ['a second end', `${whole}${lines.at(-1)}\n`],
    ['an empty line inside', whole.replace('\n{"hash"', '\n\n{"hash"')],
    ['an unknown line inside', whole.replace('\n{"hash"', '\n{"other":1}\n{"hash"')],
    ['a line over 4 MiB', whole.replace('\n{"hash"', `\n${'x'.repeat(4 * 1024 * 1024 + 1)}\n{"hash"`)],
    ['a record line with a space', whole.replace(',"record":', ', "record":')],
    [
      'a record after the disclosures',
      whole.replace(
        '{"end":',
        `{"disclosure":{"seq":1,"path":"/x","value":["AAAAAAAAAAAAAAAAAAAAAA",1]}}\n${lines[2]}\n{"end":`,
      ),
    ],
    ['NUL in a record', whole.replace('"u2"', '"u\u0000"')],
  ])('%s is unreadable in that place', async (_name, text) => {
    const verdict = await verify(text);
    expect(verdict.verdict).toBe('invalid');
    expect(verdict.problems.map((problem) => problem.code)).toContain('unreadable');
  });

  it('invalid UTF-8 in a record is unreadable in that place', async () => {
    const bytes = Buffer.from(whole);
    bytes[whole.indexOf('"u2"') + 1] = 0xff;
    const verdict = await verify(bytes);
    expect(verdict.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ line: 3, seq: 2, code: 'unreadable' })]),
    );
  });

  it('a surrogate written in UTF-8 is unreadable', async () => {
    const [before, after] = whole.split('u2');
    const verdict = await verify(
      Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(after ?? '')]),
    );
    expect(verdict.problems.map((problem) => problem.code)).toContain('unreadable');
  });

  it('a line of 64 MiB is passed over, not held', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const verdict = await verify(Buffer.concat([Buffer.from(`${lines[0]}\n`), Buffer.alloc(64 * 1024 * 1024, 0x20)]));
    expect(verdict.verdict).toBe('unreadable');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(96 * 1024 * 1024); // 64 of them are this test's own
  });

  it('thousands of problems are counted, a thousand kept', async () => {
    const verdict = await verify(`${lines[0]}\n${'x\n'.repeat(20_000)}`);
    expect(verdict.problems).toHaveLength(1000);
    expect(verdict.problemCount).toBeGreaterThan(20_000);
  });

  it('messages cannot steer a terminal', async () => {
    const verdict = await verify(whole.replace('"outcome"', '"\u001b[2Joutcome\u202e"'));
    expect(JSON.stringify(verdict.problems)).not.toMatch(/\\u001b|\u202e/);
  });

  it('what is no file at all is unreadable', async () => {
    for (const wrong of [join(folder, 'missing'), folder]) {
      expect(await verifyChainFile(wrong)).toMatchObject({ verdict: 'unreadable', records: 0 });
    }
  });
});

/** What has an effect only where it succeeded, is signed, and points at something. */
describe('a record without effect', () => {
  const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
  function erasing(change: (record: ForgedRecord) => void = () => undefined): ForgedChain {
    const chain = new ForgedChain(1);
    chain.addSealed(salt, 'one');
    const erased = [{ seq: 2, path: '/data/note' }];
    change(chain.add('tenant.erasure_completed', { request: 'r', certificate: '0'.repeat(64), erased }));
    return chain;
  }

  it('is an erasure that failed, or is not signed', async () => {
    expect((await verify(erasing().text())).sealed).toMatchObject({ erased: 1, withheld: 0 });
    const failed = erasing(({ record }) => Object.assign(record, { outcome: 'failure' }));
    expect((await verify(failed.text())).sealed).toMatchObject({ erased: 0, withheld: 1 });
    const unsigned = erasing((forged) => Object.assign(forged, { sig: '' }));
    expect((await verify(unsigned.text())).sealed).toMatchObject({ erased: 0, withheld: 1 });
  });

  it('is a rotation that was denied', async () => {
    const chain = new ForgedChain(2);
    chain.rotate(newKey());
    Object.assign(chain.records[2]?.record ?? {}, { outcome: 'denied' });
    chain.add('tenant.user_role_changed', { user: 'x', old: 'a', new: 'b' });
    expect((await verify(chain.text())).problems.map(({ code }) => code)).toEqual(['key', 'key', 'checkpoint']);
  });

  it('is a first record that did not succeed', async () => {
    const chain = new ForgedChain(2);
    Object.assign(chain.records[0]?.record ?? {}, { outcome: 'denied' });
    expect((await verify(chain.text())).problems).toMatchObject([{ line: 2, code: 'schema' }]);
  });
});

it('places named by erasures are held up to a bound, the rest is said not to be counted', () => {
  const places = new ErasedPlaces(10_000);
  for (let seq = 1; seq <= 1_000; seq++) places.add(seq, '/data/note');
  expect(places.size).toBeLessThan(60);
  expect(places.full).toBe(true);
  const verifier = new RecordVerifier(new ProblemList(), { chain: null, tenant: null, first: 1, left: [], keys: [] });
  const chain = new ForgedChain(2);
  const erased = Array.from({ length: 5_000 }, (_, index) => ({ seq: 10_000 + index, path: '/x' }));
  const nothing = chain.add('tenant.erasure_completed', { request: 'r', certificate: '0'.repeat(64), erased });
  Object.assign(nothing.record, { seq: 9e15 });
  for (const line of chain.lines()) {
    const record = readRecordLine(Buffer.from(line));
    if (record !== null) verifier.check({ line: 0, ...record, sig: decodeBase64(record.sig) });
  }
  expect(verifier.records).toBe(3);
  expect(verifier.erased.size).toBe(0);
});

describe('a text with half a surrogate pair', () => {
  it.each([
    [
      'in the generator',
      (chain: ForgedChain) => Object.assign(chain, { header: { generator: { name: '\ud800', version: '1' } } }),
    ],
    [
      'in a witness',
      (chain: ForgedChain) => Object.assign(chain, { end: { checkpoint: `${chain.note()}— w\ud800 AAAAAAAA\n` } }),
    ],
  ])('%s is unreadable', async (_name, damage) => {
    const chain = new ForgedChain(3);
    damage(chain);
    expect((await verify(chain.text())).verdict).toBe('unreadable');
  });
});

it('a chain of more than a thousand keys is valid, a header of more than the limit is not looked at', async () => {
  const chain = new ForgedChain(1);
  for (let count = 0; count < 1_001; count++) chain.rotate(newKey());
  expect((await verify(chain.text())).verdict).toBe('valid');
  const [key] = (JSON.parse(lines[0] ?? '') as { keys: unknown[] }).keys;
  chain.header = { keys: Array.from({ length: MAX_KEYS + 1 }, () => key) };
  expect((await verify(chain.text())).problems[0]?.message).toContain(`more than ${MAX_KEYS} keys`);
});

it('disclosures out of order are reported without going back in the file', async () => {
  const problems = new ProblemList();
  const found: number[] = [];
  const find = (seq: number) => {
    found.push(seq);
    return new Map<string, string>();
  };
  const verifier = new DisclosureVerifier(problems, find, new ErasedPlaces());
  for (const seq of [5, 2, 5, 2, 6]) await verifier.check(seq, { seq, path: `/${seq}`, value: ['', 1] });
  expect(found).toEqual([5, 6]);
});

it('a line of a million empty arrays holds nothing up for long', async () => {
  const value = `[${'[],'.repeat(1_300_000)}[]]`;
  const line = `{"disclosure":{"seq":1,"path":"/x","value":["AAAAAAAAAAAAAAAAAAAAAA",${value}]}}`;
  const started = performance.now();
  expect(typeof readDisclosure(Buffer.from(line))).toBe('object');
  expect(performance.now() - started).toBeLessThan(4_000);
});

it('a user named in clear is not of the schema', async () => {
  const chain = new ForgedChain(3);
  Object.assign(chain.records[1]?.record ?? {}, { actor: { type: 'user', id: 'u', name: 'Ada' } });
  expect((await verify(chain.text())).problems).toMatchObject([{ seq: 2, code: 'schema' }]);
});

it('a file that goes on growing ends where it ended when it was opened', async () => {
  writeFileSync(path, whole);
  const verdict = await verifyChainFile(path, { onProgress: () => appendFileSync(path, 'more\n') });
  expect(verdict.problems).toMatchObject([{ code: 'unreadable', message: expect.stringContaining('grew') }]);
});

it('a read error is unreadable, and no statement about the chain', async () => {
  // a process reading its own memory from the start meets EIO
  const verdict = await verifyChainFile('/proc/self/mem');
  expect(verdict.verdict).toBe('unreadable');
});

it('the digest is of the bytes that were verified, in every case', async () => {
  for (const text of [whole, `${whole}x`, whole.slice(0, 500), `${lines[0]}\n${'y'.repeat(5_000_000)}\n`]) {
    writeFileSync(path, text);
    expect((await verifyAndDigest(path)).digest).toBe(createHash('sha256').update(text).digest('hex'));
  }
});

/** @securityTest Changing any one byte of an export is found, and named by a fitting code */
it('a flip of every byte is found', { timeout: 120_000 }, async () => {
  const { store, folder: own } = await openTestStore();
  await store.append(noteInput('inc-1', 'one'));
  const file = join(own, 'small.chain.jsonl');
  await store.exportChain(file, { disclose: true, generator: TEST_GENERATOR });
  await store.close();
  const original = await import('node:fs/promises').then((fs) => fs.readFile(file));
  removeFolder(own);
  const endStart = original.indexOf('{"end":');
  const copy = Buffer.from(original);
  for (let index = 0; index < original.length; index++) {
    const byte = original[index] ?? 0;
    for (const mask of index < endStart ? [1 << (index % 8)] : [1 << (index % 8), 0x20, 0x01]) {
      copy[index] = byte ^ mask;
      const verdict = await (index % 60 === 0 ? verify(copy) : verifyOnce(copy));
      const found = new Set(verdict.problems.map((problem) => problem.code));
      const place = `byte ${index}, mask ${mask}: ${[...found].join()}`;
      expect(verdict.verdict, place).not.toBe('valid');
      if (index < endStart - 1) expect(found.has('digest'), place).toBe(true);
      else
        expect(
          ['digest', 'sequence', 'checkpoint', 'root', 'unreadable'].some((code) => found.has(code as never)),
          place,
        ).toBe(true);
    }
    copy[index] = byte;
  }
  for (const [seq, line] of original.toString('utf8').split('\n').entries()) {
    if (!line.startsWith('{"hash"')) continue;
    const start = original.indexOf(line);
    const body = start + line.indexOf('"record":') + 9;
    for (let index = body; index < start + line.length - 1; index += 7) {
      copy[index] = (original[index] ?? 0) ^ 1;
      const codes = (await verifyOnce(copy)).problems
        .filter((problem) => problem.line === seq + 1)
        .map(({ code }) => code);
      expect(codes, `byte ${index} in record ${seq}`).toContain('hash');
      expect(codes.includes('signature') || codes.includes('unreadable') || codes.includes('key')).toBe(true);
      copy[index] = original[index] ?? 0;
    }
  }
});
