import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { clientsFor, type Started, startTestSandbox } from '../clients.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Sends bytes over a raw connection and answers what comes back until it is closed. */
function sendRaw({ sandbox }: Started, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(sandbox.endpoint).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(2000, () => socket.destroy());
    socket.end(bytes);
  });
}

async function stillAnswers(started: Started): Promise<void> {
  const identity = await clientsFor(started).sts.send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('000000000001');
}

test.each<[string, RequestInit, number, string]>([
  ['nothing at all', { method: 'GET' }, 403, 'MissingAuthenticationToken'],
  ['an empty form', { method: 'POST', headers: FORM, body: '' }, 400, 'MissingAction'],
  ['an action without a version', { method: 'POST', headers: FORM, body: 'Action=AssumeRole' }, 400, 'InvalidAction'],
  [
    'an unsigned action',
    { method: 'POST', headers: FORM, body: 'Action=AssumeRole&Version=2011-06-15' },
    403,
    'MissingAuthenticationToken',
  ],
  [
    'a doubled parameter',
    { method: 'POST', headers: FORM, body: 'Action=AssumeRole&Action=GetCallerIdentity&Version=2011-06-15' },
    400,
    'MalformedInput',
  ],
  [
    'an unknown target',
    { method: 'POST', headers: { 'x-amz-target': 'Nobody.Does' } },
    400,
    'UnknownOperationException',
  ],
  ['a target without a dot', { method: 'POST', headers: { 'x-amz-target': 'x' } }, 400, 'UnknownOperationException'],
  [
    'an unsigned target',
    { method: 'POST', headers: { 'x-amz-target': 'Logs_20140328.StartQuery' }, body: '{' },
    400,
    'MissingAuthenticationTokenException',
  ],
  [
    'an authorization of another kind',
    { method: 'POST', headers: { 'x-amz-target': 'Logs_20140328.StartQuery', authorization: 'Bearer x' } },
    400,
    'IncompleteSignatureException',
  ],
  [
    'a body over a megabyte',
    { method: 'POST', headers: FORM, body: 'x'.repeat(1024 * 1024 + 1) },
    413,
    'RequestEntityTooLarge',
  ],
])('%s is refused in a protocol’s form', async (_name, init, status, code) => {
  const started = await startTestSandbox({ hoursBefore: 1, minutesAfter: 5 });
  const response = await fetch(started.sandbox.endpoint, init);
  expect(response.status).toBe(status);
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await response.text()).toContain(code);
  await stillAnswers(started);
});

test('signed requests for unknown operations are refused as such', async () => {
  const started = await startTestSandbox({ hoursBefore: 1, minutesAfter: 5 });
  const { sts, ecs } = clientsFor(started);
  sts.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { body: 'Action=FederateAll&Version=2011-06-15' });
      return next(args);
    },
    { step: 'build', priority: 'high' },
  );
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
  ecs.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string> };
      request.headers['x-amz-target'] = 'AmazonEC2ContainerServiceV20141113.DeleteEverything';
      return next(args);
    },
    { step: 'build', priority: 'high' },
  );
  const { DescribeClustersCommand } = await import('@aws-sdk/client-ecs');
  await expect(ecs.send(new DescribeClustersCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('a signed body that is not JSON, or not an object, is refused', async () => {
  const started = await startTestSandbox({ hoursBefore: 1, minutesAfter: 5 });
  const { DescribeClustersCommand } = await import('@aws-sdk/client-ecs');
  for (const [body, name] of [
    ['{"clusters":', 'SerializationException'],
    ['[]', 'InvalidParameterException'],
    ['null', 'InvalidParameterException'],
    ['{"clusters":[1]}', 'InvalidParameterException'],
    ['{"__proto__":{"clusters":[]}}', 'InvalidParameterException'],
  ]) {
    const { ecs } = clientsFor(started);
    ecs.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body });
        return next(args);
      },
      { step: 'build', priority: 'high' },
    );
    await expect(ecs.send(new DescribeClustersCommand({}))).rejects.toMatchObject({ name });
  }
});

test('garbage on the wire never stops it', async () => {
  const started = await startTestSandbox({ hoursBefore: 1, minutesAfter: 5 });
  const pieces = [
    randomBytes(2048),
    Buffer.from('GET\r\n\r\n'),
    Buffer.from('POST / HTTP/1.1\r\n\r\n'),
    Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort'),
    Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
    Buffer.from(`POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: ${'a'.repeat(20_000)}\r\n\r\n`),
    Buffer.from('POST /%ff%00?%zz=%\r HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.concat([Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 64\r\n\r\n'), randomBytes(64)]),
  ];
  for (const piece of pieces) await sendRaw(started, piece);
  await stillAnswers(started);
});

test('a client that never ends its request is let go', async () => {
  const started = await startTestSandbox({ hoursBefore: 1, minutesAfter: 5 });
  const begun = performance.now();
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(started.sandbox.endpoint).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\n');
  });
  expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  expect(performance.now() - begun).toBeLessThan(12_000);
  await stillAnswers(started);
});

test('close ends also open connections', async () => {
  const started = await startTestSandbox({ hoursBefore: 1, minutesAfter: 5 });
  await stillAnswers(started);
  const { endpoint } = started.sandbox;
  await started.sandbox.close();
  await expect(fetch(endpoint)).rejects.toThrow();
});
