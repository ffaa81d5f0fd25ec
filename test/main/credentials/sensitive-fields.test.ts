import { describe, expect, test } from 'vitest';
import { isWrite } from '#main/credentials/call-kinds.ts';
import { createRedactor } from '#main/credentials/sensitive-fields.ts';

const redact = createRedactor(new Uint8Array(32).fill(1));
const MAC = /^hmac-sha256:[0-9a-f]{64}$/;

describe('what is digested of a request', () => {
  /** @securityTest Nothing sensitive of a request goes into a digest in the clear, where it could be guessed */
  test.each<[string, object, readonly string[]]>([
    ['logs:StartQuery', { logGroupName: '/ecs/a', queryString: 'filter @message like /jane@/' }, ['jane']],
    [
      'ecs:RegisterTaskDefinition',
      {
        family: 'checkout',
        containerDefinitions: [
          {
            name: 'app',
            image: 'app:1',
            environment: [{ name: 'DB', value: 'pw-1' }],
            command: ['--key', 'pw-2'],
            secrets: [{ name: 'S', valueFrom: 'pw-3' }],
            dockerLabels: { owner: 'pw-4' },
            logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'pw-5' } },
            repositoryCredentials: { credentialsParameter: 'pw-6' },
          },
        ],
      },
      ['pw-'],
    ],
    ['sts:AssumeRole', { RoleArn: 'r', ExternalId: 'pw-1', TokenCode: '123456' }, ['pw-', '123456']],
    [
      'kms:Decrypt',
      { KeyId: 'k', CiphertextBlob: Buffer.from('pw-1') },
      ['pw-1', Buffer.from('pw-1').toString('base64')],
    ],
    ['any:Thing', { Password: 'pw-1', deep: [{ SecretAccessKey: 'pw-2', SessionToken: 'pw-3' }] }, ['pw-']],
  ])('of %s holds no secret', (operation, input, secrets) => {
    const text = JSON.stringify(redact(operation, input));
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).toContain('hmac-sha256:');
  });

  test('keeps what is not sensitive as it is', () => {
    const input = { cluster: 'prod', services: ['a'], at: new Date(0), bytes: Uint8Array.of(1), none: undefined };
    expect(redact('ecs:DescribeServices', input)).toEqual(input);
    const { family, containerDefinitions } = redact('ecs:RegisterTaskDefinition', {
      family: 'f',
      containerDefinitions: [{ name: 'app', environment: [{ name: 'DB', value: 'x' }] }],
    }) as { family: string; containerDefinitions: { name: string; environment: { name: string; value: string }[] }[] };
    expect([family, containerDefinitions[0]?.name, containerDefinitions[0]?.environment[0]?.name]).toEqual([
      'f',
      'app',
      'DB',
    ]);
    expect(containerDefinitions[0]?.environment[0]?.value).toMatch(MAC);
  });

  test('the same value gives the same HMAC in the same place, under the same key, and nowhere else', () => {
    const of = (operation: string, value: string, by = redact) =>
      by(operation, { queryString: value, Password: value }) as Record<string, string>;
    expect(of('logs:StartQuery', 'a')).toEqual(of('logs:StartQuery', 'a'));
    const { queryString, Password } = of('logs:StartQuery', 'a');
    expect(queryString).not.toBe(Password);
    expect(of('logs:StartQuery', 'b').queryString).not.toBe(queryString);
    const other = createRedactor(new Uint8Array(32).fill(2));
    expect(of('logs:StartQuery', 'a', other).queryString).not.toBe(queryString);
  });

  test('a key of another length is refused', () => {
    expect(() => createRedactor(new Uint8Array(16))).toThrow(TypeError);
  });
});

test.each([
  ['ecs:UpdateService', true],
  ['ecs:RegisterTaskDefinition', true],
  ['iam:PutRolePolicy', true],
  ['kms:CreateKey', true],
  ['new:SomethingUnknown', true],
  ['ecs:DescribeServices', false],
  ['iam:GetRolePolicy', false],
  ['logs:StartQuery', false],
  ['sts:AssumeRole', false],
  ['kms:GenerateDataKey', false],
])('%s changes something: %s', (operation, expected) => {
  expect(isWrite(operation)).toBe(expected);
});
