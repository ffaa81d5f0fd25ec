import { createVerify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DecryptCommand, GenerateDataKeyCommand, GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AWS_ENVIRONMENTS_FILE, readAwsEnvironments } from '#main/credentials/aws-environments.ts';
import { withBaseIdentity } from '#main/credentials/base-identity.ts';
import { type BrokerOptions, type CredentialBroker, createBroker } from '#main/credentials/broker.ts';
import { createCallRecorder } from '#main/credentials/call-recorder.ts';
import type { CloudEnvironment } from '#main/credentials/environment.ts';
import { vaultCallHooks } from '#main/credentials/recording-hooks.ts';
import { createRedactor } from '#main/credentials/sensitive-fields.ts';
import { awsVaultKms } from '#main/credentials/vault/vault-kms.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { systemRandom } from '#main/platform/random.ts';
import { type AwsEmulator, type EmulatorQuirks, startAwsEmulator } from '../../support/aws-emulator.ts';
import { approve, openScene, PERSON, type Scene } from './scene.ts';

/** The store, the policies and the approvals are the product's; the cloud is the emulator, known by its endpoint alone. */
let scene: Scene;
let emulator: AwsEmulator | undefined;
const brokers: CredentialBroker[] = [];
beforeEach(async () => {
  scene = await openScene();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEMULATOR');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'emulated');
  vi.stubEnv('AWS_PROFILE', undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(brokers.splice(0).map((broker) => broker.close()));
  await emulator?.close();
  emulator = undefined;
  await scene.close();
});

interface Emulated {
  readonly cloud: AwsEmulator;
  readonly environment: CloudEnvironment;
  readonly broker: CredentialBroker;
  readonly failures: unknown[];
  readonly notRevoked: string[];
}

const ROLE = 'arn:aws:iam::000000000001:role/';

async function emulate(quirks: EmulatorQuirks = {}, options: Partial<BrokerOptions> & { role?: boolean } = {}) {
  const cloud = await startAwsEmulator(quirks);
  emulator = cloud;
  const { role = true, ...given } = options;
  const file = join(scene.folder, AWS_ENVIRONMENTS_FILE);
  const map = { system: 'shop', region: 'us-east-1', services: [{ name: 'checkout', metrics: [] }], calls: [] };
  writeFileSync(join(scene.folder, 'map.json'), JSON.stringify(map));
  const configured = {
    id: 'emulated',
    title: 'An emulator',
    account: '000000000001',
    region: 'us-east-1',
    endpoint: cloud.endpoint,
    roles: {
      'log-analysis': `${ROLE}L`,
      'metric-analysis': `${ROLE}M`,
      'infrastructure-inspection': `${ROLE}I`,
      remediation: `${ROLE}R`,
    },
    ...(role ? { revocationRole: `${ROLE}Revocation` } : {}),
    serviceMap: 'map.json',
  };
  writeFileSync(file, JSON.stringify({ environments: [configured] }));
  const [environment] = await readAwsEnvironments(file);
  if (environment === undefined) throw new Error('The environment was not read');
  const failures: unknown[] = [];
  const notRevoked: string[] = [];
  const broker = createBroker({
    audit: scene.store,
    guard: scene.guard,
    approvalRules: scene.rules,
    clock: scene.clock,
    random: systemRandom,
    version: '0.0.0-test',
    deadlineMs: 1_000,
    onRevocationFailure: (_lease, error) => failures.push(error),
    onNotRevoked: (lease) => notRevoked.push(lease),
    ...given,
  });
  brokers.push(broker);
  return { cloud, environment, broker, failures, notRevoked } satisfies Emulated;
}

const describeServices = (...services: string[]) => new DescribeServicesCommand({ cluster: 'prod', services });
const operations = (cloud: AwsEmulator) => cloud.asked.map(({ operation }) => operation);
const rollBack = () => new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', forceNewDeployment: true });

describe('against an independent emulator, known by its endpoint alone', () => {
  test('sessions are assumed, used with their own keys, recorded with the endpoint, and revoked through IAM', async () => {
    const { cloud, environment, broker } = await emulate();
    const lease = await broker.issue(scene.request('infrastructure-inspection', { environment }));
    const answer = await lease.clients.ecs.send(describeServices('checkout'));
    expect(answer.services?.[0]?.serviceArn).toBe('arn:aws:ecs:us-east-1:123456789012:service/prod/checkout');
    const asked = new DescribeTaskDefinitionCommand({ taskDefinition: answer.services?.[0]?.taskDefinition });
    expect((await lease.clients.ecs.send(asked)).taskDefinition?.family).toBe('checkout');
    expect(cloud.asked.map(({ operation, accessKey }) => [operation, accessKey])).toEqual([
      ['sts:AssumeRole', 'AKIAEMULATOR'],
      ['ecs:DescribeServices', 'ASIAEMULATED1'],
      ['ecs:DescribeTaskDefinition', 'ASIAEMULATED1'],
    ]);
    expect(cloud.asked[0]?.input).toMatchObject({ DurationSeconds: '900', SourceIdentity: PERSON.id });
    await broker.revoke(lease, 'task-finished');
    expect(cloud.asked.slice(3).map(({ operation, accessKey }) => [operation, accessKey])).toEqual([
      ['sts:AssumeRole', 'AKIAEMULATOR'],
      ['iam:GetRolePolicy', 'ASIAEMULATED2'],
      ['iam:PutRolePolicy', 'ASIAEMULATED2'],
    ]);
    const [revoking] = cloud.asked.slice(3);
    expect(revoking?.input).toMatchObject({ RoleArn: `${ROLE}Revocation`, DurationSeconds: '900' });
    expect(JSON.parse(String(revoking?.input.Policy)).Statement).toEqual([
      { Effect: 'Allow', Action: ['iam:GetRolePolicy', 'iam:PutRolePolicy'], Resource: [`${ROLE}I`] },
    ]);
    const [denial] = JSON.parse(cloud.inline.get('I/CausewayRevokedSessions') ?? '').Statement;
    expect(denial.Condition).toEqual({
      StringLike: { 'aws:userid': [`AROAEMULATED:${lease.sessionName}`] },
      DateLessThan: { 'aws:TokenIssueTime': expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    expect(scene.records('credential.revoked').at(-1)).toMatchObject({
      outcome: 'success',
      data: { cloud: 'revoked' },
    });
    const calls = scene.records('investigation.system_called');
    expect(calls.every(({ data }) => data.endpoint === new URL(cloud.endpoint).host)).toBe(true);
    expect(calls.slice(-2).map(({ data }) => [data.operation, data.phase, data.code])).toEqual([
      ['iam:PutRolePolicy', 'intent', 'intent'],
      ['iam:PutRolePolicy', 'outcome', '200'],
    ]);
  });

  test('who was assumed need not be said, nor request ids: the session is denied by its name', async () => {
    const { cloud, environment, broker } = await emulate({ assumedRoleUser: false, requestIds: false });
    const lease = await broker.issue(scene.request('infrastructure-inspection', { environment }));
    await lease.clients.ecs.send(describeServices('checkout'));
    await broker.revoke(lease, 'task-finished');
    const [denial] = JSON.parse(cloud.inline.get('I/CausewayRevokedSessions') ?? '').Statement;
    expect(denial.Condition.StringLike).toEqual({ 'aws:userid': [`*:${lease.sessionName}`] });
    expect(scene.records('credential.revoked').at(-1)?.data).toMatchObject({ cloud: 'revoked' });
    expect(scene.records('investigation.system_called')[0]?.data).toMatchObject({ code: '200', requestId: null });
  });

  /** @securityTest A cloud that ignores session policies is asked for nothing outside the lease all the same */
  test('session policies are not enforced there, and the console refuses by itself what lies outside a lease', async () => {
    const { cloud, environment, broker } = await emulate();
    const lease = await broker.issue(scene.request('infrastructure-inspection', { environment }));
    for (const services of [['payments'], ['checkout', 'payments']]) {
      const asked = lease.clients.ecs.send(describeServices(...services));
      await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'outside-lease' });
    }
    await expect(lease.clients.ecs.send(rollBack())).rejects.toMatchObject({ code: 'denied' });
    await broker.revoke(lease, 'task-finished');
    const after = lease.clients.ecs.send(describeServices('checkout'));
    await expect(after).rejects.toMatchObject({ reason: 'lease-revoked' });
    expect(operations(cloud).filter((operation) => operation.startsWith('ecs:'))).toEqual([]);
  });

  test('an approved change is made once, with its intent before it and its outcome after it', async () => {
    const { cloud, environment, broker } = await emulate();
    const { approval } = await approve({ ...scene, environment });
    const lease = await broker.issue(scene.request('remediation', { environment, approval }));
    expect((await lease.clients.ecs.send(rollBack())).service?.serviceName).toBe('checkout');
    await expect(lease.clients.ecs.send(rollBack())).rejects.toMatchObject({ code: 'denied' });
    expect(operations(cloud)).toEqual(['sts:AssumeRole', 'ecs:UpdateService']);
    const [intent, outcome] = scene.records('investigation.system_called').slice(-2);
    expect([intent?.data.phase, outcome?.data.phase]).toEqual(['intent', 'outcome']);
  });

  test('where IAM is not offered the revocation fails, which is told and on record, and the lease is unusable', async () => {
    const { environment, broker, failures } = await emulate({ iam: false });
    const lease = await broker.issue(scene.request('infrastructure-inspection', { environment }));
    await broker.revoke(lease, 'task-finished');
    expect(scene.records('credential.revoked').at(-1)).toMatchObject({ outcome: 'failure', data: { cloud: 'failed' } });
    expect(failures).toHaveLength(1);
    const after = lease.clients.ecs.send(describeServices('checkout'));
    await expect(after).rejects.toMatchObject({ reason: 'lease-revoked' });
  });

  /** @securityTest Without a revocation role nothing is asked of IAM with the console's own identity, and that is said */
  test('without a revocation role IAM is asked nothing, and everybody is told', async () => {
    const { cloud, environment, broker, notRevoked, failures } = await emulate({}, { role: false });
    const lease = await broker.issue(scene.request('infrastructure-inspection', { environment }));
    expect(broker.live()).toMatchObject([{ id: lease.id, cloudRevocation: 'not-configured' }]);
    await broker.revoke(lease, 'task-finished');
    expect(operations(cloud)).toEqual(['sts:AssumeRole']);
    expect(scene.records('credential.revoked').at(-1)?.data).toMatchObject({ cloud: 'not-configured' });
    expect([notRevoked, failures]).toEqual([[lease.id], []]);
  });

  test.each([
    ['does not answer', 'hang', 'cloud-unreachable', 'no-answer'],
    ['is gone', 'cut', 'cloud-unreachable', undefined],
    ['denies', 'deny', 'cloud-refused', 'cloud-refused'],
  ] as const)('an STS that %s gives no lease, in time, on record', async (_title, effect, code, reason) => {
    const { cloud, environment, broker } = await emulate();
    cloud.trouble.set('sts:AssumeRole', effect);
    const began = performance.now();
    const asked = broker.issue(scene.request('infrastructure-inspection', { environment }));
    await expect(asked).rejects.toMatchObject({ code, ...(reason === undefined ? {} : { reason }) });
    expect(performance.now() - began).toBeLessThan(4_000);
    const order = scene.records().map(({ action }) => action);
    expect(order.slice(-2)).toEqual(['investigation.system_called', 'credential.issue_refused']);
    expect(broker.live()).toEqual([]);
  });

  test('an IAM that does not answer keeps no lease from ending', async () => {
    const { cloud, environment, broker } = await emulate();
    const lease = await broker.issue(scene.request('infrastructure-inspection', { environment }));
    cloud.trouble.set('iam:PutRolePolicy', 'hang');
    await broker.revoke(lease, 'task-finished');
    expect(scene.records().slice(-2)).toMatchObject([
      { action: 'investigation.system_called', data: { operation: 'iam:PutRolePolicy', phase: 'outcome' } },
      { action: 'credential.revoked', data: { cloud: 'failed' } },
    ]);
  });
});

describe('STS and KMS by endpoint alone, through the recorder', () => {
  async function within<T>(cloud: Emulated, use: Parameters<typeof withBaseIdentity<T>>[3], deadlineMs = 2_000) {
    const recorder = createCallRecorder(scene.store, createRedactor(new Uint8Array(32).fill(7)));
    const origin = { environment: cloud.environment, actor: { type: 'system', id: 'secret-vault' } } as const;
    return withBaseIdentity({ recorder, version: '0.0.0-test' }, origin, cloud.cloud.keys.wrapping, use, {
      deadlineMs,
    });
  }

  test('an identity, a signature that verifies, and a data key that only its context opens', async () => {
    const emulated = await emulate({ requestIds: false });
    const { keys } = emulated.cloud;
    const EncryptionContext = { tenant: 'acme', secret: 'sec-1' };
    const opened = await within(emulated, async ({ sts, kms }) => {
      expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keys.signing }));
      const Message = Buffer.from('what is signed');
      const { Signature } = await kms.send(
        new SignCommand({ KeyId: keys.signing, Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }),
      );
      const key = { key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' } as const;
      expect(
        createVerify('sha256')
          .update(Message)
          .verify(key, Signature ?? new Uint8Array()),
      ).toBe(true);
      const wrapped = await kms.send(
        new GenerateDataKeyCommand({ KeyId: keys.wrapping, KeySpec: 'AES_256', EncryptionContext }),
      );
      const { CiphertextBlob, Plaintext } = wrapped;
      const other = { tenant: 'acme', secret: 'sec-2' };
      const moved = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: other }));
      await expect(moved).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
      const back = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
      expect(Buffer.from(back.Plaintext ?? [])).toEqual(Buffer.from(Plaintext ?? [1]));
      return { plain: Buffer.from(Plaintext ?? []), blob: Buffer.from(CiphertextBlob ?? []) };
    });
    const calls = scene.records('investigation.system_called');
    expect(calls.map(({ data }) => [data.operation, data.phase ?? null])).toEqual([
      ['sts:GetCallerIdentity', null],
      ['kms:GetPublicKey', null],
      ['kms:Sign', null],
      ['kms:GenerateDataKey', null],
      ['kms:Decrypt', null],
      ['kms:Decrypt', null],
    ]);
    expect(JSON.stringify(scene.records())).not.toContain(opened.plain.toString('base64'));
  });

  /** @securityTest The vault's calls of KMS are on record, and no data key in them */
  test("the vault's data keys, on record without what they are", async () => {
    const { cloud } = await emulate();
    const access = { type: 'aws' as const, endpoint: cloud.endpoint };
    const kms = awsVaultKms('0.0.0-test', null, vaultCallHooks(scene.store, new Uint8Array(32).fill(7)));
    const key = kms.open({ kind: 'kms', keyArn: cloud.keys.wrapping, region: 'us-east-1', access });
    const context = { tenant: 'acme', secret: 'sec-1' };
    const { plain, wrapped } = await key.generateDataKey(context, AbortSignal.timeout(5_000));
    const back = await key.decrypt(wrapped, context, AbortSignal.timeout(5_000));
    expect(Buffer.from(back.plain)).toEqual(Buffer.from(plain));
    const moved = key.decrypt(wrapped, { ...context, secret: 'sec-2' }, AbortSignal.timeout(5_000));
    await expect(moved).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    kms.close();
    const calls = scene.records('investigation.system_called');
    const endpoint = new URL(cloud.endpoint).host;
    expect(
      calls.map(({ outcome, target, data }) => [data.operation, outcome, target.id, data.region, data.endpoint]),
    ).toEqual([
      ['kms:GenerateDataKey', 'success', cloud.keys.wrapping, 'us-east-1', endpoint],
      ['kms:Decrypt', 'success', cloud.keys.wrapping, 'us-east-1', endpoint],
      ['kms:Decrypt', 'failure', cloud.keys.wrapping, 'us-east-1', endpoint],
    ]);
    const answer = { CiphertextBlob: wrapped, KeyId: cloud.keys.wrapping, Plaintext: plain };
    expect(calls[0]?.data.responseDigest).not.toBe(canonicalDigest(answer).digest);
  });

  test.each([
    ['does not answer', 'hang', { code: 'cloud-unreachable', reason: 'no-answer' }],
    ['denies', 'deny', { name: 'AccessDeniedException' }],
  ] as const)('a KMS that %s fails in time, on record', async (_title, effect, error) => {
    const emulated = await emulate();
    emulated.cloud.trouble.set('kms:GenerateDataKey', effect);
    const asked = within(
      emulated,
      ({ kms }) => kms.send(new GenerateDataKeyCommand({ KeyId: emulated.cloud.keys.wrapping, KeySpec: 'AES_256' })),
      500,
    );
    await expect(asked).rejects.toMatchObject(error);
    expect(scene.records('investigation.system_called').at(-1)?.data).toMatchObject({
      operation: 'kms:GenerateDataKey',
    });
  });
});
