import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { witnessKey } from '#main/audit/witness/vkey.ts';
import { runVerify } from '#main/cli/commands/verify.ts';
import { currentPage, currentScript, currentTable, PAGE, SCRIPT, storedTable } from '#main/cli/verifier/generate.ts';
import { EXAMPLE_GENERATOR, SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import {
  type GivenByReader,
  judgeByMain,
  judgementOf,
  judgeStandAlone,
  runStandAlone,
  STAND_ALONE,
} from '../../support/compare-verdicts.ts';
import { damagedExports, sampleChain, WRONG_SALTS } from '../../support/damaged-exports.ts';
import { ForgedChain, newKey } from '../../support/forge-chain.ts';
import { ForgedExtract } from '../../support/forge-extract.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const exports = damagedExports();
const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';

function write(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The program as somebody runs it, without keeping others waiting. */
function run(args: readonly string[]): Promise<{ readonly status: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [STAND_ALONE, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject).on('close', (status) => resolve({ status, stdout }));
  });
}

function argumentsOf({ since, key }: GivenByReader = {}): string[] {
  return [
    ...(since === undefined ? [] : ['--since', write('since.txt', since)]),
    ...(key === undefined ? [] : ['--key', key]),
  ];
}

/** @securityTest A verifier that shares no code with the store says the same of every file, word for word */
describe('the stand-alone verifier and the console agree', () => {
  it('on more than a hundred files, most of them damaged', () => {
    expect(exports.length).toBeGreaterThan(100);
    expect(new Set(exports.map(({ name }) => name)).size).toBe(exports.length);
  });

  it.each(exports.map((sample) => [sample.name, sample] as const))('%s', async (_name, { bytes, given }) => {
    const path = write('a.jsonl', bytes);
    const main = await judgeByMain(path, given);
    expect(await judgeStandAlone(path, given)).toEqual(main);
    const skipping = { ...given, signatures: false };
    expect(await judgeStandAlone(path, skipping)).toEqual(await judgeByMain(path, skipping));
    const { status, stdout } = await run([path, '--json', ...argumentsOf(given)]);
    expect(judgementOf(JSON.parse(stdout))).toEqual(main);
    expect(status).toBe({ valid: 0, invalid: 1, unreadable: 2 }[main.verdict]);
  });

  it('on a history that is made up, and on what has not its first record', async () => {
    const chain = madeUp();
    const path = write('made-up.chain.jsonl', chain.text());
    const main = await judgeByMain(path);
    expect(main).toMatchObject({ verdict: 'valid', synthetic: true });
    expect(await judgeStandAlone(path)).toEqual(main);
    chain.records[0] = {
      ...chain.records[0],
      record: chain.records[0]?.record ?? {},
      sig: 'A'.repeat(86).concat('=='),
    };
    const unsigned = write('made-up-unsigned.chain.jsonl', chain.text());
    expect(await judgeByMain(unsigned)).toMatchObject({ verdict: 'invalid', synthetic: true });
    expect(await judgeStandAlone(unsigned)).toEqual(await judgeByMain(unsigned));
    const first = write('made-up.extract.jsonl', new ForgedExtract(madeUp(), [1, 3]).text());
    expect(await judgeByMain(first)).toMatchObject({ verdict: 'valid', synthetic: true });
    expect(await judgeStandAlone(first)).toEqual(await judgeByMain(first));
    const later = write('made-up-later.extract.jsonl', new ForgedExtract(madeUp(), [2, 3]).text());
    expect(await judgeByMain(later)).not.toHaveProperty('synthetic');
    expect(await judgeStandAlone(later)).toEqual(await judgeByMain(later));
    expect(await judgeByMain(write('not-made-up.chain.jsonl', sampleChain().text()))).not.toHaveProperty('synthetic');
  });

  it('on any one byte changed', { timeout: 240_000 }, async () => {
    const small = new ForgedChain(1);
    small.addSealed(SALT, 'one');
    small.rotate(newKey('ES256'));
    small.disclosures = [{ seq: 2, path: '/data/note', value: [SALT, 'one'] }];
    const original = Buffer.from(small.text());
    const copy = Buffer.from(original);
    for (let index = 0; index < original.length; index++) {
      const byte = original[index] ?? 0;
      copy[index] = byte ^ (1 << (index % 7));
      const path = write('flipped.chain.jsonl', copy);
      expect(await judgeStandAlone(path), `byte ${index}`).toEqual(await judgeByMain(path));
      copy[index] = byte;
    }
  });

  it('on files cut anywhere', { timeout: 120_000 }, async () => {
    const whole = sampleChain().text();
    for (let length = 0; length < whole.length; length += 97) {
      const path = write('cut.chain.jsonl', whole.slice(0, length));
      expect(await judgeStandAlone(path), `${length} bytes`).toEqual(await judgeByMain(path));
    }
  });

  it('on a line of 96 MiB, which is passed over', async () => {
    const [start = ''] = sampleChain().text().split('\n');
    const path = write(
      'long.chain.jsonl',
      Buffer.concat([Buffer.from(`${start}\n`), Buffer.alloc(96 * 1024 * 1024, 0x20)]),
    );
    expect(await judgeStandAlone(path)).toEqual(await judgeByMain(path));
  });

  it('on what is no file', async () => {
    for (const path of [folder, join(folder, 'missing')]) {
      const main = await judgeByMain(path);
      const other = await judgeStandAlone(path);
      expect({ ...other, problems: [] }).toEqual({ ...main, problems: [] });
      expect(other.problems[0]?.code).toBe('unreadable');
    }
  });
});

/** As an example begins. */
function madeUp(): ForgedChain {
  const chain = new ForgedChain(4);
  const [first] = chain.records;
  if (first === undefined) throw new Error('no record');
  first.record.data = { ...Object(first.record.data), generator: { name: EXAMPLE_GENERATOR, version: '1' } };
  return chain;
}

describe('the command', () => {
  const good = sampleChain();
  const path = write('good.chain.jsonl', good.text());

  it.each([
    [[]],
    [[path, path]],
    [[path, '--key', 'xyz']],
    [[path, '--nothing']],
    [[path, '--witness', 'a+b+c']],
    [[path, '--since', join(folder, 'missing')]],
    [[path, '--since', folder]],
    [[path, '--since', path]],
  ])('refuses %j', (args) => {
    const { status, stdout, stderr } = runStandAlone(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('usage:');
  });

  it('tells people what was found', () => {
    const { status, stdout } = runStandAlone([path, '--key', good.key.id]);
    expect(status).toBe(0);
    expect(stdout).toContain('VALID');
    expect(stdout).toContain('What this file cannot prove');
    const hostile = write('hostile.chain.jsonl', good.text().replace('"outcome"', '"\u001b[2Joutcome\u202e"'));
    const bad = runStandAlone([hostile]);
    expect(bad.status).toBe(1);
    expect(bad.stdout.includes('\u001b') || bad.stdout.includes('\u202e')).toBe(false);
  });

  it('says under its verdict that a history is made up, and nothing of others', async () => {
    const example = write('example.chain.jsonl', madeUp().text());
    expect(runStandAlone([example]).stdout).toMatch(/^VALID: [^\n]*\nEverything in this chain is made up: [^\n]*\n\n/);
    expect(runStandAlone([path]).stdout).toMatch(/^VALID: [^\n]*\n\n/);
    const said: string[] = [];
    const io = { stdout: (text: string) => said.push(text), stderr: () => undefined };
    await runVerify([example], io);
    expect(said[0]).toContain(`\n${SYNTHETIC_CHAIN}\n\nfile `);
    expect(readFileSync(SCRIPT, 'utf8')).toContain(SYNTHETIC_CHAIN);
    expect(readFileSync(PAGE, 'utf8')).toContain(SYNTHETIC_CHAIN);
  });

  it.skipIf(!existsSync('/usr/bin/node'))('runs under the Node of this machine too', () => {
    const { status, stdout } = runStandAlone([path, '--json'], '/usr/bin/node');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'valid', records: 8 });
  });
});

describe('the files', () => {
  it('are what the sources give: node src-main/cli/verifier/generate.ts', { timeout: 60_000 }, async () => {
    expect(storedTable()).toBe(currentTable());
    expect(readFileSync(SCRIPT, 'utf8')).toBe(await currentScript());
    expect(readFileSync(PAGE, 'utf8')).toBe(await currentPage());
  });

  it('are small, and need nothing but Node', () => {
    expect(statSync(fileURLToPath(SCRIPT)).size).toBeLessThan(60_000);
    const text = readFileSync(SCRIPT, 'utf8');
    const imports = [...text.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, name]) => name);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => !name?.startsWith('node:'))).toEqual([]);
    expect(text).not.toMatch(/\b(require|eval|Function)\s*\(|\bimport\s*\(|node:(net|http|https|dgram|child_process)/);
  });

  it('the page has one script, no other source of anything, and no network', () => {
    const text = readFileSync(PAGE, 'utf8');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; base-uri 'none'/);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\bfetch\(|XMLHttpRequest/);
  });
});

it('a witness that is asked for and did not cosign is missed by both', async () => {
  const path = write('w.chain.jsonl', sampleChain().text());
  const key = newKey('Ed25519');
  const { vkey } = witnessKey('witness.example', key.spki.subarray(12));
  const given = { witnesses: [vkey, vkey] };
  const main = await judgeByMain(path, given);
  expect(main.problems).toHaveLength(1);
  expect(await judgeStandAlone(path, given)).toEqual(main);
});

it.each(WRONG_SALTS)('a salt is 16 bytes in their only form, and not "%s"', async (salt) => {
  const small = new ForgedChain(2);
  small.addSealed(salt, 'one');
  small.disclosures = [{ seq: 3, path: '/data/note', value: [salt, 'one'] }];
  const path = small.write(join(folder, 's.chain.jsonl'));
  const main = await judgeByMain(path);
  expect(main.problems).toEqual([
    { line: 5, code: 'unreadable', message: 'not a disclosure: /disclosure/value/0 does not fit' },
  ]);
  expect(await judgeStandAlone(path)).toEqual(main);
});
