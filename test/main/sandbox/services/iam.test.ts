import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { allow, assume, clientsFor, refusal, type Started, startTestSandbox } from '../clients.ts';

const RoleName = 'CausewayInfrastructureInspection';
const PolicyName = 'CausewayRevokedSessions';

function revocation(...userIds: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:userid': userIds } },
    },
  });
}

/** IAM under the role that may write inline policies. */
async function iamOf(started: Started) {
  return (await assume(started, 'revocation', { sessionName: 'revoke-0001' })).iam;
}

async function put(started: Started, PolicyDocument: string, policyName = PolicyName) {
  const iam = await iamOf(started);
  return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: policyName, PolicyDocument }));
}

test('an inline deny of one session stops it at its next request, and no other', async () => {
  const started = await startTestSandbox();
  const revoked = await assume(started, 'infrastructure-inspection', { sessionName: 'lease-one' });
  const other = await assume(started, 'infrastructure-inspection', { sessionName: 'lease-two' });
  const look = (session: typeof revoked) => session.ecs.send(new DescribeClustersCommand({ clusters: ['prod'] }));
  expect(await refusal(look(revoked))).toBe('no error');
  const { Role } = await clientsFor(started).iam.send(new GetRoleCommand({ RoleName }));
  await put(started, revocation(`${Role?.RoleId}:lease-one`));
  expect(await refusal(look(revoked))).toBe('AccessDeniedException');
  expect(await refusal(look(other))).toBe('no error');
  await (await iamOf(started)).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  expect(await refusal(look(revoked))).toBe('no error');
});

test('a denial by aws:TokenIssueTime stops the session that was there, and not a later one of the same name', async () => {
  const clock = { time: Date.now(), now: () => clock.time };
  const started = await startTestSandbox({}, { clock });
  const first = await assume(started, 'infrastructure-inspection', { sessionName: 'lease-one' });
  clock.time += 2000;
  const { Role } = await clientsFor(started).iam.send(new GetRoleCommand({ RoleName }));
  const Condition = {
    StringLike: { 'aws:userid': [`${Role?.RoleId}:lease-one`] },
    DateLessThan: { 'aws:TokenIssueTime': new Date(clock.time).toISOString() },
  };
  const Statement = { Effect: 'Deny', Action: '*', Resource: '*', Condition };
  await put(started, JSON.stringify({ Version: '2012-10-17', Statement }));
  clock.time += 2000;
  const later = await assume(started, 'infrastructure-inspection', { sessionName: 'lease-one' });
  const look = (session: typeof first) => session.ecs.send(new DescribeClustersCommand({ clusters: ['prod'] }));
  expect(await refusal(look(first))).toBe('AccessDeniedException');
  expect(await refusal(look(later))).toBe('no error');
});

test('an inline policy is listed, read back as written, and gone once deleted', async () => {
  const started = await startTestSandbox();
  const iam = await iamOf(started);
  const text = revocation('AROAX:a b+c/ü');
  await put(started, text);
  const list = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  expect(list.PolicyNames).toEqual([PolicyName]);
  const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  expect(decodeURIComponent(read.PolicyDocument ?? '')).toBe(text);
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? []).toEqual([]);
  expect(await refusal(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })))).toBe('NoSuchEntityException');
  expect(await refusal(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })))).toBe('NoSuchEntityException');
});

test('GetRole shows the role with its trust policy and maximum session', async () => {
  const started = await startTestSandbox();
  const { Role } = await clientsFor(started).iam.send(new GetRoleCommand({ RoleName }));
  expect(Role?.Arn).toBe(started.account.roles['infrastructure-inspection']);
  expect(Role?.MaxSessionDuration).toBe(3600);
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toMatchObject({
    Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000001:root' } }],
  });
});

test('inline policies of a role may have 10,240 characters together', async () => {
  const started = await startTestSandbox();
  const ids = (count: number) =>
    Array.from({ length: count }, (_unused, index) => `AROA${String(index).padStart(60, '0')}`);
  await put(started, revocation(...ids(100)));
  expect(await refusal(put(started, revocation(...ids(60)), 'Second'))).toBe('LimitExceededException');
  await put(started, revocation(...ids(140)));
  expect(await refusal(put(started, revocation(...ids(160))))).toBe('LimitExceededException');
});

test.each([
  ['not JSON', 'x'],
  ['no statement', JSON.stringify({ Version: '2012-10-17' })],
  ['a principal in it', JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } })],
  ['an unknown version', JSON.stringify({ Version: '2020-01-01', ...allow(['ecs:*']), Statement: [] })],
  ['no resource', JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*' } })],
  ['an action without a service', JSON.stringify(allow(['DescribeTasks']))],
  ['a resource that is not an ARN', JSON.stringify(allow(['ecs:*'], 'checkout'))],
])('a policy with %s is malformed', async (_name, document) => {
  const started = await startTestSandbox();
  expect(await refusal(put(started, document))).toBe('MalformedPolicyDocumentException');
});

test('the revocation role reaches the four roles and not itself; the console itself and an agent reach none', async () => {
  const started = await startTestSandbox();
  const document = { PolicyName, PolicyDocument: revocation('x') };
  const unknown = (await iamOf(started)).send(new PutRolePolicyCommand({ RoleName: 'Administrator', ...document }));
  expect(await refusal(unknown)).toBe('AccessDenied');
  const itself = (await iamOf(started)).send(new PutRolePolicyCommand({ RoleName: 'CausewayRevocation', ...document }));
  expect(await refusal(itself)).toBe('AccessDenied');
  const user = clientsFor(started).iam.send(new PutRolePolicyCommand({ RoleName, ...document }));
  expect(await refusal(user)).toBe('AccessDenied');
  const session = await assume(started, 'remediation');
  expect(await refusal(session.iam.send(new PutRolePolicyCommand({ RoleName, ...document })))).toBe('AccessDenied');
});
