import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBroker } from '#main/credentials/broker.ts';
import { toLeaseView } from '#main/credentials/live-lease.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import { LeaseView } from '#shared/ipc/access-views.ts';
import { approve, CHECKOUT, openScene, PERSON, type Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const describeCheckout = () => new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] });
const rollBack = () => new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', forceNewDeployment: true });
const KEEPER = { type: 'user', id: 'u-3000' } as const;

describe('live leases', () => {
  test('are shown with what they are for, what they may and how far they are', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    await lease.clients.ecs.send(describeCheckout());
    const [live] = scene.broker.live();
    if (live === undefined) throw new Error('The lease is not live');
    expect(LeaseView.parse(toLeaseView(live))).toEqual({
      id: lease.id,
      task: 'infrastructure-inspection',
      agent: 'infrastructure-inspector',
      incident: 'inc-0001',
      investigation: 'inv-0001',
      account: '000000000001',
      environment: 'sandbox-1',
      actions: ['ecs:Describe*', 'ec2:Describe*'],
      resources: [CHECKOUT, 'arn:aws:ecs:us-east-1:000000000001:cluster/prod', '*'],
      calls: 1,
      issuedAt: new Date(lease.issuedAt).toISOString(),
      expiresAt: new Date(lease.issuedAt + 900_000).toISOString(),
      cloudRevocation: 'configured',
    });
  });

  test('of a remediation show the approved operations alone', async () => {
    const { approval } = await approve(scene);
    await scene.broker.issue(scene.request('remediation', { approval }));
    expect(scene.broker.live()).toMatchObject([{ actions: ['ecs:UpdateService'], resources: [CHECKOUT] }]);
  });

  test('listeners are told when one is issued and when one has become unusable', async () => {
    const seen: number[] = [];
    const stop = scene.broker.onChange(() => seen.push(scene.broker.live().length));
    const lease = await scene.broker.issue(scene.request('metric-analysis'));
    await scene.broker.revoke(lease, 'task-finished');
    expect(seen).toEqual([1, 0]);
    stop();
    await scene.broker.issue(scene.request('metric-analysis'));
    expect(seen).toHaveLength(2);
  });

  test('a lease nobody uses any more has its end on record when its time has passed, without being asked', async () => {
    // the time passes while the role is being assumed, so that little of it is left
    let passed = false;
    scene.cloud.interfere = () => {
      if (!passed) scene.clock.time += 899_900;
      passed = true;
      return null;
    };
    const lease = await scene.broker.issue(scene.request('metric-analysis'));
    scene.clock.time += 200;
    await expect
      // only the wall clock says that its time has passed: it is ended in the cloud, too
      .poll(() => scene.records('credential.revoked'), { timeout: 10_000 })
      .toMatchObject([{ target: { id: lease.id }, data: { cloud: 'revoked' } }]);
    expect(scene.broker.live()).toEqual([]);
  });
});

describe('a person ends one lease', () => {
  /** @securityTest A lease a person ends is refused here and in the cloud, in that person's name, and no other is */
  test('and that one only, in their name', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    const other = await scene.broker.issue(scene.request('infrastructure-inspection'));
    await scene.broker.revokeOne(lease.id, KEEPER);
    expect(scene.records('credential.revoked')).toMatchObject([
      {
        actor: KEEPER,
        onBehalfOf: PERSON,
        target: { type: 'lease', id: lease.id },
        data: { reason: 'operator', cloud: 'revoked' },
      },
    ]);
    const [stolen] = scene.cloud.sessions();
    if (stolen === undefined) throw new Error('No session was seen on the wire');
    await expect(scene.thief(stolen).ecs.send(describeCheckout())).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(lease.clients.ecs.send(describeCheckout())).rejects.toMatchObject({ reason: 'lease-revoked' });
    await other.clients.ecs.send(describeCheckout());
    expect(scene.broker.live()).toMatchObject([{ id: other.id }]);
  });

  test('but none that is not live', async () => {
    const lease = await scene.broker.issue(scene.request('metric-analysis'));
    await expect(scene.broker.revokeOne('lease-00000000', KEEPER)).rejects.toMatchObject({ code: 'not-found' });
    await scene.broker.revoke(lease, 'task-finished');
    await expect(scene.broker.revokeOne(lease.id, KEEPER)).rejects.toMatchObject({ code: 'not-found' });
    expect(scene.records('credential.revoked')).toHaveLength(1);
    const expired = await scene.broker.issue(scene.request('metric-analysis'));
    scene.clock.time += 900_000;
    await expect(scene.broker.revokeOne(expired.id, KEEPER)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('changes on record', () => {
  function failingBroker(fails: (input: { readonly action: string; readonly data: unknown }) => boolean) {
    const audit = {
      append: ((input) =>
        fails(input)
          ? Promise.reject(new CausewayError('disk-full', 'The disk is full.'))
          : scene.store.append(input)) as typeof scene.store.append,
      getVerified: (hash: string) => scene.store.getVerified(hash),
      decisionsAfter: (hash: string) => scene.store.decisionsAfter(hash),
    };
    const { guard, rules: approvalRules, clock } = scene;
    return createBroker({ audit, guard, approvalRules, clock, random: systemRandom, version: '0' });
  }
  const phaseOf = (data: unknown) => (data as { readonly phase?: string }).phase;
  const isUpdate = (data: unknown) => (data as { readonly operation?: string }).operation === 'ecs:UpdateService';
  const updates = () =>
    scene.cloud.exchanges.filter(({ headers }) => /UpdateService$/.test(String(headers['x-amz-target'])));

  /** @securityTest A change whose intent cannot be put on record is not sent */
  test('nothing is sent when the intent cannot be recorded', async () => {
    const broker = failingBroker(({ data }) => phaseOf(data) === 'intent' && isUpdate(data));
    const { approval } = await approve(scene);
    const lease = await broker.issue(scene.request('remediation', { approval }));
    await expect(lease.clients.ecs.send(rollBack())).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(updates()).toEqual([]);
  });

  test('the intent is durable before anything is sent', async () => {
    const { approval } = await approve(scene);
    const lease = await scene.broker.issue(scene.request('remediation', { approval }));
    const atSending: unknown[] = [];
    scene.cloud.interfere = ({ target }) => {
      if (target.endsWith('UpdateService'))
        atSending.push(scene.records('investigation.system_called').at(-1)?.data.phase);
      return null;
    };
    await lease.clients.ecs.send(rollBack());
    expect(atSending).toEqual(['intent']);
  });

  test('an outcome that could not be recorded when it came is, before the end of its lease', async () => {
    let full = true;
    const broker = failingBroker(({ data }) => full && phaseOf(data) === 'outcome' && isUpdate(data));
    const { approval } = await approve(scene);
    const lease = await broker.issue(scene.request('remediation', { approval }));
    await expect(lease.clients.ecs.send(rollBack())).rejects.toMatchObject({ code: 'audit-unavailable' });
    await expect(broker.revoke(lease, 'task-failed')).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(scene.records('credential.revoked')).toEqual([]);
    full = false;
    await broker.revoke(lease, 'task-failed');
    const outcomes = scene.records('investigation.system_called').filter(({ data }) => isUpdate(data));
    expect(outcomes.map(({ data }) => [data.phase, data.code])).toEqual([
      ['intent', 'intent'],
      ['outcome', '200'],
    ]);
    expect(scene.records().at(-1)?.action).toBe('credential.revoked');
  });
});
