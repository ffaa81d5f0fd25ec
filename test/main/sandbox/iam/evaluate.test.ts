import { expect, test } from 'vitest';
import { type AccessRequest, decideAccess } from '#main/sandbox/iam/evaluate.ts';
import { matchesArn, matchesPattern } from '#main/sandbox/iam/match.ts';
import { parsePolicy } from '#main/sandbox/iam/policy-document.ts';

const SERVICE = 'arn:aws:ecs:us-east-1:000000000001:service/prod/checkout';

function policy(...statements: readonly object[]) {
  const parsed = parsePolicy('test', JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

function allowed(statements: readonly object[], change: Partial<AccessRequest> = {}, session?: readonly object[]) {
  const request = { action: 'ecs:UpdateService', resource: SERVICE, context: {}, ...change };
  const policies = {
    identity: [policy(...statements)],
    session: session === undefined ? undefined : [policy(...session)],
  };
  return decideAccess(policies, request).allowed;
}

const ALLOW_ALL = { Effect: 'Allow', Action: '*', Resource: '*' };
const DENY_ALL = { Effect: 'Deny', Action: '*', Resource: '*' };

test.each<[string, object, boolean]>([
  ['the action itself', { Action: 'ecs:UpdateService', Resource: '*' }, true],
  ['the action in another case', { Action: 'ECS:updateservice', Resource: '*' }, true],
  ['a wildcard', { Action: 'ecs:Update*', Resource: '*' }, true],
  ['a one-character wildcard', { Action: 'ecs:UpdateServic?', Resource: '*' }, true],
  ['another action', { Action: ['ecs:DescribeServices', 'ecs:Update'], Resource: '*' }, false],
  ['another service', { Action: 'ec2:*', Resource: '*' }, false],
  ['everything but it', { NotAction: 'ecs:Update*', Resource: '*' }, false],
  ['everything but another', { NotAction: 'iam:*', Resource: '*' }, true],
  ['the resource', { Action: '*', Resource: SERVICE }, true],
  ['a resource pattern', { Action: '*', Resource: 'arn:aws:ecs:*:*:service/prod/*' }, true],
  ['a resource in another case', { Action: '*', Resource: SERVICE.replace('prod', 'PROD') }, false],
  ['another resource', { Action: '*', Resource: `${SERVICE}-2` }, false],
  ['all resources but it', { Action: '*', NotResource: SERVICE }, false],
  ['all resources but another', { Action: '*', NotResource: `${SERVICE}-2` }, true],
])('a statement naming %s', (_name, statement, expected) => {
  expect(allowed([{ Effect: 'Allow', ...statement }])).toBe(expected);
});

test('nothing is allowed by default, and an explicit deny wins wherever it stands', () => {
  expect(allowed([{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }])).toBe(false);
  expect(allowed([ALLOW_ALL])).toBe(true);
  expect(allowed([ALLOW_ALL, DENY_ALL])).toBe(false);
  expect(allowed([ALLOW_ALL], {}, [ALLOW_ALL, DENY_ALL])).toBe(false);
  expect(allowed([ALLOW_ALL], {}, [{ ...ALLOW_ALL, Action: 'ec2:*' }])).toBe(false);
  expect(allowed([{ ...ALLOW_ALL, Action: 'ec2:*' }], {}, [ALLOW_ALL])).toBe(false);
});

const CONTEXT = {
  'aws:userid': 'AROAX:lease-1',
  'aws:principalarn': 'arn:aws:iam::000000000001:role/CausewayRemediation',
  'aws:currenttime': '2026-01-02T10:00:00.000Z',
  'aws:securetransport': 'false',
  'ecs:cluster': 'arn:aws:ecs:us-east-1:000000000001:cluster/prod',
  'test:count': '7',
  'test:day': '2026-01-02',
  'aws:tokenissuetime': '2026-01-02T09:50:00Z',
};

test.each<[string, object, boolean]>([
  ['StringEquals one of', { StringEquals: { 'aws:userid': ['x', 'AROAX:lease-1'] } }, true],
  ['StringEquals none of', { StringEquals: { 'aws:userid': ['x'] } }, false],
  ['StringEquals in another case', { StringEquals: { 'aws:userid': 'aroax:lease-1' } }, false],
  ['StringEquals of an absent key', { StringEquals: { 'aws:SourceIdentity': 'x' } }, false],
  ['StringEqualsIfExists of an absent key', { StringEqualsIfExists: { 'aws:SourceIdentity': 'x' } }, true],
  ['StringEqualsIfExists of a present key', { StringEqualsIfExists: { 'aws:userid': 'x' } }, false],
  ['a key in another case', { StringEquals: { 'AWS:UserId': 'AROAX:lease-1' } }, true],
  ['StringNotEquals', { StringNotEquals: { 'aws:userid': ['x', 'y'] } }, true],
  ['StringNotEquals of one that is', { StringNotEquals: { 'aws:userid': ['x', 'AROAX:lease-1'] } }, false],
  ['StringNotEquals of an absent key', { StringNotEquals: { 'aws:SourceIdentity': 'x' } }, true],
  ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { 'aws:userid': 'aroax:LEASE-1' } }, true],
  ['StringLike', { StringLike: { 'aws:userid': '*:lease-?' } }, true],
  ['StringLike of another', { StringLike: { 'aws:userid': '*:lease-??' } }, false],
  ['StringNotLike', { StringNotLike: { 'aws:userid': '*:lease-?' } }, false],
  ['ArnLike', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Causeway*' } }, true],
  ['ArnEquals over a colon', { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:*:role/Causeway*' } }, false],
  ['ArnEquals of the cluster', { ArnEquals: { 'ecs:cluster': CONTEXT['ecs:cluster'] } }, true],
  ['DateLessThan', { DateLessThan: { 'aws:CurrentTime': '2026-01-02T10:00:01Z' } }, true],
  ['DateLessThan of the same', { DateLessThan: { 'aws:CurrentTime': '2026-01-02T10:00:00Z' } }, false],
  ['DateGreaterThan in epoch seconds', { DateGreaterThan: { 'aws:CurrentTime': '1767348000' } }, false],
  ['DateGreaterThanEquals', { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-01-02T10:00:00Z' } }, true],
  ['DateLessThan a later time', { DateLessThan: { 'aws:TokenIssueTime': '2026-01-02T09:50:00.001Z' } }, true],
  ['DateLessThan the very time', { DateLessThan: { 'aws:TokenIssueTime': '2026-01-02T09:50:00.000Z' } }, false],
  ['DateLessThan an earlier time', { DateLessThan: { 'aws:TokenIssueTime': '2026-01-02T09:49:59Z' } }, false],
  ['DateLessThan in another zone', { DateLessThan: { 'aws:TokenIssueTime': '2026-01-02T10:50:01+01:00' } }, true],
  ['DateLessThanEquals the very time', { DateLessThanEquals: { 'aws:TokenIssueTime': '2026-01-02T09:50:00Z' } }, true],
  ['DateGreaterThan an earlier time', { DateGreaterThan: { 'aws:TokenIssueTime': '2026-01-02T09:49:59Z' } }, true],
  ['DateLessThan of an absent key', { DateLessThan: { 'aws:MultiFactorAuthDate': '2027-01-01' } }, false],
  ['DateLessThanIfExists of an absent key', { DateLessThanIfExists: { 'aws:MultiFactorAuthDate': '2027' } }, true],
  ['DateEquals a day', { DateEquals: { 'test:day': '2026-01-02T00:00Z' } }, true],
  ['DateNotEquals', { DateNotEquals: { 'aws:TokenIssueTime': '2026-01-02T09:50:00Z' } }, false],
  ['a year of four digits', { DateGreaterThan: { 'aws:TokenIssueTime': '2026' } }, true],
  ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, true],
  ['Bool of the other', { Bool: { 'aws:SecureTransport': true } }, false],
  ['NumericLessThanEquals', { NumericLessThanEquals: { 'test:count': 7 } }, true],
  ['NumericGreaterThan', { NumericGreaterThan: { 'test:count': '7' } }, false],
  ['Null of an absent key', { Null: { 'aws:SourceIdentity': 'true' } }, true],
  ['Null of a present key', { Null: { 'aws:userid': 'true' } }, false],
  ['not Null of a present key', { Null: { 'aws:userid': 'false' } }, true],
  ['both of two', { StringLike: { 'aws:userid': '*' }, Bool: { 'aws:SecureTransport': 'true' } }, false],
])('condition %s', (_name, condition, expected) => {
  expect(allowed([{ ...ALLOW_ALL, Condition: condition }], { context: CONTEXT })).toBe(expected);
});

test.each<[string, object]>([
  ['an unknown operator', { StringIs: { 'aws:userid': 'x' } }],
  ['NullIfExists', { NullIfExists: { 'aws:userid': 'true' } }],
  ['a date that is none', { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }],
  ['a date in words', { DateLessThan: { 'aws:TokenIssueTime': 'Fri, 02 Jan 2026 10:00:00 GMT' } }],
  ['a time without a zone', { DateLessThan: { 'aws:TokenIssueTime': '2026-01-02T10:00:00' } }],
  ['a day that is none', { DateLessThan: { 'aws:TokenIssueTime': '2026-13-45T10:00:00Z' } }],
  ['a boolean that is none', { Bool: { 'aws:SecureTransport': 'maybe' } }],
  ['a number that is none', { NumericEquals: { 'test:count': 'many' } }],
  ['a key without a service', { StringEquals: { userid: 'x' } }],
  ['a policy variable', { StringEquals: { 'aws:userid': `\${aws:username}` } }],
  ['an inherited name', { toString: { 'aws:userid': 'x' } }],
])('a condition with %s is malformed', (_name, condition) => {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: { ...ALLOW_ALL, Condition: condition } });
  expect(typeof parsePolicy('test', text, 'identity')).toBe('string');
});

test('patterns match as a whole and in reasonable time', () => {
  expect(matchesPattern('*a*b*c', 'xxaxxbxxc')).toBe(true);
  expect(matchesPattern('*a*b*c', 'xxaxxbxxcd')).toBe(false);
  expect(matchesPattern('', '')).toBe(true);
  expect(matchesPattern('?', '')).toBe(false);
  const begun = performance.now();
  expect(matchesPattern(`${'*a'.repeat(50)}b`, 'a'.repeat(2000))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(matchesArn('*', SERVICE)).toBe(true);
});
