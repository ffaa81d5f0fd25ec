import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { noteInput, openTestStore, removeFolder, TEST_GENERATOR, temporaryFolder } from '../../support/audit-store.ts';
import { ForgedChain } from '../../support/forge-chain.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const path = join(folder, 'a.chain.jsonl');

function verify(bytes: string | Uint8Array): Promise<Verdict> {
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
      whole.replace('{"end":', `{"disclosure":{"seq":1,"path":"/x","value":["",1]}}\n${lines[2]}\n{"end":`),
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
      const verdict = await verify(copy);
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
      const codes = (await verify(copy)).problems.filter((problem) => problem.line === seq + 1).map(({ code }) => code);
      expect(codes, `byte ${index} in record ${seq}`).toContain('hash');
      expect(codes.includes('signature') || codes.includes('unreadable') || codes.includes('key')).toBe(true);
      copy[index] = original[index] ?? 0;
    }
  }
});
