import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMAND_ACCESS } from '#main/cli/access.ts';
import { plain } from '#main/cli/io.ts';
import { COMMANDS, run } from '#main/cli/main.ts';
import { USAGE } from '#main/cli/usage.ts';
import { recordedIo } from '../../support/recorded-io.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'causeway-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  test.each([
    [[], 2],
    [['--help'], 0],
    [['help'], 0],
    [['fly'], 2],
    [['constructor'], 2],
    [['incident'], 2],
    [['incident', 'import'], 2],
    [['incident', 'import', 'a', 'b'], 2],
    [['investigate'], 2],
    [['investigate', '--nope'], 2],
    [['approve'], 2],
    [['approve', 'rem-0001', '--yes'], 2],
    [['approve', 'rem-0001', '--justification', 'a reason that is long enough'], 2],
    [['approve', 'rem-0001', '--yes', '--justification', 'short'], 2],
    [['export'], 2],
    [['export', 'audit.json'], 2],
    [['export', '--out', 'a.chain.jsonl', 'b.chain.jsonl'], 2],
    [['export', '--out', 'a.csv', '--format', 'cef'], 2],
    [['export', '--out', 'a.chain.jsonl', '--format', 'pdf'], 2],
    [['export', '--out', 'a.chain.jsonl', '--first', '0'], 2],
    [['export', '--out', 'a.chain.jsonl', '--first', '1e3'], 2],
    [['export', '--out', 'a.extract.jsonl', '--category', 'weather'], 2],
    [['export', '--out', 'a.chain.jsonl', '--from', 'yesterday'], 2],
    [['export', '--out', 'a.chain.jsonl', '--from', '2026-02-31T25:00:00Z'], 2],
    [['export', '--out', 'a.chain.jsonl', '--from', '2026-02-30'], 2],
    [['export', '--out', 'a.chain.jsonl', '--to', '2026-04-31T12:00Z'], 2],
    [['export', '--out', 'a.chain.jsonl', '--withhold', '--disclose'], 2],
    [['demo', '--scenario', 'no-such'], 2],
    [['demo', '--yes', '--justification', 'x'], 2],
    [['verify'], 2],
    [['keys', 'rotate'], 2],
    [['keys', 'rotate', '--reason', 'short'], 2],
    [['keys', 'rotate', '--reason', 'Yearly change of the key.', '--region', 'eu-central-1'], 2],
    [['keys', 'rotate', '--reason', 'Yearly change of the key.', '--kms', 'alias/mine', '--region', 'eu-central-1'], 2],
    [['keys', 'rotate', '--reason', 'Yearly change of the key.', '--kms', 'arn:aws:kms:x:1:key/a', '--sandbox-kms'], 2],
    [['keys', 'lose'], 2],
    [['approve', 'rem-0001', '--break-glass'], 2],
    [['approve', 'rem-0001', '--reason', 'a reason that is long enough'], 2],
    [['approve', 'rem-0001', '--break-glass', '--reject', '--reason', 'a reason that is long enough'], 2],
    [['workspace', 'create', '--name', 'A', '--email', 'a@b.example'], 2],
    [['workspace', 'owner', '--name', 'A'], 2],
    [['people'], 2],
    [['people', 'toString'], 2],
    [['people', 'list', 'more'], 2],
    [['people', 'invite', '--email', 'nobody', '--role', 'viewer'], 2],
    [['people', 'invite', '--email', 'a@b.example', '--role', 'king'], 2],
    [['people', 'accept'], 2],
    [['people', 'role', 'u-0123456789ab'], 2],
    [['people', 'remove'], 2],
    [['second-factor', 'more'], 2],
    [['api-key', 'create', '--label', 'x', '--scope', 'incidents.read', '--days', '366'], 2],
    [['api-key', 'create', '--label', 'x', '--scope', 'everything', '--days', '1'], 2],
    [['api-key', 'create', '--label', 'x', '--days', '1'], 2],
    [['leases', 'revoke'], 2],
    [['review', 'decide', 'abc', '--verdict', 'fine'], 2],
    [['request', 'save', 'rem-0001'], 2],
    [['request', 'answer', '--out', 'x'], 2],
    [['device', 'register'], 2],
    [['changes', 'decide'], 2],
    [['policy', 'propose', 'x'], 2],
    [['policy', 'preview'], 2],
    [['secret', 'set', 'pagerduty', 'name', 'value'], 2],
    [['witness-folder'], 2],
    [['witness-folder', 'add'], 2],
    [['witness-folder', 'list', 'more'], 2],
    [['witness-folder', 'fly', 'away'], 2],
  ])('%j exits with %i and says why', async (args, status) => {
    const io = recordedIo();
    expect(await run(args, io)).toBe(status);
    expect(io.out() + io.err()).not.toBe('');
    expect(io.err()).not.toMatch(/\n\s+at /); // never a stack
  });

  test('every command is told of, and says what it needs', () => {
    const named = new Set(Object.keys(COMMAND_ACCESS).map((words) => words.split(' ')[0]));
    expect([...named].sort()).toEqual(Object.keys(COMMANDS).sort());
    for (const name of named) expect(USAGE).toMatch(new RegExp(`(causeway|also: sign-out,|also:) ${name}\\b`));
  });

  test('an alarm file that cannot be taken is refused before a workspace is opened', async () => {
    const huge = path.join(folder, 'huge.json');
    writeFileSync(huge, Buffer.alloc(50 * 1024 * 1024, 0x20));
    for (const [file, reason] of [
      [huge, 'too-large'],
      [path.join(folder, 'absent.json'), 'not-found'],
      [folder, 'bad-input'],
    ] as const) {
      const io = recordedIo();
      expect(await run(['incident', 'import', file, '--data', path.join(folder, 'workspace')], io)).toBe(1);
      expect(io.err()).toContain(`[${reason}]`);
    }
  });

  test('text from outside cannot drive the terminal', () => {
    expect(plain('a\u001b]0;title\u0007b\u009b31m\nc\u202ed')).toBe('a\uFFFD]0;title\uFFFDb\uFFFD31m\uFFFDc\uFFFDd');
    expect(plain('Latenz über 2 s — p95')).toBe('Latenz über 2 s — p95');
  });
});

describe('help with one command', () => {
  test.each(Object.keys(COMMANDS))('%s --help says how that one is used, and does nothing', async (name) => {
    const io = recordedIo();
    expect(await run([name, '--help'], io)).toBe(0);
    expect(io.out()).toMatch(new RegExp(`^usage:\\s+causeway .*\\b${name}\\b`));
    expect(io.out().split('\n').length).toBeLessThan(20);
    expect(io.err()).toBe('');
  });

  test('with one verb of a command says what that one takes', async () => {
    const io = recordedIo();
    expect(await run(['report', 'list', '-h'], io)).toBe(0);
    expect(io.out()).toBe('usage: causeway report list\n       each with [--workspace NAME] [--data DIR] [--json]\n');
  });
});
