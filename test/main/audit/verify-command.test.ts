import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runVerify } from '#main/cli/commands/verify.ts';
import { run as runCommand } from '#main/cli/main.ts';
import { Verdict } from '#shared/model/verdict.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { runStandAlone } from '../../support/compare-verdicts.ts';
import { ForgedChain, newKey } from '../../support/forge-chain.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const chain = new ForgedChain(6);
const good = chain.write(join(folder, 'good.chain.jsonl'));
const broken = new ForgedChain(6, chain.key);
broken.end = { digest: '0'.repeat(64) };
const bad = broken.write(join(folder, 'bad.chain.jsonl'));
const since = join(folder, 'since.txt');
writeFileSync(since, chain.note(4));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await runVerify(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
  });
  return { status, out, err };
}

describe('causeway verify', () => {
  it('exits 0 for a valid file, 1 for an invalid one, 2 for an unreadable one', async () => {
    expect((await run(good)).status).toBe(0);
    expect((await run(bad)).status).toBe(1);
    expect((await run(since)).status).toBe(2);
    expect((await run(join(folder, 'missing'))).status).toBe(2);
  });

  it('says what was found, and what it does not prove', async () => {
    const { out } = await run(bad);
    expect(out).toMatch(/^INVALID/);
    for (const part of ['digest', 'line 8', chain.key.id, '6 (complete, 1 to 6)', 'Not proven'])
      expect(out).toContain(part);
  });

  it('prints one verdict object with --json', async () => {
    const { out } = await run('--json', good, '--since', since, '--key', chain.key.id);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(Verdict.parse(JSON.parse(out))).toMatchObject({ verdict: 'valid', file: good, records: 6, problems: [] });
    expect(Verdict.parse(JSON.parse((await run('--json', bad)).out)).verdict).toBe('invalid');
    expect(Verdict.parse(JSON.parse((await run('--json', folder)).out)).verdict).toBe('unreadable');
  });

  it('with a pin or an earlier checkpoint that does not fit exits 1', async () => {
    expect((await run(good, '--key', newKey().id)).status).toBe(1);
    const shorter = new ForgedChain(3, chain.key).write(join(folder, 'short.chain.jsonl'));
    expect((await run(shorter, '--since', since)).status).toBe(1);
  });

  it.each([
    ['no file', []],
    ['two files', [good, bad]],
    ['an unknown option', [good, '--fast']],
    ['a key id that is none', [good, '--key', 'abc']],
    ['a checkpoint file that is not there', [good, '--since', join(folder, 'missing')]],
    ['a checkpoint file that is none', [good, '--since', good]],
    ['two checkpoint files', [good, '--since', since, '--since', since]],
    ['two key ids', [good, '--key', chain.key.id, '--key', chain.key.id]],
  ])('%s is wrong usage', async (_name, args) => {
    const { status, out, err } = await run(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('usage: causeway verify');
    const other = runStandAlone([...args]);
    expect([other.status, other.stdout]).toEqual([2, '']);
    // but for how each of them calls itself; Node's own sentences differ in nothing
    expect(other.stderr.split('\n')[0]).toBe(err.split('\n')[0]);
  });

  it('reads only a regular file as checkpoint, and no more than a note may have', async () => {
    for (const wrong of [folder, '/dev/zero', '/dev/null']) expect((await run(good, '--since', wrong)).status).toBe(2);
    const long = join(folder, 'long.txt');
    writeFileSync(long, chain.note(4).padEnd(70_000, '\n'));
    const { status, err } = await run(good, '--since', long);
    expect([status, err]).toEqual([2, expect.stringContaining('too long')]);
  });
});

describe('a checkpoint file that is not UTF-8', () => {
  const note = Buffer.from(chain.note(4));
  const unknown = Buffer.from(`— other.example ${Buffer.alloc(72).toString('base64')}\n`);
  const broken = Buffer.concat([note, unknown]);
  broken.writeUInt8(0xff, broken.lastIndexOf('other'));

  it.each([
    ['a byte that is none', broken, 'it is not UTF-8'],
    ['a byte order mark', Buffer.concat([Buffer.from('\ufeff'), note]), 'the origin is not that of a chain'],
  ])('%s is wrong usage', async (_name, bytes, why) => {
    const file = join(folder, 'bytes.txt');
    writeFileSync(file, bytes);
    const { status, err } = await run(good, '--since', file);
    const [line] = err.split('\n');
    expect([status, line]).toEqual([2, expect.stringContaining(why)]);
    const other = runStandAlone([good, '--since', file]);
    expect([other.status, other.stderr.split('\n')[0]]).toEqual([2, line]);
  });
});

describe('the command in a pipeline', () => {
  const main = fileURLToPath(new URL('../../../src-main/cli/main.ts', import.meta.url));

  it.each([
    [good, 0],
    [bad, 1],
  ])('keeps its exit status when nobody reads on', async (file, status) => {
    const child = spawn(process.execPath, [main, 'verify', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy(); // before a byte was written: what `| true` does
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, errors]).toEqual([status, '']);
  });

  it('an unexpected error says nothing about the file', async () => {
    const nobody = async () => null;
    const io = {
      stdout: () => undefined,
      stderr: () => undefined,
      ask: nobody,
      askSecret: nobody,
      askSecretText: nobody,
    };
    const failing = {
      ...io,
      stdout: () => {
        throw new Error('no output');
      },
    };
    expect(await runCommand(['verify', good], failing)).toBe(2);
  });
});
