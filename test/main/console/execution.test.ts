import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { SqliteAuditStore } from '#main/audit/sqlite-store.ts';
import { sandboxEnvironments } from '#main/console/environments.ts';
import { createAwsClients, fixedKeys } from '#main/platform/aws-clients.ts';
import { openDatabase } from '#main/platform/sqlite.ts';
import { WORKSPACE_MIGRATIONS } from '#main/platform/workspace-db-schema.ts';
import { type Sandbox, startSandbox } from '#main/sandbox/server.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { openPeopled } from '../../support/peopled-console.ts';
import { writeScenario } from '../../support/scenario.ts';
import { decision, type Investigated, openScene, operations, recordsOf, type Scene } from './scene.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface World {
  readonly sandbox: Sandbox;
  readonly scene: Scene;
  /** Once true, answers to UpdateService are lost after the cloud has carried it out. */
  readonly wire: { lose: boolean; updates: number; beforeUpdate?: (() => Promise<void>) | undefined };
}

/** A console before a sandbox cloud of the test's own, with a wire between them that can lose an answer. */
async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-execution-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const scenario = await writeScenario(join(folder, 'scenario'), { hoursBefore: 8 });
  const sandbox = await startSandbox({ folders: [scenario] });
  cleanups.push(() => sandbox.close());
  const wire: World['wire'] = { lose: false, updates: 0 };
  const endpoint = await startWire(sandbox.endpoint, wire);
  const awsEnvironments = sandboxEnvironments(sandbox).map((environment) => ({ ...environment, endpoint }));
  const scene = await openScene({ config: { sandboxFolders: [], awsEnvironments } });
  cleanups.push(() => scene.close());
  return { sandbox, scene, wire };
}

async function startWire(target: string, wire: World['wire']): Promise<string> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const isUpdate = /UpdateService/.test(String(headers['x-amz-target']));
    const there = forward({ hostname, port, path: url, method, headers }, (answer) => {
      if (isUpdate) wire.updates += 1;
      if (isUpdate && wire.lose) {
        answer.resume();
        answer.on('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    const ready = (isUpdate ? wire.beforeUpdate?.() : undefined) ?? Promise.resolve();
    ready.then(() => incoming.pipe(there));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function investigate({ scene, sandbox }: World, indent = 0): Promise<Investigated> {
  const alarm = new TextEncoder().encode(JSON.stringify(sandbox.accounts[0]?.alarm, undefined, indent));
  const incident = await scene.console.importAlarm(alarm, 'alarm.json');
  const { id } = await scene.console.startInvestigation(incident.id);
  return { incident, investigation: await scene.console.settled(id) };
}

/** Appends of this action fail from now on, `times` times. */
function failAppends(action: AuditAction, times: number, matches: (input: unknown) => boolean = () => true): void {
  const original = SqliteAuditStore.prototype.append;
  let left = times;
  SqliteAuditStore.prototype.append = function (this: SqliteAuditStore, input) {
    if (input.action === action && left > 0 && matches(input)) {
      left -= 1;
      return Promise.reject(new CausewayError('disk-full', 'The disk is full.'));
    }
    return original.call(this, input);
  } as typeof original;
  cleanups.push(() => {
    SqliteAuditStore.prototype.append = original;
  });
}

/** The record before a change of the service is sent, or of what came of it. */
const isUpdate = (phase: 'intent' | 'outcome') => (input: unknown) => {
  const { data } = input as { readonly data: { readonly operation?: unknown; readonly phase?: unknown } };
  return data.operation === 'ecs:UpdateService' && data.phase === phase;
};

const failures = (scene: Scene) => recordsOf(scene.console, 'remediation.execution_failed').map(({ data }) => data);
const statusOf = (scene: Scene, { incident }: Investigated) => scene.console.getIncident(incident.id).incident.status;

/** @securityTest The trail never says that nothing was done when something was, or may have been */
describe('what the record says of a change', () => {
  it('says that no answer came, and looks at what came of it', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    world.wire.lose = true;
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(world.wire.updates).toBeGreaterThan(0);
    expect(failures(world.scene)).toMatchObject([
      { failedStep: 1, reason: expect.stringMatching(/No answer came .* the change may have been made/) },
    ]);
    expect(remediation).toMatchObject({ status: 'failed', result: { verdict: 'recovered' } });
    expect(remediation?.failure).toMatch(/may have been made/);
    expect(recordsOf(world.scene.console, 'remediation.verified')).toHaveLength(1);
    expect(statusOf(world.scene, found)).toBe('needs-attention');
  });

  it('says that the call was sent when what came of it could not be put on record', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('investigation.system_called', 1, isUpdate('outcome'));
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(world.wire.updates).toBe(1);
    expect(failures(world.scene)).toMatchObject([
      { failedStep: 1, reason: expect.stringMatching(/was sent.*may have been made/) },
    ]);
    expect(remediation).toMatchObject({ status: 'failed', result: { verdict: 'recovered' } });
    const text = world.scene.console.getIncident(found.incident.id).timeline.map((line) => line.text);
    expect(text.join('\n')).not.toContain('Nothing was changed');
  });

  it('sends nothing when it cannot be put on record that it is going to be sent', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('investigation.system_called', 1, isUpdate('intent'));
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(world.wire.updates).toBe(0);
    expect(failures(world.scene)).toMatchObject([{ reason: expect.stringMatching(/[Nn]othing was (sent|changed)/) }]);
    expect(remediation?.status).toBe('failed');
    expect(recordsOf(world.scene.console, 'remediation.executed')).toEqual([]);
    expect(statusOf(world.scene, found)).toBe('needs-attention');
  });

  it('is executed also when that could be put on record only at the second attempt', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('remediation.executed', 1);
    await world.scene.console.decide(decision(found, 'approve'));
    expect((await world.scene.console.settled(found.investigation.id)).remediation?.status).toBe('verified');
    expect(failures(world.scene)).toEqual([]);
    expect(statusOf(world.scene, found)).toBe('resolved');
  });

  it('says that the change was made when that cannot be put on record', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('remediation.executed', 2);
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(remediation).toMatchObject({ status: 'executed', failure: expect.stringContaining('The change was made.') });
    expect(failures(world.scene)).toMatchObject([{ failedStep: 1, reason: expect.stringContaining('was made') }]);
    expect(statusOf(world.scene, found)).toBe('needs-attention');
  });

  it('keeps an outcome that is on record when the status of the incident cannot be moved', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('incident.status_changed', 1, (input) => JSON.stringify(input).includes('"resolved"'));
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(remediation).toMatchObject({ status: 'verified', failure: null });
    expect(statusOf(world.scene, found)).toBe('resolved');
  });

  it('says that nothing was changed when it could not begin, also when the workspace fails', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('incident.status_changed', 1);
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(remediation?.status).toBe('failed');
    expect(failures(world.scene)).toMatchObject([{ failedStep: 0, steps: [] }]);
    expect(world.wire.updates).toBe(0);
    expect(statusOf(world.scene, found)).toBe('needs-attention');
  });
});

/** @securityTest A plan is carried out only on what it was made for */
describe('a plan that no longer fits', () => {
  it('is not carried out when somebody has deployed meanwhile', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    await deployAsSomebodyElse(world.sandbox);
    const before = world.wire.updates;
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(failures(world.scene)).toMatchObject([
      {
        failedStep: 0,
        steps: [],
        reason: expect.stringMatching(/stale.*prod-checkout:2.*runs prod-checkout:3 now.*Nothing was changed/),
      },
    ]);
    expect(remediation).toMatchObject({ status: 'failed', failure: expect.stringContaining('stale') });
    expect(world.wire.updates).toBe(before);
    expect(recordsOf(world.scene.console, 'credential.issued').map(({ data }) => data.task)).not.toContain(
      'remediation',
    );
    const ids = (action: 'credential.issued' | 'credential.revoked') =>
      recordsOf(world.scene.console, action)
        .map(({ record }) => record.target.id)
        .sort();
    expect(ids('credential.revoked')).toEqual(ids('credential.issued'));
    expect(statusOf(world.scene, found)).toBe('needs-attention');
  });

  it('looks at the service under a lease for that service alone', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    await world.scene.console.decide(decision(found, 'approve'));
    await world.scene.console.settled(found.investigation.id);
    const looks = recordsOf(world.scene.console, 'credential.issued').filter(
      ({ data }) => data.task === 'infrastructure-inspection',
    );
    expect(looks.at(-1)?.data.resources).toEqual([found.investigation.remediation?.plan.steps[0]?.resource]);
    const asked = operations(world.scene.console);
    expect(asked.lastIndexOf('ecs:DescribeServices')).toBeLessThan(asked.indexOf('ecs:UpdateService'));
    expect(asked.lastIndexOf('ecs:DescribeServices')).toBeGreaterThan(asked.indexOf('logs:StartQuery'));
  });

  it('stays with a person when somebody deployed between the look and the change', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    world.wire.beforeUpdate = () => deployAsSomebodyElse(world.sandbox);
    await world.scene.console.decide(decision(found, 'approve'));
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(remediation).toMatchObject({ status: 'verified', result: { verdict: 'recovered' } });
    expect(statusOf(world.scene, found)).toBe('needs-attention');
    const moves = recordsOf(world.scene.console, 'incident.status_changed').map(({ data }) => data.reason);
    expect(moves.at(-1)).toMatch(/prod-checkout:3 was replaced, too/);
  });

  it('is not proposed while another one for the service waits', async () => {
    const world = await openWorld();
    const first = await investigate(world);
    const second = await investigate(world, 1);
    expect(second.investigation).toMatchObject({ status: 'completed', remediation: null });
    expect(second.investigation.needed[0]).toContain(first.investigation.remediation?.id);
    expect(world.scene.console.pendingApprovals()).toHaveLength(1);
    await world.scene.console.decide(decision(first, 'reject'));
    const { id } = await world.scene.console.startInvestigation(second.incident.id);
    expect((await world.scene.console.settled(id)).remediation?.status).toBe('proposed');
  });
});

async function deployAsSomebodyElse(sandbox: Sandbox): Promise<void> {
  const [account] = sandbox.accounts;
  if (account === undefined) throw new Error('the sandbox has no account');
  const common = { endpoint: sandbox.endpoint, region: account.region, hooks: {}, version: 'x' };
  const base = createAwsClients({ ...common, keys: fixedKeys(account.baseCredentials) });
  const role = { RoleArn: account.roles.remediation, RoleSessionName: 'somebody-else', DurationSeconds: 900 };
  const { Credentials: given } = await base.sts.send(new AssumeRoleCommand(role));
  const keys = fixedKeys({
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  });
  const { ecs } = createAwsClients({ ...common, keys });
  const containerDefinitions = [{ name: 'checkout', image: 'shop/checkout:hotfix', memory: 512 }];
  const register = new RegisterTaskDefinitionCommand({ family: 'prod-checkout', containerDefinitions });
  const taskDefinition = (await ecs.send(register)).taskDefinition?.taskDefinitionArn;
  await ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', taskDefinition }));
}

describe('around a decision', () => {
  it('puts a signed checkpoint into the keychain after an approval, an execution and its check', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    const covered = () => world.scene.console.chainStatus().checkpoint?.size ?? 0;
    await world.scene.console.decide(decision(found, 'approve'));
    const [approved] = recordsOf(world.scene.console, 'remediation.approved');
    expect(covered()).toBeGreaterThanOrEqual(approved?.seq ?? Number.POSITIVE_INFINITY);
    await world.scene.console.settled(found.investigation.id);
    const [verified] = recordsOf(world.scene.console, 'remediation.verified');
    expect(covered()).toBeGreaterThanOrEqual(verified?.seq ?? Number.POSITIVE_INFINITY);
  });

  it('takes nothing back when that checkpoint fails', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    const original = SqliteAuditStore.prototype.checkpoint;
    SqliteAuditStore.prototype.checkpoint = () =>
      Promise.reject(new CausewayError('keychain-unavailable', 'The keychain is locked.'));
    cleanups.push(() => {
      SqliteAuditStore.prototype.checkpoint = original;
    });
    expect((await world.scene.console.decide(decision(found, 'approve'))).status).toBe('approved');
    expect((await world.scene.console.settled(found.investigation.id)).remediation?.status).toBe('verified');
    expect(JSON.stringify(world.scene.logged)).toContain('no checkpoint');
    SqliteAuditStore.prototype.checkpoint = original;
  });

  it('refuses an approval for an environment that is not configured any more, and takes a rejection', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    await world.scene.console.close();
    const console = await openPeopled({ ...world.scene.config, awsEnvironments: [] });
    cleanups.push(() => console.close());
    await expect(console.decide(decision(found, 'approve'))).rejects.toMatchObject({ code: 'not-found' });
    expect(recordsOf(console, 'remediation.approved')).toEqual([]);
    expect((await console.decide(decision(found, 'reject'))).status).toBe('rejected');
    expect(console.getIncident(found.incident.id).incident.status).toBe('needs-attention');
  });

  /** @securityTest What the chain has decided is neither decided again nor carried out later */
  it.each([
    ['reject', 'approve', 'rejected'],
    ['approve', 'approve', 'failed'],
    ['approve', 'reject', 'failed'],
  ] as const)('carries out nothing after a %s that only the chain knows and a %s', async (first, second, status) => {
    const world = await openWorld();
    const found = await investigate(world);
    const path = join(world.scene.config.folder, 'tenants/local/workspace.db');
    const raw = openDatabase(path, { what: 'the test', migrations: WORKSPACE_MIGRATIONS });
    raw.exec(`CREATE TRIGGER full BEFORE UPDATE ON investigation WHEN NEW.remediation_status <> 'proposed'
      BEGIN SELECT RAISE(ABORT, 'disk is full'); END`);
    await expect(world.scene.console.decide(decision(found, first))).rejects.toThrow();
    raw.exec('DROP TRIGGER full');
    raw.close();
    await expect(world.scene.console.decide(decision(found, second))).rejects.toMatchObject({
      code: 'conflict',
      reason: 'decided-on-record',
    });
    const { remediation } = await world.scene.console.settled(found.investigation.id);
    expect(remediation?.status).toBe(status);
    const decided = (['remediation.approved', 'remediation.rejected'] as const).flatMap((action) => [
      ...recordsOf<AuditAction>(world.scene.console, action),
    ]);
    expect(decided).toHaveLength(1);
    expect(failures(world.scene).map(({ failedStep }) => failedStep)).toEqual(first === 'approve' ? [0] : []);
    expect(world.wire.updates).toBe(0);
    expect(statusOf(world.scene, found)).toBe('needs-attention');
  });

  it('stands when the status of the incident cannot be moved, which is tried again', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    failAppends('incident.status_changed', 1);
    expect((await world.scene.console.decide(decision(found, 'reject'))).status).toBe('rejected');
    expect(statusOf(world.scene, found)).toBe('awaiting-approval');
    await world.scene.console.close();
    const console = await openPeopled(world.scene.config);
    cleanups.push(() => console.close());
    expect(console.getIncident(found.incident.id).incident.status).toBe('needs-attention');
  });

  it('does not investigate a resolved incident again', async () => {
    const world = await openWorld();
    const found = await investigate(world);
    await world.scene.console.decide(decision(found, 'approve'));
    await world.scene.console.settled(found.investigation.id);
    expect(statusOf(world.scene, found)).toBe('resolved');
    await expect(world.scene.console.startInvestigation(found.incident.id)).rejects.toMatchObject({
      code: 'conflict',
      reason: 'resolved',
      message: expect.stringContaining('import its new alarm'),
    });
    expect(statusOf(world.scene, found)).toBe('resolved');
  });

  it('keeps an investigation completed that was completed on record', async () => {
    const world = await openWorld();
    const isWaiting = (input: unknown) => JSON.stringify(input).includes('"awaiting-approval"');
    failAppends('incident.status_changed', 2, isWaiting);
    const found = await investigate(world);
    expect(found.investigation).toMatchObject({ status: 'completed', remediation: { status: 'proposed' } });
    expect(recordsOf(world.scene.console, 'investigation.failed')).toEqual([]);
    expect(recordsOf(world.scene.console, 'investigation.completed')).toHaveLength(1);
  });
});
