import { expect, test } from 'vitest';
import {
  canonicalRequest,
  parseAmzDate,
  parseAuthorization,
  signatureMatches,
  uncoveredHeaders,
} from '#main/sandbox/sigv4.ts';

// The worked example of the AWS General Reference, "Signature Version 4": GET iam ListUsers.
const MESSAGE = {
  method: 'GET',
  target: '/?Action=ListUsers&Version=2010-05-08',
  headers: {
    host: ['iam.amazonaws.com'],
    'content-type': ['application/x-www-form-urlencoded; charset=utf-8'],
    'x-amz-date': ['20150830T123600Z'],
  },
  body: Buffer.alloc(0),
};
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

function parsed(value: string) {
  const authorization = parseAuthorization(value);
  if (typeof authorization === 'string') throw new Error(authorization);
  return authorization;
}

test('the published example verifies', () => {
  expect(signatureMatches(MESSAGE, parsed(AUTHORIZATION), SECRET)).toBe(true);
});

test.each([
  ['another secret', MESSAGE, `${SECRET}x`],
  ['another body', { ...MESSAGE, body: Buffer.from('x') }, SECRET],
  ['another query', { ...MESSAGE, target: '/?Action=ListRoles&Version=2010-05-08' }, SECRET],
  ['another path', { ...MESSAGE, target: '/x?Action=ListUsers&Version=2010-05-08' }, SECRET],
  ['another method', { ...MESSAGE, method: 'POST' }, SECRET],
  ['another host', { ...MESSAGE, headers: { ...MESSAGE.headers, host: ['sts.amazonaws.com'] } }, SECRET],
  ['a signed header that is gone', { ...MESSAGE, headers: { host: ['iam.amazonaws.com'] } }, SECRET],
])('%s does not verify', (_name, message, secret) => {
  expect(signatureMatches(message, parsed(AUTHORIZATION), secret)).toBe(false);
});

test('the order of query parameters and spaces in header values do not matter', () => {
  const moved = { ...MESSAGE, target: '/?Version=2010-05-08&Action=ListUsers' };
  const names = ['content-type', 'host', 'x-amz-date'];
  expect(canonicalRequest(moved, names)).toBe(canonicalRequest(MESSAGE, names));
  const spaced = { ...MESSAGE, headers: { ...MESSAGE.headers, host: ['  iam.amazonaws.com '] } };
  expect(canonicalRequest(spaced, names)).toBe(canonicalRequest(MESSAGE, names));
});

test('headers that must be signed are named', () => {
  expect(
    uncoveredHeaders({ ...MESSAGE, headers: { ...MESSAGE.headers, 'x-amz-target': ['a'] } }, ['content-type']),
  ).toEqual(['host', 'x-amz-date', 'x-amz-target']);
});

test.each([
  ['Bearer abc'],
  ['AWS4-HMAC-SHA256 '],
  ['AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/iam/aws4_request'],
  [AUTHORIZATION.replace('aws4_request', 'aws5_request')],
  [AUTHORIZATION.replace('content-type;host', 'host;content-type')],
  [AUTHORIZATION.replace('host;x-amz-date', 'host;host;x-amz-date')],
  [AUTHORIZATION.replace('Signature=5d', 'Signature=zz')],
  [`${AUTHORIZATION}, Signature=00`],
])('%s is not an authorization', (value) => {
  expect(typeof parseAuthorization(value)).toBe('string');
});

test('only the basic ISO form is a date', () => {
  expect(parseAmzDate('20150830T123600Z')).toBe(Date.parse('2015-08-30T12:36:00Z'));
  expect(parseAmzDate('2015-08-30T12:36:00Z')).toBeUndefined();
  expect(parseAmzDate('20151330T123600Z')).toBeUndefined();
});
