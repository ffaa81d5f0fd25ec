import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endLostExecutions } from '#main/console/recover-executions.ts';
import { closeLostLeases } from '#main/console/recover-leases.ts';
import { createBroker } from '#main/credentials/broker.ts';
import type { CloudEnvironment } from '#main/credentials/environment.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import { approve, openScene, PERSON, type Scene } from '../credentials/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const describeCheckout = () => new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] });
const rollBack = () => new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', forceNewDeployment: true });

/** A broker of a program that is killed: from the moment given on, nothing it does is on record any more. */
function doomedBroker(dies: (data: Readonly<Record<string, unknown>>) => boolean) {
  let dead = false;
  const audit = {
    append: ((input) => {
      dead ||= dies(input.data as Readonly<Record<string, unknown>>);
      return dead ? Promise.reject(new CausewayError('disk-full', 'The program is gone.')) : scene.store.append(input);
    }) as typeof scene.store.append,
    getVerified: (hash: string) => scene.store.getVerified(hash),
    decisionsAfter: (hash: string) => scene.store.decisionsAfter(hash),
  };
  const { guard, rules: approvalRules, clock } = scene;
  return createBroker({ audit, guard, approvalRules, clock, random: systemRandom, version: '0' });
}

/** What the next start does, with the environments it finds. */
async function startAgain(environments: readonly CloudEnvironment[] = [scene.environment]): Promise<void> {
  await closeLostLeases(scene.store, scene.clock.now(), (lost) => scene.broker.revokeLost(lost, environments));
  await endLostExecutions(scene.store);
}

const stolen = () => {
  const [keys] = scene.cloud.sessions();
  if (keys === undefined) throw new Error('No session was seen on the wire');
  return scene.thief(keys).ecs.send(describeCheckout());
};

describe('a lease the program died with', () => {
  /** @securityTest The session of a killed program is refused by the cloud from the next start on */
  test('is ended in the cloud at the next start, by its name on record', async () => {
    const lease = await doomedBroker(() => false).issue(scene.request('infrastructure-inspection'));
    await stolen();
    await startAgain();
    await expect(stolen()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(scene.records('credential.revoked')).toMatchObject([
      {
        outcome: 'success',
        actor: { type: 'system', id: 'console' },
        onBehalfOf: PERSON,
        target: { id: lease.id },
        data: { reason: 'program-ended', cloud: 'revoked', calls: 0 },
      },
    ]);
    await startAgain();
    expect(scene.records('credential.revoked')).toHaveLength(1);
  });

  test('leaves a later session of the role alone', async () => {
    await doomedBroker(() => false).issue(scene.request('infrastructure-inspection'));
    await startAgain();
    const later = await scene.broker.issue(scene.request('infrastructure-inspection'));
    expect((await later.clients.ecs.send(describeCheckout())).services).toHaveLength(1);
  });

  /** @securityTest A clock put forward does not keep a lost session from being ended */
  test('is ended in the cloud when only the clock says that its time has passed', async () => {
    await doomedBroker(() => false).issue(scene.request('infrastructure-inspection'));
    scene.clock.time += 3_600_000;
    await startAgain();
    await expect(stolen()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(scene.records('credential.revoked')).toMatchObject([{ data: { cloud: 'revoked' } }]);
    expect(scene.records('credential.expired')).toEqual([]);
  });

  test('has expired by the clock where nothing more can be asked', async () => {
    const lease = await doomedBroker(() => false).issue(scene.request('metric-analysis'));
    scene.clock.time = lease.expiresAt;
    await startAgain([{ ...scene.environment, revocationRole: null }]);
    expect(scene.records('credential.expired')).toMatchObject([{ target: { id: lease.id } }]);
  });

  test('has expired when its time has long passed, and nothing is asked of the cloud', async () => {
    const lease = await doomedBroker(() => false).issue(scene.request('metric-analysis'));
    scene.clock.time = lease.expiresAt + 24 * 3_600_000;
    const asked = scene.cloud.exchanges.length;
    await startAgain();
    expect(scene.records('credential.expired')).toMatchObject([{ target: { id: lease.id } }]);
    expect(scene.records('credential.revoked')).toEqual([]);
    expect(scene.cloud.exchanges).toHaveLength(asked);
  });

  test.each<[string, () => readonly CloudEnvironment[], 'failed' | 'not-configured']>([
    ['its environment is gone', () => [], 'failed'],
    ['no revocation role is configured', () => [{ ...scene.environment, revocationRole: null }], 'not-configured'],
  ])('is said not to be ended in the cloud when %s', async (_title, environments, cloud) => {
    await doomedBroker(() => false).issue(scene.request('metric-analysis'));
    await startAgain(environments());
    expect(scene.records('credential.revoked')).toMatchObject([{ data: { reason: 'program-ended', cloud } }]);
  });

  test('does not keep the program from starting when the cloud does not answer', async () => {
    await doomedBroker(() => false).issue(scene.request('metric-analysis'));
    await doomedBroker(() => false).issue(scene.request('log-analysis'));
    scene.cloud.interfere = ({ body }) => (body.includes('RolePolicy') ? { delayMs: 14_000 } : null);
    const began = performance.now();
    await startAgain();
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(scene.records('credential.revoked').map(({ data }) => data.cloud)).toEqual(['failed', 'failed']);
  }, 20_000);
});

describe('a change the program died with', () => {
  const isUpdate = ({ operation, phase }: Readonly<Record<string, unknown>>, wanted: string) =>
    operation === 'ecs:UpdateService' && phase === wanted;

  async function carryOut(dies: (data: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
    const broker = doomedBroker(dies);
    const { approval } = await approve(scene);
    const lease = await broker.issue(scene.request('remediation', { approval }));
    await lease.clients.ecs.send(rollBack()).catch(() => undefined);
  }
  const unknown = () => scene.records('investigation.system_called').filter(({ data }) => data.phase === 'unknown');

  /** @securityTest A change whose outcome nobody knows is on record as unknown at the next start, once */
  test('between sending it and its answer is unknown, on record once, and so is its remediation', async () => {
    await carryOut((data) => isUpdate(data, 'outcome'));
    await startAgain();
    const intent = scene
      .records('investigation.system_called')
      .findIndex(({ data }) => data.phase === 'intent' && data.operation === 'ecs:UpdateService');
    expect(intent).toBeGreaterThan(-1);
    expect(unknown()).toMatchObject([
      {
        outcome: 'failure',
        actor: { type: 'system', id: 'console' },
        data: { operation: 'ecs:UpdateService', code: 'unknown', httpStatus: null, responseDigest: null },
      },
    ]);
    const named = scene.store.getByHash(String(unknown()[0]?.data.intent));
    expect(named?.record.data).toMatchObject({ phase: 'intent', operation: 'ecs:UpdateService' });
    expect(scene.records('remediation.execution_failed')).toMatchObject([
      { data: { failedStep: 1, reason: expect.stringMatching(/Whether step 1 reached the cloud is not known/) } },
    ]);
    await startAgain();
    expect(unknown()).toHaveLength(1);
    expect(scene.records('remediation.execution_failed')).toHaveLength(1);
  });

  test('with its answer on record is known', async () => {
    let answered = false;
    await carryOut((data) => {
      const after = answered;
      answered ||= isUpdate(data, 'outcome');
      return after;
    });
    await startAgain();
    expect(unknown()).toEqual([]);
    expect(scene.records('remediation.execution_failed')).toMatchObject([
      { data: { failedStep: 1, reason: expect.stringMatching(/answered every step as done/) } },
    ]);
  });

  test('of which no intent is on record was not sent', async () => {
    await carryOut((data) => isUpdate(data, 'intent'));
    await startAgain();
    expect(unknown()).toEqual([]);
    expect(scene.cloud.exchanges.some(({ headers }) => /UpdateService$/.test(String(headers['x-amz-target'])))).toBe(
      false,
    );
  });

  test('outside every lease on record is unknown, too, and once', async () => {
    let issued = false;
    const broker = doomedBroker((data) => {
      if ('sessionPolicyDigest' in data) throw new CausewayError('disk-full', 'Full for a moment.');
      issued ||= data.phase === 'intent';
      return data.phase === 'outcome';
    });
    await broker.issue(scene.request('metric-analysis')).catch(() => undefined);
    expect(issued).toBe(true);
    await recorded('kms:CreateKey', 'intent');
    const settled = await recorded('kms:CreateKey', 'intent');
    await recorded('kms:CreateKey', 'outcome', settled);
    await startAgain();
    expect(
      unknown()
        .map(({ data }) => data.operation)
        .sort(),
    ).toEqual(['iam:PutRolePolicy', 'kms:CreateKey']);
    await startAgain();
    expect(unknown()).toHaveLength(2);
  });

  const recorded = async (operation: string, phase: 'intent' | 'outcome', intent?: string) => {
    const { hash } = await scene.store.append({
      action: 'investigation.system_called',
      outcome: 'success',
      actor: { type: 'system', id: 'secret-vault' },
      target: { type: 'cloud-resource', id: '*' },
      data: {
        operation,
        endpoint: 'kms.us-east-1.amazonaws.com:443',
        region: 'us-east-1',
        payloadDigest: '0'.repeat(64),
        responseDigest: null,
        code: phase === 'intent' ? 'intent' : 'OK',
        httpStatus: null,
        latencyMs: 0,
        attempts: 0,
        requestId: null,
        phase,
        ...(intent === undefined ? {} : { intent }),
      },
    });
    return hash;
  };

  test('to a role of the cloud is unknown, too', async () => {
    const broker = doomedBroker(({ operation, phase }) => operation === 'iam:PutRolePolicy' && phase === 'outcome');
    const lease = await broker.issue(scene.request('metric-analysis'));
    await broker.revoke(lease, 'task-finished').catch(() => undefined);
    await startAgain();
    expect(unknown()).toMatchObject([{ data: { operation: 'iam:PutRolePolicy' } }]);
    expect(scene.records('credential.revoked')).toMatchObject([{ data: { cloud: 'revoked' } }]);
  });
});
