import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AUDIT_MIGRATIONS } from '#main/audit/sqlite-schema.ts';
import { sandboxEnvironments } from '#main/console/environments.ts';
import type { CloudEnvironment } from '#main/credentials/environment.ts';
import { createMemorySecrets } from '#main/credentials/memory-secrets.ts';
import { openDatabase } from '#main/platform/sqlite.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '#main/sandbox/server.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';
import { CHEAP, openPeopled } from '../../support/peopled-console.ts';
import { writeScenario } from '../../support/scenario.ts';
import { decision, investigateAlarm, openScene, operations, recordsOf, type Scene } from './scene.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-faults-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function opened(options: Parameters<typeof openScene>[0] = {}): Promise<Scene> {
  const scene = await openScene(options);
  cleanups.push(() => scene.close());
  return scene;
}

/** A sandbox of the test's own, so that its limits can be set and it can be shut down under the console. */
async function ownCloud(
  limits: SandboxOptions['limits'] = {},
): Promise<{ sandbox: Sandbox; environment: CloudEnvironment }> {
  const folder = await writeScenario(join(await scratch(), 'scenario'), { hoursBefore: 8 });
  const sandbox = await startSandbox({ folders: [folder], limits });
  cleanups.push(() => sandbox.close());
  const [environment] = sandboxEnvironments(sandbox);
  if (environment === undefined) throw new Error('the sandbox has no account');
  return { sandbox, environment };
}

async function withCloud(environment: CloudEnvironment, sandbox: Sandbox) {
  const scene = await opened({ config: { sandboxFolders: [], awsEnvironments: [environment] } });
  const alarm = new TextEncoder().encode(JSON.stringify(sandbox.accounts[0]?.alarm));
  return { scene, incident: await scene.console.importAlarm(alarm, 'alarm.json') };
}

describe('a cloud that fails', () => {
  it('leaves a gap where one analyst is throttled, and still ranks', async () => {
    const { sandbox, environment } = await ownCloud({ operations: { 'logs:StartQuery': { perSecond: 0, burst: 0 } } });
    const { scene, incident } = await withCloud(environment, sandbox);
    const { id } = await scene.console.startInvestigation(incident.id);
    const done = await scene.console.settled(id);
    expect(done.status).toBe('completed');
    expect(done.agents.find(({ agent }) => agent === 'log-analyst')?.status).toBe('failed');
    expect(done.needed.join(' ')).toMatch(/log-analyst .* could not be established \(ThrottlingException\)/);
    expect(done.hypotheses[0]?.service).toBe('checkout');
    const reasons = recordsOf(scene.console, 'credential.revoked').map(({ data }) => [data.task, data.reason]);
    expect(reasons).toContainEqual(['log-analysis', 'task-failed']);
  });

  it('fails the investigation, on record, when nothing can be reached', async () => {
    const { sandbox, environment } = await ownCloud();
    const closedPort = await freePort();
    const { scene, incident } = await withCloud(
      { ...environment, endpoint: `http://127.0.0.1:${closedPort}` },
      sandbox,
    );
    const { id } = await scene.console.startInvestigation(incident.id);
    const done = await scene.console.settled(id);
    expect(done).toMatchObject({ status: 'failed', remediation: null });
    expect(done.failure).toMatch(/reach|cloud|credentials/i);
    expect(recordsOf(scene.console, 'investigation.failed')).toHaveLength(1);
    expect(recordsOf(scene.console, 'credential.issued')).toEqual([]);
    expect(scene.console.getIncident(incident.id).incident.status).toBe('needs-attention');
  });

  it('has a failed execution on record, with nothing said to be done', async () => {
    const { sandbox, environment } = await ownCloud({
      operations: { 'ecs:UpdateService': { perSecond: 0, burst: 0 } },
    });
    const { scene, incident } = await withCloud(environment, sandbox);
    const { id } = await scene.console.startInvestigation(incident.id);
    await scene.console.decide(decision({ investigation: await scene.console.settled(id) }, 'approve'));
    const { remediation } = await scene.console.settled(id);
    expect(remediation).toMatchObject({ status: 'failed', result: null });
    const [failed] = recordsOf(scene.console, 'remediation.execution_failed');
    expect(failed?.data).toMatchObject({
      failedStep: 1,
      steps: [{ operation: 'ecs:UpdateService', responseDigest: null }],
    });
    expect(recordsOf(scene.console, 'remediation.executed')).toEqual([]);
    const revoked = recordsOf(scene.console, 'credential.revoked').find(({ data }) => data.task === 'remediation');
    expect(revoked?.data.reason).toBe('task-failed');
    expect(scene.console.getIncident(incident.id).incident.status).toBe('needs-attention');
  });
});

describe('stopping', () => {
  /** @securityTest A cancelled investigation holds no lease any more */
  it('revokes every lease when an investigation is cancelled midway', async () => {
    const scene = await opened();
    const incident = await scene.console.raiseSandboxAlarm('test-bad-deployment');
    const { id } = await scene.console.startInvestigation(incident.id);
    while (recordsOf(scene.console, 'credential.issued').length < 2) await new Promise((next) => setTimeout(next, 2));
    const cancelled = await scene.console.cancelInvestigation(id);
    expect(cancelled).toMatchObject({ status: 'cancelled', remediation: null });
    const ids = (action: 'credential.issued' | 'credential.revoked') =>
      recordsOf(scene.console, action)
        .map(({ record }) => record.target.id)
        .sort();
    expect(ids('credential.revoked')).toEqual(ids('credential.issued'));
    expect(recordsOf(scene.console, 'investigation.cancelled').map(({ data }) => data.reason)).toEqual(['user']);
    expect(scene.console.getIncident(incident.id).incident.status).toBe('open');
    await expect(scene.console.cancelInvestigation(id)).rejects.toMatchObject({ code: 'conflict' });
    expect((await scene.console.startInvestigation(incident.id)).id).toBe('inv-0002');
  });

  it('ends what runs when the console closes, and closes twice without harm', async () => {
    const scene = await opened();
    const incident = await scene.console.raiseSandboxAlarm('test-bad-deployment');
    await scene.console.startInvestigation(incident.id);
    await Promise.all([scene.console.close(), scene.console.close()]);
    const again = await openPeopled(scene.config);
    cleanups.push(() => again.close());
    expect(again.getIncident(incident.id).investigation?.status).toBe('cancelled');
    expect(recordsOf(again, 'investigation.cancelled')[0]?.data.reason).toBe('shutdown');
    expect(await again.verifyStore()).toMatchObject({ verdict: { verdict: 'valid' } });
  });
});

/** @securityTest When the audit trail cannot be written, nothing is approved and nothing is changed */
describe('an audit trail that cannot be written', () => {
  it('refuses the decision; afterwards nothing was approved or executed', async () => {
    const scene = await opened();
    const found = await investigateAlarm(scene);
    const path = join(scene.config.folder, 'tenants/local/audit.db');
    const lock = openDatabase(path, { what: 'the test', migrations: AUDIT_MIGRATIONS });
    lock.exec('BEGIN IMMEDIATE');
    const refused = await scene.console.decide(decision(found, 'approve')).catch((error: unknown) => error);
    lock.close();
    expect(refused).toMatchObject({ name: 'CausewayError', code: 'audit-unavailable' });
    expect(recordsOf(scene.console, 'remediation.approved')).toEqual([]);
    expect(operations(scene.console)).not.toContain('ecs:UpdateService');
    expect(scene.console.pendingApprovals()).toHaveLength(1);
    await scene.console.decide(decision(found, 'approve'));
    expect((await scene.console.settled(found.investigation.id)).remediation?.status).toBe('verified');
  }, 40_000);
});

describe('a console that cannot be opened', () => {
  async function expectRefused(config: Scene['config'], code: string): Promise<void> {
    await expect(openPeopled(config)).rejects.toMatchObject({ name: 'CausewayError', code });
  }

  it('says that it is running already, and nothing of the first is disturbed', async () => {
    const scene = await opened();
    await expectRefused(scene.config, 'already-running');
    expect((await investigateAlarm(scene)).investigation.status).toBe('completed');
  });

  it('leaves nothing half open: the next start with the cause mended succeeds', async () => {
    const folder = await scratch();
    const scenario = await writeScenario(join(folder, 'scenario'), { hoursBefore: 2 });
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'scenario.json'), '{}');
    const secrets = new MemorySecrets();
    const config: Scene['config'] = {
      folder: join(folder, 'workspace'),
      tenant: 'local',
      device: { id: 'd-1', name: 'demo-device' },
      secrets,
      sandboxFolders: [scenario],
      passwordCost: CHEAP,
      version: '0.0.0-test',
    };
    await expectRefused({ ...config, sandboxFolders: [join(folder, 'missing')] }, 'bad-input');
    await expectRefused({ ...config, sandboxFolders: [broken] }, 'bad-input');
    await expectRefused({ ...config, tenant: '../other' }, 'bad-input');
    secrets.failure = Object.assign(new Error('no keychain'), { code: 'X' });
    await expect(openPeopled(config)).rejects.toThrow();
    secrets.failure = null;
    const console = await openPeopled(config);
    // the beginning, and the start's attack on a copy; then its people
    expect(recordsOf(console, 'tenant.control_updated').map(({ seq }) => seq)).toEqual([2]);
    expect(recordsOf(console, 'tenant.user_added').map(({ record }) => record.actor.id)).toEqual([
      console.owner.id,
      console.second.id,
    ]);
    const { records } = console.chainStatus();
    expect(records).toBe(2 + 2 * 4 + 2); // each added, with a password, signed in, with a token; an invitation made and taken
    await console.close();
  });

  it('says that the folder cannot be written', async () => {
    const folder = await scratch();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const scene = await opened();
    await expectRefused(
      { ...scene.config, secrets: createMemorySecrets(), folder: join(file, 'workspace') },
      'read-only',
    );
    if (process.getuid?.() === 0) return; // the superuser may write anywhere
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    await expectRefused(
      { ...scene.config, secrets: createMemorySecrets(), folder: join(locked, 'workspace') },
      'read-only',
    );
    expect(existsSync(join(locked, 'workspace'))).toBe(false);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
