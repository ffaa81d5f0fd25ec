import { inspect } from 'node:util';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copyOfDefinition } from '#main/credentials/approved-copy.ts';
import { createBroker } from '#main/credentials/broker.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import { TaskKind } from '#shared/model/task.ts';
import { approve, CHECKOUT_FAMILY, openScene, PERSON, type Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await scene.close();
});

/** Time that really passes: the clock that never goes back says so, too. */
function letPass(milliseconds: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + milliseconds);
  scene.clock.time += milliseconds;
}

const describeCheckout = () => new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] });
const rollBack = (service = 'checkout') =>
  new UpdateServiceCommand({ cluster: 'prod', service, forceNewDeployment: true });
const queryLogs = () =>
  new StartQueryCommand({
    logGroupName: '/ecs/prod/checkout',
    startTime: 1,
    endTime: 2,
    queryString: 'fields @message',
  });

const targets = (headers: Readonly<Record<string, unknown>>, operation: string) =>
  String(headers['x-amz-target']).endsWith(operation);

/** What checkout runs, described under an analyst's lease, with the digest its record names. */
async function describeDefinition() {
  const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
  const { services } = await lease.clients.ecs.send(describeCheckout());
  const asked = new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition });
  const { taskDefinition } = await lease.clients.ecs.send(asked);
  await scene.broker.revoke(lease, 'task-finished');
  const called = scene
    .records('investigation.system_called')
    .filter(({ data }) => String(data.operation).endsWith('TaskDefinition'));
  if (taskDefinition === undefined) throw new Error('The sandbox described nothing');
  const described = JSON.parse(JSON.stringify(taskDefinition)) as Readonly<Record<string, unknown>>;
  return { ...taskDefinition, described, digest: String(called.at(-1)?.data.responseDigest) };
}

describe('issue', () => {
  test('gives a 15-minute session under the name of lease and agent, for the human, narrowed to the task', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    expect(lease.id).toMatch(/^lease-[0-9a-f]{8}$/);
    expect(lease.expiresAt - lease.issuedAt).toBe(900_000);
    expect(lease.state()).toBe('active');
    const asked = new URLSearchParams(scene.cloud.exchanges[0]?.requestBody);
    expect(Object.fromEntries(asked)).toMatchObject({
      Action: 'AssumeRole',
      DurationSeconds: '900',
      RoleSessionName: `${lease.id}.infrastructure-inspector`,
      SourceIdentity: 'u-1000',
    });
    expect(scene.records('credential.issued')).toMatchObject([
      {
        outcome: 'success',
        onBehalfOf: PERSON,
        target: { type: 'lease', id: lease.id },
        links: { incident: 'inc-0001', investigation: 'inv-0001', lease: lease.id },
        data: { task: 'infrastructure-inspection', actions: ['ecs:Describe*', 'ec2:Describe*'], planDigest: null },
      },
    ]);
    expect(scene.records('investigation.system_called')).toMatchObject([
      {
        actor: { type: 'system', id: 'credential-broker' },
        data: { operation: 'sts:AssumeRole', code: '200', httpStatus: 200, attempts: 1 },
      },
    ]);
    expect(scene.records('investigation.policy_decided')[0]?.data).toMatchObject({
      decision: 'allow',
      action: 'issueLease',
      policies: ['lease-infrastructure-inspection'],
      policyVersion: scene.engine.version,
    });
  });

  test("refuses an agent another's task, and says which rule is missing", async () => {
    const asked = scene.broker.issue(scene.request('log-analysis', { agent: 'metric-analyst' }));
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'policy-denied' });
    expect(scene.records('credential.issue_refused')).toMatchObject([
      { outcome: 'denied', data: { task: 'log-analysis', reason: 'policy-denied' } },
    ]);
    expect(scene.cloud.exchanges).toEqual([]);
  });

  test('records what the cloud refuses', async () => {
    const roles = { ...scene.environment.roles, 'log-analysis': 'arn:aws:iam::000000000001:role/Nobody' };
    const asked = scene.broker.issue(scene.request('log-analysis', { environment: { ...scene.environment, roles } }));
    await expect(asked).rejects.toMatchObject({ code: 'cloud-refused', reason: 'cloud-refused' });
    expect(scene.records('credential.issue_refused')[0]?.data).toMatchObject({
      reason: 'cloud-refused',
      detail: expect.stringContaining('AccessDenied'),
    });
    expect(scene.records('investigation.system_called')[0]).toMatchObject({ outcome: 'denied' });
  });

  const answerWith = (inner: string) => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${inner}`,
  });
  const CANARY = 'CANARYSECRETKEYabcdefghij0123456789ABCD';
  const given = `<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>${CANARY}</SecretAccessKey>`;

  /** @securityTest Of an answer that cannot be read, no key stays on the error or goes on record */
  test.each([
    ['cut off', answerWith(`<Credentials>${given}<SessionToken>tok`)],
    [
      'with a time that is none',
      answerWith(
        `<Credentials>${given}<SessionToken>t</SessionToken><Expiration>${CANARY}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      ),
    ],
    ['of another form', { ...answerWith(''), body: `{"SecretAccessKey":"${CANARY}"}` }],
  ])('keeps nothing of an answer %s, and ends what it may have given', async (_title, answer) => {
    let asked = 0;
    scene.cloud.interfere = ({ body }) => (body.includes('AssumeRole') && asked++ === 0 ? answer : null);
    const error = await scene.broker.issue(scene.request('log-analysis')).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'cloud-refused', reason: 'answer-unreadable' });
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      for (const name of Reflect.ownKeys(at)) expect(inspect(Reflect.get(at, name))).not.toContain(CANARY);
    }
    expect(JSON.stringify(scene.records())).not.toContain(CANARY);
    expect(scene.records('investigation.system_called').map(({ data }) => data.operation)).toContain(
      'iam:PutRolePolicy',
    );
  });

  test('records a cloud that does not answer, after three attempts', async () => {
    scene.cloud.interfere = () => ({ cut: true });
    const asked = scene.broker.issue(scene.request('log-analysis'));
    await expect(asked).rejects.toMatchObject({ code: 'cloud-unreachable' });
    expect(scene.records('investigation.system_called')[0]?.data).toMatchObject({ httpStatus: null, attempts: 3 });
  });

  test('refuses resources that are too many for a session policy before asking the cloud', async () => {
    const resources = Array.from(
      { length: 40 },
      (_, n) => `arn:aws:logs:us-east-1:000000000001:log-group:/ecs/prod/s${n}`,
    );
    const asked = scene.broker.issue(scene.request('log-analysis', { resources }));
    await expect(asked).rejects.toMatchObject({ code: 'bad-input', reason: 'session-policy-too-long' });
    expect(scene.cloud.exchanges).toEqual([]);
    expect(scene.records('credential.issue_refused')).toHaveLength(1);
  });
});

describe('calls', () => {
  test('are decided, made and recorded with digests, code and latency', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    const heard: unknown[] = [];
    lease.onCall((call) => heard.push(call));
    const answer = await lease.clients.ecs.send(describeCheckout());
    expect(answer.services?.[0]?.serviceName).toBe('checkout');
    const record = scene.records('investigation.system_called').at(-1);
    expect(record).toMatchObject({
      outcome: 'success',
      actor: { type: 'agent', id: 'infrastructure-inspector' },
      onBehalfOf: PERSON,
      links: { lease: lease.id },
      data: {
        operation: 'ecs:DescribeServices',
        endpoint: new URL(scene.environment.endpoint ?? '').host,
        code: '200',
        attempts: 1,
        payloadDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
        responseDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(heard).toMatchObject([{ operation: 'ecs:DescribeServices', responseDigest: record?.data.responseDigest }]);
    expect([lease.calls(), lease.refused()]).toEqual([1, 0]);
    const decided = scene.records('investigation.policy_decided').at(-1);
    expect(decided?.data).toMatchObject({
      action: 'ecs:DescribeServices',
      decision: 'allow',
      policies: ['read-infrastructure'],
    });
  });

  test('each task reaches what it is for', async () => {
    const metrics = await scene.broker.issue(scene.request('metric-analysis'));
    const times = { StartTime: new Date('2026-01-02T09:30:00Z'), EndTime: new Date('2026-01-02T09:40:00Z') };
    const metric = {
      Namespace: 'Test/Shop',
      MetricName: 'Latency',
      Dimensions: [{ Name: 'Service', Value: 'checkout' }],
    };
    const data = await metrics.clients.cloudwatch.send(
      new GetMetricDataCommand({
        ...times,
        MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: metric, Period: 60, Stat: 'p95' } }],
      }),
    );
    expect(data.MetricDataResults?.[0]?.Values).toHaveLength(10);
    const logs = await scene.broker.issue(scene.request('log-analysis'));
    expect((await logs.clients.logs.send(queryLogs())).queryId).toBeTruthy();
  });

  test('of another task are refused by the policy before anything is sent', async () => {
    const lease = await scene.broker.issue(scene.request('log-analysis'));
    const sent = scene.cloud.exchanges.length;
    await expect(lease.clients.ecs.send(rollBack())).rejects.toMatchObject({ code: 'denied', reason: 'policy-denied' });
    expect(scene.cloud.exchanges).toHaveLength(sent);
    expect(scene.records('investigation.policy_decided').at(-1)).toMatchObject({
      outcome: 'denied',
      data: {
        action: 'ecs:UpdateService',
        decision: 'deny',
        policies: expect.arrayContaining(['change-needs-approval']),
      },
    });
    expect([lease.calls(), lease.refused()]).toEqual([0, 1]);
  });

  /** @securityTest A call outside the resources of its lease is refused here and on record, and the cloud refuses it, too */
  test('outside the resources are refused, here and by the cloud, on record', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    const payments = new DescribeServicesCommand({ cluster: 'prod', services: ['checkout', 'payments'] });
    const sent = scene.cloud.exchanges.length;
    await expect(lease.clients.ecs.send(payments)).rejects.toMatchObject({ code: 'denied', reason: 'outside-lease' });
    expect(scene.cloud.exchanges).toHaveLength(sent);
    expect(scene.records('investigation.system_called').at(-1)).toMatchObject({
      outcome: 'denied',
      links: { lease: lease.id },
      data: { operation: 'ecs:DescribeServices', code: 'outside-lease', httpStatus: null, attempts: 0 },
    });
    expect([lease.calls(), lease.refused()]).toEqual([0, 1]);
    const [keys] = scene.cloud.sessions();
    if (keys === undefined) throw new Error('No session was seen on the wire');
    await expect(scene.thief(keys).ecs.send(payments)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('the cloud refuses are recorded as a denial', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    scene.cloud.interfere = () => ({
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: '{"__type":"AccessDeniedException","message":"no"}',
    });
    await expect(lease.clients.ecs.send(describeCheckout())).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(scene.records('investigation.system_called').at(-1)).toMatchObject({
      outcome: 'denied',
      data: { code: 'AccessDeniedException', httpStatus: 400, responseDigest: null },
    });
  });

  test('are tried again a bounded number of times, and the record says how often', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    let failures = 2;
    scene.cloud.interfere = () => (failures-- > 0 ? { status: 500, body: '{}' } : null);
    await lease.clients.ecs.send(describeCheckout());
    expect(scene.records('investigation.system_called').at(-1)?.data).toMatchObject({ attempts: 3, code: '200' });
  });
});

describe('a write lease', () => {
  test('is issued under an approval, works on the approved resource, and is linked to it', async () => {
    const { approval, hash, planDigest } = await approve(scene);
    const lease = await scene.broker.issue(scene.request('remediation', { approval }));
    expect(scene.records('credential.issued').at(-1)).toMatchObject({
      links: { approval: hash, remediation: 'rem-0001', lease: lease.id },
      data: { task: 'remediation', planDigest, actions: ['ecs:UpdateService'] },
    });
    expect((await lease.clients.ecs.send(rollBack())).service?.serviceName).toBe('checkout');
    const [decision, intent, call] = scene.records().slice(-3);
    expect(decision).toMatchObject({ action: 'investigation.policy_decided', data: { policies: ['change-approved'] } });
    expect(intent).toMatchObject({
      action: 'investigation.system_called',
      links: { lease: lease.id, approval: hash },
      data: {
        operation: 'ecs:UpdateService',
        phase: 'intent',
        code: 'intent',
        httpStatus: null,
        responseDigest: null,
        attempts: 0,
        latencyMs: 0,
      },
    });
    expect(call).toMatchObject({
      action: 'investigation.system_called',
      data: {
        operation: 'ecs:UpdateService',
        phase: 'outcome',
        intent: scene.store.get(scene.store.head().seq - 1)?.hash,
        payloadDigest: intent?.data.payloadDigest,
        code: '200',
      },
    });
  });

  test('does nothing to its resource that the plan does not say', async () => {
    const { approval } = await approve(scene);
    const lease = await scene.broker.issue(scene.request('remediation', { approval }));
    const sent = scene.cloud.exchanges.length;
    const stop = new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', desiredCount: 0 });
    await expect(lease.clients.ecs.send(stop)).rejects.toMatchObject({ code: 'denied' });
    expect(scene.records('investigation.policy_decided').at(-1)?.data).toMatchObject({
      policies: ['change-as-planned'],
    });
    expect(scene.cloud.exchanges).toHaveLength(sent);
  });

  /** @securityTest One approved step is sent once under one lease, and never again */
  test('sends an approved step once', async () => {
    const { approval } = await approve(scene);
    const lease = await scene.broker.issue(scene.request('remediation', { approval }));
    const both = await Promise.allSettled([lease.clients.ecs.send(rollBack()), lease.clients.ecs.send(rollBack())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(lease.clients.ecs.send(rollBack())).rejects.toMatchObject({ code: 'denied' });
    expect(lease.calls()).toBe(1);
    expect(scene.cloud.exchanges.filter(({ headers }) => targets(headers, 'UpdateService'))).toHaveLength(1);
  });

  /** @securityTest An approved copy step cannot register anything but the definition the evidence holds */
  test('registers nothing but the copy of what it saw described', async () => {
    const source = await describeDefinition();
    const family = `${CHECKOUT_FAMILY.slice(0, -'checkout:*'.length)}${source.family}:*`;
    const register = {
      operation: 'ecs:RegisterTaskDefinition' as const,
      resource: family,
      parameters: {
        family: String(source.family),
        copyOf: String(source.taskDefinitionArn),
        sourceDigest: source.digest,
        sourcePointer: '/taskDefinition',
      },
      changes: [{ field: 'x', before: 'a', after: 'b' }],
    };
    const credentials = {
      task: 'remediation' as const,
      seconds: 900,
      actions: ['ecs:RegisterTaskDefinition'],
      resources: [family],
    };
    const { approval } = await approve(scene, { plan: { steps: [register], credentials } });
    const lease = await scene.broker.issue(scene.request('remediation', { approval, resources: [family] }));
    const copy = {
      family: source.family,
      containerDefinitions: source.containerDefinitions,
      ...(source.cpu === undefined ? {} : { cpu: source.cpu }),
    };
    const other = { ...copy, containerDefinitions: [{ name: 'checkout', image: 'evil/miner:latest', memory: 128 }] };
    const send = (input: object) =>
      lease.clients.ecs.send(new RegisterTaskDefinitionCommand(input as RegisterTaskDefinitionCommandInput));
    await expect(send(other)).rejects.toMatchObject({ code: 'denied' });
    const expected = copyOfDefinition({ taskDefinition: source.described }, register.parameters);
    expect((await send(expected ?? {})).taskDefinition?.family).toBe(source.family);
  });

  test.each([
    ['its answer is lost', { cut: true }, 1],
    ['the cloud fails', { status: 500, body: '{}' }, 1],
    ['the cloud refuses it for being too many', { status: 400, body: '{"__type":"ThrottlingException"}' }, 3],
  ] as const)('a change is sent as often as it must: %s', async (_title, effect, times) => {
    const { approval } = await approve(scene);
    const lease = await scene.broker.issue(scene.request('remediation', { approval }));
    let sent = 0;
    scene.cloud.interfere = ({ target }) => {
      if (!target.endsWith('UpdateService')) return null;
      sent += 1;
      return effect;
    };
    await expect(lease.clients.ecs.send(rollBack())).rejects.toBeInstanceOf(Error);
    expect(sent).toBe(times);
    expect(scene.records('investigation.system_called').at(-1)?.data).toMatchObject({ attempts: times });
  });

  test('reaches no other service: the policy refuses, and nothing is sent', async () => {
    const { approval } = await approve(scene);
    const lease = await scene.broker.issue(scene.request('remediation', { approval }));
    const sent = scene.cloud.exchanges.length;
    await expect(lease.clients.ecs.send(rollBack('payments'))).rejects.toMatchObject({ code: 'denied' });
    expect(scene.records('investigation.policy_decided').at(-1)?.data).toMatchObject({
      policies: ['change-as-planned'],
      resource: 'arn:aws:ecs:us-east-1:000000000001:service/prod/payments',
    });
    expect(scene.cloud.exchanges).toHaveLength(sent);
  });
});

describe('the end of leases', () => {
  /** @securityTest A session whose lease cannot be put on record is taken back at the cloud */
  test('a session that could not be recorded is revoked at the cloud, and nobody gets it', async () => {
    let failed = false;
    const audit = {
      append: ((input) => {
        if (input.action === 'credential.issued') failed = true;
        return failed ? Promise.reject(new CausewayError('disk-full', 'The disk is full.')) : scene.store.append(input);
      }) as typeof scene.store.append,
      getVerified: (hash: string) => scene.store.getVerified(hash),
      decisionsAfter: (hash: string) => scene.store.decisionsAfter(hash),
    };
    const broker = createBroker({
      audit,
      guard: scene.guard,
      approvalRules: scene.rules,
      clock: scene.clock,
      random: systemRandom,
      version: '0',
    });
    const asked = broker.issue(scene.request('infrastructure-inspection'));
    await expect(asked).rejects.toMatchObject({ code: 'audit-unavailable' });
    const [keys] = scene.cloud.sessions();
    if (keys === undefined) throw new Error('No session was seen on the wire');
    await expect(scene.thief(keys).ecs.send(describeCheckout())).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(broker.live()).toEqual([]);
  });

  test('a cloud that does not answer keeps nothing from closing; its failure is on record', async () => {
    await scene.broker.issue(scene.request('infrastructure-inspection'));
    await scene.broker.issue(scene.request('metric-analysis'));
    scene.cloud.interfere = ({ body }) => (body.includes('RolePolicy') ? { delayMs: 14_000 } : null);
    const began = performance.now();
    await scene.broker.close();
    expect(performance.now() - began).toBeLessThan(12_000);
    expect(scene.records('credential.revoked').map(({ data }) => data.cloud)).toEqual(['failed', 'failed']);
  }, 30_000);

  test('an expired lease stays expired when the clock is put back', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    letPass(900_000);
    expect(lease.state()).toBe('expired');
    scene.clock.time -= 600_000;
    expect(lease.state()).toBe('expired');
    await expect(lease.clients.ecs.send(describeCheckout())).rejects.toMatchObject({ reason: 'lease-expired' });
    await scene.broker.revoke(lease, 'task-finished');
    expect(scene.records('credential.expired')).toHaveLength(1);
  });

  /** @securityTest The keys of an ended lease cannot be had from its clients */
  test('the clients give no keys any more', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    await lease.clients.ecs.send(describeCheckout());
    const { ecs } = lease.clients;
    expect((await ecs.config.credentials()).secretAccessKey).toMatch(/./);
    await scene.broker.revoke(lease, 'task-finished');
    await expect(ecs.config.credentials()).rejects.toMatchObject({ code: 'lease-unusable' });
    await expect(lease.clients.logs.config.credentials()).rejects.toMatchObject({ code: 'lease-unusable' });
  });

  test('one issued and one revoked record per lease, confirmed by the cloud', async () => {
    const tasks = TaskKind.options.filter((task) => task !== 'remediation');
    const leases = await Promise.all(tasks.map((task) => scene.broker.issue(scene.request(task))));
    expect(scene.broker.live()).toHaveLength(3);
    await scene.broker.revokeAll({ investigation: 'inv-0001' }, 'investigation-ended');
    await Promise.all(leases.map((lease) => scene.broker.revoke(lease, 'task-finished')));
    expect(scene.broker.live()).toEqual([]);
    const revoked = scene.records('credential.revoked');
    expect(revoked.map((record) => record.links?.lease).sort()).toEqual(leases.map(({ id }) => id).sort());
    for (const record of revoked) {
      expect(record).toMatchObject({
        outcome: 'success',
        data: { reason: 'investigation-ended', cloud: 'revoked', calls: 0 },
      });
    }
    expect(leases.map((lease) => lease.state())).toEqual(['revoked', 'revoked', 'revoked']);
  });

  test('leases of other investigations stay', async () => {
    await scene.broker.issue(scene.request('log-analysis'));
    const other = await scene.broker.issue(scene.request('log-analysis', { investigation: 'inv-0002' }));
    await scene.broker.revokeAll({ investigation: 'inv-0001' }, 'cancelled');
    expect(scene.broker.live()).toMatchObject([{ id: other.id, investigation: 'inv-0002' }]);
  });

  test('revocations of one role at the same time all hold in the cloud', async () => {
    const asked = Array.from({ length: 6 }, () => scene.broker.issue(scene.request('infrastructure-inspection')));
    const leases = await Promise.all(asked);
    await scene.broker.revokeAll({}, 'operator');
    expect(leases.every((lease) => lease.state() === 'revoked')).toBe(true);
    expect(scene.cloud.sessions()).toHaveLength(12); // six leases, and one session for each revocation
    const sessions = scene.cloud.sessions().slice(0, 6);
    for (const keys of sessions) {
      const stolen = scene.thief(keys).ecs.send(describeCheckout());
      await expect(stolen).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('explicit deny'),
      });
    }
  });

  /** @securityTest A revocation holds in the cloud, too, when the console's clock is wrong by an hour */
  test.each([-3_600_000, 3_600_000])(
    'a clock that is wrong by %d ms makes no revocation miss its session',
    async (by) => {
      scene.clock.time += by;
      const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
      const [keys] = scene.cloud.sessions();
      if (keys === undefined) throw new Error('No session was seen on the wire');
      await scene.thief(keys).ecs.send(describeCheckout());
      await scene.broker.revoke(lease, 'task-finished');
      await expect(scene.thief(keys).ecs.send(describeCheckout())).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('explicit deny'),
      });
    },
  );

  /** @securityTest Revoking reaches one role's inline policies for 900 seconds, and the console's own identity none */
  test('a revocation goes through its own role, narrowed to the role of the lease', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    await scene.broker.revoke(lease, 'task-finished');
    const [, assumed, read, written] = scene.cloud.exchanges;
    const asked = Object.fromEntries(new URLSearchParams(assumed?.requestBody));
    expect(asked).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: scene.environment.revocationRole,
      DurationSeconds: '900',
      RoleSessionName: `revoke-${lease.id}`,
      SourceIdentity: 'u-1000',
    });
    const Resource = [scene.environment.roles['infrastructure-inspection']];
    expect(JSON.parse(asked.Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['iam:GetRolePolicy', 'iam:PutRolePolicy'], Resource }],
    });
    const base = (await scene.environment.baseCredentials()).accessKeyId;
    for (const exchange of [read, written]) {
      expect(exchange?.requestBody).toMatch(/RolePolicy/);
      expect(exchange?.headers.authorization).not.toContain(base);
    }
    const keys = scene.cloud.sessions().at(-1);
    if (keys === undefined) throw new Error('No session was seen on the wire');
    const elsewhere = new GetRolePolicyCommand({ RoleName: 'CausewayRemediation', PolicyName: 'x' });
    await expect(scene.thief(keys).iam.send(elsewhere)).rejects.toMatchObject({ name: 'AccessDenied' });
    const widened = new PutRolePolicyCommand({ RoleName: 'CausewayRevocation', PolicyName: 'x', PolicyDocument: '{}' });
    await expect(scene.thief(keys).iam.send(widened)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(
      scene.records('investigation.system_called').map(({ data }) => [data.operation, data.phase ?? null]),
    ).toEqual([
      ['sts:AssumeRole', null],
      ['sts:AssumeRole', null],
      ['iam:GetRolePolicy', null],
      ['iam:PutRolePolicy', 'intent'],
      ['iam:PutRolePolicy', 'outcome'],
    ]);
  });

  test('an expired lease ends with credential.expired, also when it is revoked afterwards', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    letPass(900_001);
    expect(lease.state()).toBe('expired');
    expect(scene.broker.live()).toEqual([]);
    await expect(lease.clients.ecs.send(describeCheckout())).rejects.toMatchObject({ reason: 'lease-expired' });
    await scene.broker.revoke(lease, 'task-finished');
    expect(scene.records('credential.revoked')).toEqual([]);
    expect(scene.records('credential.expired')).toMatchObject([
      { links: { lease: lease.id }, data: { expiredAt: new Date(lease.expiresAt).toISOString(), calls: 0 } },
    ]);
  });

  /** @securityTest A clock put forward does not keep a session from being ended in the cloud */
  test('a lease that is over by the wall clock alone is ended in the cloud, too', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    const keys = scene.cloud.sessions().at(-1);
    if (keys === undefined) throw new Error('No session was seen on the wire');
    const thief = scene.thief(keys);
    await thief.ecs.send(describeCheckout());
    scene.clock.time += 3_600_000;
    expect(lease.state()).toBe('expired');
    await scene.broker.revoke(lease, 'operator');
    await expect(thief.ecs.send(describeCheckout())).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(scene.records('credential.expired')).toEqual([]);
    expect(scene.records('credential.revoked')).toMatchObject([{ outcome: 'success', data: { cloud: 'revoked' } }]);
  });

  /** @securityTest A wrong clock drops no denial whose session still lives */
  test('a clock put forward between two revocations drops no denial', async () => {
    const first = await scene.broker.issue(scene.request('infrastructure-inspection'));
    const keys = scene.cloud.sessions().at(-1);
    if (keys === undefined) throw new Error('No session was seen on the wire');
    await scene.broker.revoke(first, 'operator');
    scene.clock.time += 2 * 3_600_000;
    await scene.broker.revoke(await scene.broker.issue(scene.request('infrastructure-inspection')), 'operator');
    const used = scene.thief(keys).ecs.send(describeCheckout());
    await expect(used).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('a cloud that refuses the revocation leaves the lease unusable, and is on record and reported', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    scene.cloud.interfere = ({ body }) => (body.includes('RolePolicy') ? { cut: true } : null);
    await scene.broker.revoke(lease, 'task-finished');
    expect(scene.records('credential.revoked')).toMatchObject([{ outcome: 'failure', data: { cloud: 'failed' } }]);
    expect(scene.revocationFailures).toHaveLength(1);
    await expect(lease.clients.ecs.send(describeCheckout())).rejects.toMatchObject({ reason: 'lease-revoked' });
  });

  test('a query under way is cut off by the revocation, recorded, and not tried again', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    const reached = Promise.withResolvers<void>();
    scene.cloud.interfere = ({ target }) => {
      if (!target.endsWith('DescribeServices')) return null;
      reached.resolve();
      return { delayMs: 5000 };
    };
    const asked = lease.clients.ecs.send(describeCheckout()).then(
      () => 'answered',
      (error: unknown) => error,
    );
    await reached.promise;
    const started = performance.now();
    await scene.broker.revoke(lease, 'cancelled');
    expect(performance.now() - started).toBeLessThan(4000);
    expect(await asked).toMatchObject({ code: 'lease-unusable' });
    const order = scene.records().map((record) => record.action);
    expect(order.lastIndexOf('credential.revoked')).toBe(order.length - 1);
    expect(
      scene.records('investigation.system_called').some(({ data }) => data.operation === 'ecs:DescribeServices'),
    ).toBe(true);
  });

  test('closing revokes what is live and what is just being issued, and issues nothing more', async () => {
    await scene.broker.issue(scene.request('metric-analysis'));
    const late = scene.broker.issue(scene.request('log-analysis'));
    await scene.broker.close();
    expect((await late).state()).toBe('revoked');
    expect(scene.records('credential.revoked').map(({ data }) => data.reason)).toEqual(['shutdown', 'shutdown']);
    await expect(scene.broker.issue(scene.request('metric-analysis'))).rejects.toMatchObject({ code: 'conflict' });
  });
});
