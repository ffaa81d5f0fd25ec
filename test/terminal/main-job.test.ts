import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { addSecond, makeWorkspace, PROGRAM, SECOND, start, startTerminal } from '../support/terminal.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'causeway-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const causeway = (args: readonly string[], given?: Parameters<typeof start>[2]) =>
  start(process.execPath, [PROGRAM, ...args], given);

interface ChainLine {
  readonly record?: {
    readonly seq: number;
    readonly action: string;
    readonly links?: Readonly<Record<string, string>>;
    readonly data: Readonly<Record<string, unknown>>;
    readonly device?: { readonly id: string };
  };
  readonly hash?: string;
}

const readRecords = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ChainLine)
    .flatMap((line) => (line.record ? [{ ...line.record, hash: line.hash ?? '' }] : []));

describe('npm run demo', { timeout: 240_000 }, () => {
  test.each(['bad-deployment', 'memory-leak'])(
    '%s: alarm to verified export, every step on record and linked',
    async (scenario) => {
      const out = path.join(folder, scenario);
      const ended = await causeway(['demo', '--out', out, '--scenario', scenario, '--yes']);
      expect(ended, ended.out).toMatchObject({ status: 0, err: '' });
      expect(readdirSync(out).sort()).toEqual([`${scenario}.chain.jsonl`, `${scenario}.summary.html`]);
      const file = path.join(out, `${scenario}.chain.jsonl`);
      expect((await verifyChainFile(file)).verdict).toBe('valid');
      const verified = await causeway(['verify', file, '--json']);
      expect(verified.status).toBe(0);
      expect(JSON.parse(verified.out)).toMatchObject({ verdict: 'valid', problems: [] });

      const records = readRecords(file);
      const of = (action: string) => records.filter((record) => record.action === action);
      const leases = of('credential.issued').map((record) => record.links?.lease);
      expect(leases.length).toBeGreaterThanOrEqual(5); // three agents, the write lease, the check afterwards
      expect(
        of('credential.revoked')
          .map((record) => record.links?.lease)
          .sort(),
      ).toEqual([...leases].sort());
      for (const action of [
        'incident.created',
        'investigation.started',
        'investigation.hypotheses_ranked',
        'investigation.completed',
        'remediation.proposed',
        'remediation.approved',
        'remediation.executed',
        'remediation.verified',
      ])
        expect(of(action), action).toHaveLength(1);
      expect(of('investigation.findings_submitted')).toHaveLength(3);
      const incident = of('investigation.started')[0]?.links?.incident;
      const investigation = of('investigation.started')[0]?.links?.investigation;
      const forExport = of('investigation.policy_decided').filter(({ data }) => data.action === 'exportTrail');
      expect(forExport).toHaveLength(1); // of no incident
      for (const record of records.filter(
        (one) => /^(investigation|remediation)\./.test(one.action) && !forExport.includes(one),
      ))
        expect(record.links, record.action).toMatchObject({ incident, investigation });
      const calls = of('investigation.system_called');
      for (const call of calls) {
        expect(call.data.payloadDigest).toMatch(/^[0-9a-f]{64}$/);
        if (call.data.phase === 'intent') {
          // said before a write, and answered once
          expect(calls.filter(({ data }) => data.intent === call.hash)).toHaveLength(1);
          continue;
        }
        // the one refusal: a role that never had a revoked session has no such policy yet
        expect(call.data.code).toEqual(
          call.data.operation === 'iam:GetRolePolicy' ? expect.stringMatching(/^(200|NoSuchEntityException)$/) : '200',
        );
        expect(call.data.latencyMs).toBeGreaterThanOrEqual(0);
      }
      for (const decision of of('investigation.policy_decided'))
        expect(decision.data.policyVersion).toMatch(/^[0-9a-f]{64}$/);
      const [proposal, approval] = [of('remediation.proposed')[0], of('remediation.approved')[0]];
      expect(approval?.links?.request).toBe(proposal?.hash);
      expect(approval?.data.planDigest).toBe(proposal?.data.planDigest);
      expect(approval?.data.justification).toHaveProperty('sealed');
      expect(approval?.device?.id).toMatch(/^d-/);
      const writeLease = of('credential.issued').find((record) => record.data.task === 'remediation');
      expect(writeLease?.links?.approval).toBe(approval?.hash);
      expect(writeLease?.seq).toBeGreaterThan(approval?.seq ?? Number.POSITIVE_INFINITY);
      expect(of('remediation.verified')[0]?.data.verdict).toBe('recovered');

      const page = readFileSync(path.join(out, `${scenario}.summary.html`), 'utf8');
      expect(page).toContain("default-src 'none'");
      expect(page).not.toMatch(/<script|https?:\/\//);
    },
  );

  test('without --yes it asks, and a person who says no changes nothing', async () => {
    const out = path.join(folder, 'rejected');
    const ended = await causeway(['demo', '--out', out], {
      lines: ['reject', 'not during the sale, we wait for tonight'],
    });
    expect(ended.status, ended.out + ended.err).toBe(0);
    const actions = readRecords(path.join(out, 'bad-deployment.chain.jsonl')).map((record) => record.action);
    expect(actions).toContain('remediation.rejected');
    expect(actions).not.toContain('remediation.executed');
    expect(
      readRecords(path.join(out, 'bad-deployment.chain.jsonl')).filter((record) => record.data.task === 'remediation'),
    ).toEqual([]);
  });

  test('with nobody there, nothing is approved', async () => {
    const out = path.join(folder, 'nobody');
    const ended = await causeway(['demo', '--out', out]);
    expect(ended.status).toBe(1);
    const actions = readRecords(path.join(out, 'bad-deployment.chain.jsonl')).map((record) => record.action);
    expect(actions).toContain('remediation.expired');
    expect(actions).not.toContain('remediation.executed');
  });

  test('without a keyring daemon it brings a key for this run and says so', async () => {
    const out = path.join(folder, 'memory');
    mkdirSync(path.join(folder, 'bin'), { recursive: true });
    const ended = await causeway(['demo', '--out', out, '--yes'], { env: { PATH: path.join(folder, 'bin') } });
    expect(ended.status, ended.out + ended.err).toBe(0);
    expect(ended.out).toMatch(/Keychain .*memory/);
  });
});

describe.skipIf(!canBringKeychain())('the persistent commands, with a real keychain', { timeout: 300_000 }, () => {
  // the second has to register a copy of the old task definition, described by a process that is gone by then
  test.each(['eventbridge', 'pagerduty'])(
    'import (%s), investigate, approve, export and verify, each a process of its own',
    async (kind) => {
      const terminal = await startTerminal(); // one keychain for all of them, as on a person's machine
      try {
        const { done, file } = terminal;
        const [chain, extract, ranged] = [file('a.chain.jsonl'), file('a.extract.jsonl'), file('range.chain.jsonl')];
        await makeWorkspace(terminal);
        await done(['incident', 'import', path.join(PROJECT_ROOT, `resources/alarms/${kind}.json`)]);
        await done(['investigate', 'inc-0001']);
        await addSecond(terminal);
        const approve = ['approve', 'rem-0001', '--yes', '--justification', 'errors began with this revision'];
        await done(approve, { lines: [SECOND.password] });
        await done(['export', '--out', chain]);
        await done(['export', '--out', extract, '--incident', 'inc-0001', '--disclose']);
        await done(['export', '--out', ranged, '--first', '3', '--last', '9']);
        await done(['export', '--out', file('a.csv'), '--category', 'remediation']);
        expect((await done(['incident', 'list'])).out).toMatch(/inc-0001 {2}\w+ +resolved/);
        const verdict = await verifyChainFile(chain);
        expect(verdict).toMatchObject({ verdict: 'valid', sealed: { disclosed: 0 } });
        expect(verdict.sealed.withheld).toBeGreaterThan(0);
        const chosen = await verifyChainFile(extract);
        expect(chosen).toMatchObject({ verdict: 'valid', selection: 'extract', sealed: { withheld: 0 } });
        expect(chosen.sealed.disclosed).toBeGreaterThan(0);
        expect(await verifyChainFile(ranged)).toMatchObject({
          verdict: 'valid',
          selection: 'range',
          first: 3,
          last: 9,
        });
      } finally {
        await terminal.stop();
      }
    },
  );

  test('a second process is told that the workspace is open', async () => {
    const terminal = await startTerminal();
    try {
      await makeWorkspace(terminal);
      const held = `import { withWorkspace } from '#main/cli/workspace.ts'; import { spawnSync } from 'node:child_process';
        await withWorkspace({}, async () => {
          const second = spawnSync(process.execPath, [${JSON.stringify(PROGRAM)}, 'incident', 'list'], { encoding: 'utf8' });
          process.stdout.write(second.status + ' ' + second.stderr);
        });`;
      const ended = await start(process.execPath, ['--input-type=module', '-e', held], { env: terminal.env });
      expect(ended.out, ended.err).toMatch(/^1 .*\[already-running\]/s);
    } finally {
      await terminal.stop();
    }
  });

  test('without a keychain they refuse and say what to start', async () => {
    const ended = await causeway(['incident', 'list', '--data', path.join(folder, 'none')], {
      env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
    });
    expect(ended.status).toBe(1);
    expect(ended.err).toContain('[keychain-unavailable]');
  });
});
