import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { SigningKey } from '#shared/ipc/verification-views.ts';
import { Verdict } from '#shared/model/verdict.ts';
import { type PrivateKeychain, startKeychain } from '../support/keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';

const program = path.join(PROJECT_ROOT, 'src-main/cli/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'causeway-keys-'));
const REASON = 'Yearly change of the signing key.';

describe.skipIf(!canBringKeychain())('causeway keys', { timeout: 120_000 }, () => {
  let keychain: PrivateKeychain;
  beforeAll(async () => {
    keychain = await startKeychain();
  });
  afterAll(async () => {
    await keychain.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(...args: readonly string[]) {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...keychain.env, CAUSEWAY_DATA: path.join(folder, 'data') },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.stdin.end();
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { status, out, err };
  }

  test('from the keychain to the sandbox KMS and back, each in a program of its own; the export verifies', async () => {
    const begun = await run('keys', '--json');
    expect(begun).toMatchObject({ status: 0, err: '' });
    const [first] = z.array(SigningKey).parse(JSON.parse(begun.out));
    expect(first).toMatchObject({ alg: 'Ed25519', fromSeq: 1, toSeq: null });

    const moved = await run('keys', 'rotate', '--sandbox-kms', '--reason', REASON);
    expect(moved).toMatchObject({ status: 0, err: '' });
    expect(moved.out).toMatch(/ES256 {4}from record \d+ on {2}sandbox AWS KMS key arn:aws:kms:/);
    const back = await run('keys', 'rotate', '--reason', REASON, '--json');
    expect(back).toMatchObject({ status: 0, err: '' });
    const keys = z.array(SigningKey).parse(JSON.parse(back.out));
    expect(keys.map(({ alg }) => alg)).toEqual(['Ed25519', 'ES256', 'Ed25519']);
    expect(keys.map(({ where }) => where === null)).toEqual([true, true, false]);

    const file = path.join(folder, 'all.chain.jsonl');
    expect(await run('export', file, '--disclose')).toMatchObject({ status: 0, err: '' });
    const verified = await run('verify', file, '--key', first?.id ?? '', '--json');
    expect(verified.status).toBe(0);
    const verdict = Verdict.parse(JSON.parse(verified.out));
    expect(verdict).toMatchObject({ verdict: 'valid', problems: [] });
    expect(verdict.keys.map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
    // the reason a person gave stands in the chain sealed, and in the export's disclosures
    const records = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"hash"'));
    expect(records.join('\n')).not.toContain(REASON);
    expect(readFileSync(file, 'utf8')).toContain(REASON);
  });

  test.each([
    [['keys', 'rotate']],
    [['keys', 'rotate', '--reason', 'short']],
    [['keys', 'rotate', '--reason', REASON, '--region', 'eu-central-1']],
    [['keys', 'rotate', '--reason', REASON, '--kms', 'alias/mine', '--region', 'eu-central-1']],
    [['keys', 'rotate', '--reason', REASON, '--kms', 'arn:aws:kms:x:1:key/a', '--sandbox-kms']],
    [['keys', 'lose']],
  ])('%j is wrong usage', async (args) => {
    const ended = await run(...args);
    expect(ended.status).toBe(2);
    expect(ended.err).toContain('usage: causeway keys');
  });
});
