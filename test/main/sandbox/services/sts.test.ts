import { randomBytes } from 'node:crypto';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { allow, assume, clientsFor, refusal, type Started, startTestSandbox } from '../clients.ts';

function assumeInput(started: Started, change: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommandInput {
  return {
    RoleArn: started.account.roles['log-analysis'],
    RoleSessionName: 'lease-0001',
    DurationSeconds: 900,
    ...change,
  };
}

test('AssumeRole answers with credentials, identity, packed size and source identity', async () => {
  const started = await startTestSandbox();
  const before = Date.now();
  const answer = await clientsFor(started).sts.send(
    new AssumeRoleCommand(
      assumeInput(started, { SourceIdentity: 'commander@example', Policy: JSON.stringify(allow(['logs:StartQuery'])) }),
    ),
  );
  const role = started.account.roles['log-analysis'];
  expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(answer.Credentials?.Expiration?.getTime()).toBeGreaterThan(before + 898_000);
  expect(answer.Credentials?.Expiration?.getTime()).toBeLessThanOrEqual(Date.now() + 900_000);
  expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::000000000001:assumed-role/${role.split('/')[1]}/lease-0001`);
  expect(answer.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:lease-0001$/);
  expect(answer.PackedPolicySize).toBeGreaterThan(0);
  expect(answer.SourceIdentity).toBe('commander@example');
});

test('GetCallerIdentity tells user from session, even against a deny', async () => {
  const started = await startTestSandbox();
  const user = await clientsFor(started).sts.send(new GetCallerIdentityCommand({}));
  expect(user.Arn).toBe('arn:aws:iam::000000000001:user/causeway-console');
  const session = await assume(started, 'remediation', {
    policy: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
  });
  const identity = await session.sts.send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::000000000001:assumed-role/CausewayRemediation/lease-0001');
  expect(identity.Account).toBe('000000000001');
});

const bigPolicy = (size: number) => {
  const random = randomBytes(size).toString('hex');
  return JSON.stringify(allow(['logs:StartQuery'], `arn:aws:logs:us-east-1:1:${random}`)).slice(0);
};

test.each<[string, (started: Started) => Partial<AssumeRoleCommandInput>, string]>([
  ['a duration under 900 s', () => ({ DurationSeconds: 899 }), 'ValidationError'],
  ['a duration over the role’s maximum', () => ({ DurationSeconds: 3601 }), 'ValidationError'],
  ['a duration over any maximum', () => ({ DurationSeconds: 43_201 }), 'ValidationError'],
  ['a session name with a space', () => ({ RoleSessionName: 'a b' }), 'ValidationError'],
  ['a session name of one character', () => ({ RoleSessionName: 'a' }), 'ValidationError'],
  ['a session name of 65 characters', () => ({ RoleSessionName: 'a'.repeat(65) }), 'ValidationError'],
  ['a session policy over 2,048 characters', () => ({ Policy: bigPolicy(1200) }), 'ValidationError'],
  ['a policy that packs too large', () => ({ Policy: bigPolicy(940) }), 'PackedPolicyTooLargeException'],
  ['a session policy that is not JSON', () => ({ Policy: '{' }), 'MalformedPolicyDocumentException'],
  [
    'a session policy with an unknown condition',
    () => ({
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringIs: { 'aws:userid': 'x' } } },
      }),
    }),
    'MalformedPolicyDocumentException',
  ],
  ['an unknown role', () => ({ RoleArn: 'arn:aws:iam::000000000001:role/Administrator' }), 'AccessDenied'],
  [
    'a role of another account',
    ({ account }) => ({ RoleArn: account.roles.remediation.replace('000000000001', '000000000002') }),
    'AccessDenied',
  ],
  ['an empty source identity', () => ({ SourceIdentity: '' }), 'ValidationError'],
  ['what the cloud does not implement', () => ({ ExternalId: 'outside' }), 'ValidationError'],
])('%s is refused', async (_name, change, expected) => {
  const started = await startTestSandbox();
  const call = clientsFor(started).sts.send(new AssumeRoleCommand(assumeInput(started, change(started))));
  expect(await refusal(call)).toBe(expected);
});

test('a session cannot assume a further role unless its role may; then it keeps its source identity', async () => {
  const started = await startTestSandbox();
  const { sts } = clientsFor(started);
  const first = await sts.send(new AssumeRoleCommand(assumeInput(started, { SourceIdentity: 'commander' })));
  const session = clientsFor(started, {
    accessKeyId: first.Credentials?.AccessKeyId ?? '',
    secretAccessKey: first.Credentials?.SecretAccessKey ?? '',
    sessionToken: first.Credentials?.SessionToken ?? '',
  });
  const next = { RoleArn: started.account.roles['infrastructure-inspection'], RoleSessionName: 'chained' };
  expect(await refusal(session.sts.send(new AssumeRoleCommand(next)))).toBe('AccessDenied');
  const { iam } = await assume(started, 'revocation');
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'CausewayLogAnalysis',
      PolicyName: 'Chain',
      PolicyDocument: JSON.stringify(allow(['sts:AssumeRole', 'sts:SetSourceIdentity'])),
    }),
  );
  expect((await session.sts.send(new AssumeRoleCommand(next))).SourceIdentity).toBe('commander');
  expect(await refusal(session.sts.send(new AssumeRoleCommand({ ...next, SourceIdentity: 'other' })))).toBe(
    'AccessDenied',
  );
  expect(await refusal(session.sts.send(new AssumeRoleCommand({ ...next, DurationSeconds: 3601 })))).toBe(
    'ValidationError',
  );
});

test('a session may do what role and session policy both allow, on the resources both name', async () => {
  const started = await startTestSandbox();
  const prod = 'arn:aws:ecs:us-east-1:000000000001:cluster/prod';
  const narrowed = await assume(started, 'infrastructure-inspection', {
    policy: allow(['ecs:DescribeClusters'], prod),
  });
  const look = (cluster: string) => narrowed.ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
  expect((await look('prod')).clusters?.map((cluster) => cluster.clusterArn)).toEqual([prod]);
  expect(await refusal(look('other'))).toBe('AccessDeniedException');
  const widened = await assume(started, 'metric-analysis', { policy: allow(['*']) });
  expect(await refusal(widened.ecs.send(new DescribeClustersCommand({ clusters: ['prod'] })))).toBe(
    'AccessDeniedException',
  );
});
