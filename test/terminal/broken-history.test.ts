import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { EXAMPLE } from '#main/console/example-year/example.ts';
import { alterOutcome } from '../main/audit/continuous/checked-store.ts';
import { startQuickTerminal, type Terminal } from '../support/terminal.ts';

const ALTERED = 1000;

describe.skipIf(!canBringKeychain())('a history of which a record was altered', { timeout: 300_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await terminal.done(['example', '--records', '2000']);
    await terminal.done(['sign-in', '--email', EXAMPLE.email], { lines: [EXAMPLE.password] });
  }, 240_000);
  afterAll(() => terminal.stop());

  test('is told by what is made of it, by the status and by the register', async () => {
    const found = readdirSync(terminal.data, { recursive: true, encoding: 'utf8' }).find((one) =>
      one.endsWith('audit.db'),
    );
    const database = path.join(terminal.data, found ?? '');
    alterOutcome(database, ALTERED);
    const window = ['--months', '6'];
    const made = await terminal.done(['report', 'make', 'soc2-type2', ...window, '--out', terminal.file('r.html')]);
    expect(made.err).toContain('! The history does not verify');
    expect(made.out).toContain(`Record ${ALTERED} was altered`);

    const status = await terminal.run(['status']);
    expect(status).toMatchObject({ status: 1, out: expect.stringContaining(`record ${ALTERED}: `) });
    const control = await terminal.done(['compliance', 'control', 'AU-01']);
    expect(control.out).toContain('status     partial');
    expect(control.out).toContain('The history it is counted from does not verify.');
    const again = await terminal.done(['report', 'make', 'soc2-type2', ...window, '--out', terminal.file('s.html')]);
    expect(again.err).toContain('An auditor would send this back: The history does not verify');

    const machine = ['report', 'machine', 'ocsf-findings', ...window, '--out', terminal.file('f.jsonl')];
    expect((await terminal.done(machine)).err).toContain('! The history does not verify');
    const bundle = ['bundle', 'make', '--in', terminal.file(''), '--report', 'approvals', ...window, '--json'];
    const { out, err } = await terminal.done(bundle);
    expect(err).toContain('! The history does not verify');
    const verified = await terminal.run(['bundle', 'verify', JSON.parse(out).folder]);
    expect(verified).toMatchObject({ status: 1, out: expect.stringContaining('BROKEN CHAIN: made over a chain') });
    expect(verified.out).toContain('report    reports/1-approvals.html');
  });
});
