import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { SigningKey } from '#shared/ipc/verification-views.ts';
import { Verdict } from '#shared/model/verdict.ts';
import { makeWorkspace, OWNER, startTerminal, type Terminal } from '../support/terminal.ts';

const REASON = 'Yearly change of the signing key.';

describe.skipIf(!canBringKeychain())('causeway keys', { timeout: 300_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startTerminal();
    await makeWorkspace(terminal);
  }, 120_000);
  afterAll(() => terminal.stop());

  const run = (...args: readonly string[]) => terminal.run(args, { lines: [OWNER.password] });

  test('from the keychain to the sandbox KMS and back, each in a program of its own; the export verifies', async () => {
    const begun = await run('keys', '--json');
    expect(begun).toMatchObject({ status: 0, err: '' });
    const [first] = z.array(SigningKey).parse(JSON.parse(begun.out));
    expect(first).toMatchObject({ alg: 'Ed25519', fromSeq: 1, toSeq: null });

    const moved = await run('keys', 'rotate', '--sandbox-kms', '--reason', REASON);
    expect(moved, moved.err).toMatchObject({ status: 0 });
    expect(moved.out).toMatch(/ES256 {4}from record \d+ on {2}sandbox AWS KMS key arn:aws:kms:/);
    const back = await run('keys', 'rotate', '--reason', REASON, '--json');
    expect(back, back.err).toMatchObject({ status: 0 });
    const keys = z.array(SigningKey).parse(JSON.parse(back.out));
    expect(keys.map(({ alg }) => alg)).toEqual(['Ed25519', 'ES256', 'Ed25519']);
    expect(keys.map(({ where }) => where === null)).toEqual([true, true, false]);

    const file = terminal.file('all.chain.jsonl');
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

  test('a secret of several lines comes through a pipe, whole', async () => {
    const value = ['-----made-up-----', 'second line'];
    const stored = await terminal.done(['secret', 'set', 'pagerduty', 'Signing key'], { lines: value });
    expect(stored.out).toMatch(/^Stored, on record: sec-\S+ {2}pagerduty {2}Signing key, version 1/);
    expect(stored.out + stored.err).not.toContain('made-up');
  });
});
