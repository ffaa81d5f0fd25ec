import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { type PrivateKeychain, startKeychain } from '../support/keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';

const program = path.join(PROJECT_ROOT, 'src-main/cli/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'causeway-witness-'));

/** A console as another person has it: its own keychain, its own workspace. */
class Side {
  readonly keychain: PrivateKeychain;
  readonly data: string;

  constructor(keychain: PrivateKeychain, name: string) {
    this.keychain = keychain;
    this.data = path.join(folder, name);
  }

  run(
    ...args: readonly string[]
  ): Promise<{ readonly status: number | null; readonly out: string; readonly err: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...args, '--data', this.data], {
        cwd: PROJECT_ROOT,
        env: { ...process.env, ...this.keychain.env },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, out, err }));
      child.stdin.end();
    });
  }
}

const Trust = z.object({ needsTrust: z.object({ keyId: z.string() }) });

describe.skipIf(!canBringKeychain())('causeway witness', { timeout: 120_000 }, () => {
  let home: Side;
  let other: Side;
  beforeAll(async () => {
    home = new Side(await startKeychain(), 'home');
    other = new Side(await startKeychain(), 'other');
  });
  afterAll(async () => {
    await home.keychain.stop();
    await other.keychain.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a checkpoint goes to another console and comes back cosigned, and the export says so', async () => {
    const [request, answer, chain] = ['a.witness-request', 'a.cosignature', 'a.chain.jsonl'].map((name) =>
      path.join(folder, name),
    ) as [string, string, string];
    expect(await home.run('witness', 'request', '--out', request)).toMatchObject({ status: 0, err: '' });

    const asked = await other.run('witness', 'cosign', request, '--out', answer, '--json');
    expect(asked.status).toBe(1);
    const { keyId } = Trust.parse(JSON.parse(asked.out)).needsTrust;
    expect((await other.run('witness', 'cosign', request, '--out', answer)).out).toContain(`--trust ${keyId}`);
    const signed = await other.run('witness', 'cosign', request, '--out', answer, '--trust', keyId);
    expect(signed, signed.err).toMatchObject({ status: 0 });
    const vkey = (await other.run('witness', 'key')).out.trim();

    expect(await home.run('witness', 'add', answer)).toMatchObject({ status: 1, err: '' });
    const added = await home.run('witness', 'add', answer, '--trust', vkey);
    expect(added, added.err).toMatchObject({ status: 0 });
    expect((await home.run('witness', 'list')).out).toContain(vkey);

    const exported = await home.run('export', chain, '--cosigned');
    expect(exported, exported.err).toMatchObject({ status: 0 });
    const verified = await start('verify', chain, '--witness', vkey, '--key', keyId);
    expect(verified, verified.out).toMatchObject({ status: 0 });
    expect(verified.out).toMatch(/^witness {3}causeway-witness\/\S+ [0-9a-f]{8} \S+, verified$/m);
    // of a witness that did not sign
    const mine = (await home.run('witness', 'key')).out.trim();
    expect(await start('verify', chain, '--witness', mine)).toMatchObject({ status: 1 });
    expect(await start('verify', chain, '--witness', 'nobody')).toMatchObject({ status: 2 });

    // once more: an old request is refused with the reason
    const replayed = await other.run('witness', 'cosign', request, '--out', answer);
    expect(replayed.status).toBe(1);
    expect(replayed.err).toMatch(/Ask it from there \(--from \d+\)\. \[conflict\]/);
  });
});

function start(...args: readonly string[]) {
  return new Promise<{ readonly status: number | null; readonly out: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: PROJECT_ROOT });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out }));
  });
}
