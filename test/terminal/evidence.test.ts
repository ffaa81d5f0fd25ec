import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { EXAMPLE } from '#main/console/example-year/example.ts';
import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { startQuickTerminal, type Terminal } from '../support/terminal.ts';

describe.skipIf(!canBringKeychain())('evidence at the terminal', { timeout: 300_000 }, () => {
  let terminal: Terminal;
  const said = async (args: readonly string[]) => JSON.parse((await terminal.done([...args, '--json'])).out);
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await terminal.done(['example', '--records', '2000']);
    await terminal.done(['sign-in', '--email', EXAMPLE.email], { lines: [EXAMPLE.password] });
  }, 240_000);
  afterAll(() => terminal.stop());

  test('a year of example history shows what there is to show', async () => {
    const overview = await said(['compliance', 'overview']);
    const statuses = new Set(overview.controls.map(({ status }: { status: string }) => status));
    expect(statuses).toEqual(new Set(['in-place', 'partial', 'gap', 'not-applicable']));
    expect(overview.exceptions.open).toBeGreaterThan(0);
    expect(overview.exceptions.fixed).toBeGreaterThan(0);
    expect((await terminal.done(['compliance', 'control', 'IA-04'])).out).toContain('Temporary credentials');
    expect((await terminal.done(['compliance', 'framework', 'soc2'])).out).toContain('CC6.1');
    expect(await terminal.run(['compliance', 'control', 'ZZ-99'])).toMatchObject({ status: 1 });
  });

  test('a report is made, agrees with the exported chain, and an edited one is named', async () => {
    const report = terminal.file('type2.html');
    const make = ['report', 'make', 'soc2-type2', '--months', '6', '--number', '4711', '--out'];
    const made = await said([...make, report]);
    expect(made.inScope).toBeGreaterThan(0);
    const drawnBefore = expect.stringMatching(/drawn once before: record \d+ \(number 4711, this window\)/);
    expect(made.warnings).not.toContainEqual(drawnBefore);
    expect((await said([...make, terminal.file('again.html')])).warnings).toContainEqual(drawnBefore);
    const chain = terminal.file('year.chain.jsonl');
    await terminal.done(['export', '--out', chain]);
    const again = await said(['report', 'reperform', report, '--chain', chain]);
    expect(again).toMatchObject({ verdict: 'agrees', differences: [] });
    const edited = terminal.file('edited.html');
    writeFileSync(edited, readFileSync(report, 'utf8').replace('Temporary credentials', 'Temporary credentialz'));
    const differs = await terminal.run(['report', 'reperform', edited, '--chain', chain]);
    expect(differs).toMatchObject({ status: 1, out: expect.stringContaining('credentialz') });
    const other = await terminal.run(['report', 'reperform', chain, '--chain', chain]);
    expect(other).toMatchObject({ status: 3, err: expect.stringContaining('[bad-input]') });
  });

  test('a bundle is made, and looked at without an account', async () => {
    const { folder } = await said([
      'bundle',
      'make',
      '--in',
      terminal.file(''),
      '--report',
      'approvals',
      '--months',
      '3',
    ]);
    expect(existsSync(`${folder}/README.txt`)).toBe(true);
    expect(await said(['bundle', 'verify', folder])).toMatchObject({
      verdict: 'complete',
      chainVerdict: { verdict: 'valid', synthetic: true },
    });
    expect((await terminal.done(['bundle', 'verify', folder])).out.split('\n', 1)).toEqual([SYNTHETIC_CHAIN]);
    const [report] = (await said(['bundle', 'verify', folder])).reports;
    expect(await said(['bundle', 'reperform', folder, report.file])).toMatchObject({ verdict: 'agrees' });
    const mistyped = await terminal.run(['bundle', 'reperform', folder, 'reports/approvals.html']);
    expect(mistyped).toMatchObject({ status: 3, err: expect.stringContaining(`Name one of these: ${report.file}.`) });
    const { manifest } = await said(['bundle', 'verify', folder]);
    const out = terminal.file('a.causeway-notes');
    const note = `question ${report.digest} report ${report.digest.slice(0, 16)} Who reads this?`;
    const noted = await terminal.done([
      'bundle',
      'note',
      folder,
      '--auditor',
      'An auditor',
      '--out',
      out,
      '--note',
      note,
    ]);
    expect(noted.out).toContain(`1 note on the bundle with the manifest ${manifest},`);
    const asked = await terminal.run(['notes', 'take', out]);
    const [key = ''] = /\b[0-9a-f]{16}\b/.exec(asked.out) ?? [];
    const taken = await terminal.done(['notes', 'take', out, '--trust', key]);
    expect(taken.out).toContain(`on the bundle with the manifest ${manifest}\n`);
    writeFileSync(`${folder}/${report.file}`, 'something else');
    expect((await terminal.run(['bundle', 'verify', folder])).status).toBe(1);
  });

  test('the worksheet of a sample says first that what was drawn from is made up', async () => {
    const out = terminal.file('sample.csv');
    await terminal.done(['sample', 'draw', '--number', '4711', '--months', '3', '--out', out]);
    expect(readFileSync(out, 'utf8').split('\r\n', 2)).toEqual([
      `"${SYNTHETIC_CHAIN}"`,
      expect.stringMatching(/^"as of record",/),
    ]);
  });

  test('files are attached by names of any kind, each by its own option', async () => {
    const names = ['minutes, signed.txt', ' plan.txt'];
    const files = names.map((name) => terminal.file(name));
    for (const file of files) writeFileSync(file, file);
    const day = new Date().toISOString().slice(0, 10);
    const done = ['compliance', 'perform', 'IR-02', '--on', day, '--note', 'The plan was gone through by test.'];
    const detail = await said([...done, ...files.flatMap((file) => ['--attach', file])]);
    expect(JSON.stringify(detail)).toContain('minutes, signed.txt');
    expect(JSON.stringify(detail)).toContain(' plan.txt');
    expect((await terminal.run([...done, '--attach', ''])).status).toBe(2);
  });

  test('what cannot be is refused with a sentence', async () => {
    const out = terminal.file('never.html');
    for (const args of [
      ['report', 'make', 'soc2-type2', '--from', '2126-01-01', '--to', '2126-06-01', '--out', out],
      ['report', 'make', 'incident', '--incident', 'inc-9999', '--out', out],
      ['compliance', 'perform', 'AC-01', '--on', '2026-01-01', '--note', 'This is not how it works.'],
    ]) {
      const ended = await terminal.run(args);
      expect(ended, args.join(' ')).toMatchObject({ status: 1, out: '' });
      expect(ended.err, args.join(' ')).toMatch(/\[(bad-input|not-found)\]/);
    }
    expect(existsSync(out)).toBe(false);
    expect((await terminal.run(['report', 'make', 'soc2-type9', '--out', out])).status).toBe(2);
  });
});
