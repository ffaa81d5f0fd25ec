import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AwsCall, AwsCallHooks, AwsCallResult } from '#main/platform/aws-calls.ts';
import { type AwsClients, ambientKeys, createAwsClients, endpointOf, fixedKeys } from '#main/platform/aws-clients.ts';
import { type Sandbox, startSandbox } from '#main/sandbox/server.ts';
import { writeScenario } from '../../support/scenario.ts';
import { type TappedCloud, tapCloud } from '../credentials/tapped-cloud.ts';

let folder: string;
let sandbox: Sandbox;
let cloud: TappedCloud;
const made: AwsClients[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-aws-'));
  sandbox = await startSandbox({ folders: [await writeScenario(join(folder, 'scenario'), { hoursBefore: 1 })] });
  cloud = await tapCloud(sandbox.endpoint);
});
afterEach(() => {
  cloud.interfere = null;
  vi.unstubAllEnvs();
  for (const clients of made.splice(0)) clients.destroy();
});
afterAll(async () => {
  await cloud.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function clients(hooks: AwsCallHooks = {}): AwsClients {
  const keys = sandbox.accounts[0]?.baseCredentials;
  if (keys === undefined) throw new Error('The sandbox has no account');
  const options = { endpoint: cloud.endpoint, region: 'us-east-1', keys: fixedKeys(keys), hooks, version: '1.2.3' };
  const result = createAwsClients(options);
  made.push(result);
  return result;
}
const whoAmI = () => new GetCallerIdentityCommand({});

describe('AWS clients', () => {
  /** @securityTest Neither environment variables nor ~/.aws decide where a signed request goes or whose keys sign it */
  test('take nothing from the environment when keys are given', async () => {
    const config = join(folder, 'config');
    writeFileSync(config, '[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\nmax_attempts = 1\n');
    for (const [name, value] of Object.entries({
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: config,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT',
      AWS_SECRET_ACCESS_KEY: 'from-the-environment',
      AWS_REGION: 'eu-west-1',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_PROFILE: 'nobody',
    })) {
      vi.stubEnv(name, value);
    }
    const identity = await clients().sts.send(whoAmI());
    expect(identity.Account).toBe('000000000001');
    const headers = cloud.exchanges.at(-1)?.headers;
    expect(headers?.['user-agent']).toMatch(/^causeway\/1\.2\.3\b/);
    expect(headers?.authorization).toContain('/us-east-1/sts/');
  });

  /** @securityTest With AWS's own endpoints, an endpoint set in the environment is ignored */
  test("go to AWS's own host when no endpoint is configured, whatever the environment says", async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', cloud.endpoint);
    const stop = new Error('stopped before sending');
    const hooks: AwsCallHooks = {
      beforeAttempt: () => {
        throw stop;
      },
    };
    const real = createAwsClients({
      endpoint: null,
      region: 'eu-central-1',
      keys: fixedKeys({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' }),
      hooks,
      version: '1.2.3',
    });
    made.push(real);
    const seen: string[] = [];
    real.sts.middlewareStack.add(
      (next) => (args) => {
        seen.push((args.request as { hostname: string }).hostname);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'high', name: 'look' },
    );
    real.ecs.middlewareStack.add(
      (next) => (args) => {
        seen.push((args.request as { hostname: string }).hostname);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'high', name: 'look' },
    );
    const sent = cloud.exchanges.length;
    await expect(real.sts.send(whoAmI())).rejects.toBe(stop);
    await expect(real.ecs.send(new DescribeClustersCommand({}))).rejects.toBe(stop);
    expect(cloud.exchanges).toHaveLength(sent);
    expect(seen).toEqual(['sts.eu-central-1.amazonaws.com', 'ecs.eu-central-1.amazonaws.com']);
  });

  test('tell the hooks of one call and each attempt', async () => {
    const log: unknown[] = [];
    let failures = 2;
    cloud.interfere = () => (failures-- > 0 ? { status: 503, body: '' } : null);
    const hooks: AwsCallHooks = {
      before: async (call: AwsCall) => void log.push(['before', call.operation]),
      beforeAttempt: () => void log.push('attempt'),
      after: async (_call, result: AwsCallResult) =>
        void log.push(['after', result.code, result.attempts, result.endpoint]),
    };
    await clients(hooks).sts.send(whoAmI());
    const host = new URL(cloud.endpoint).host;
    expect(log).toEqual([
      ['before', 'sts:GetCallerIdentity'],
      'attempt',
      'attempt',
      'attempt',
      ['after', '200', 3, host],
    ]);
  });

  test('give up after three attempts, with the code of the last', async () => {
    cloud.interfere = () => ({ cut: true });
    const results: AwsCallResult[] = [];
    const asked = clients({ after: async (_call, result) => void results.push(result) }).sts.send(whoAmI());
    await expect(asked).rejects.toThrow();
    expect(results).toMatchObject([
      { attempts: 3, httpStatus: null, output: null, code: expect.stringMatching(/^E?[A-Za-z]+$/) },
    ]);
  });

  test('send nothing when the first hook refuses, and withhold the answer when the last one does', async () => {
    const sent = cloud.exchanges.length;
    const no = new Error('no');
    await expect(clients({ before: () => Promise.reject(no) }).sts.send(whoAmI())).rejects.toBe(no);
    expect(cloud.exchanges).toHaveLength(sent);
    await expect(clients({ after: () => Promise.reject(no) }).sts.send(whoAmI())).rejects.toBe(no);
    expect(cloud.exchanges).toHaveLength(sent + 1);
  });
});

test.each([
  ['http://127.0.0.1:4566', 'ecs', '127.0.0.1:4566'],
  ['https://cloud.example', 'ecs', 'cloud.example:443'],
  [null, 'cloudwatch', 'monitoring.eu-west-1.amazonaws.com:443'],
  [null, 'iam', 'iam.amazonaws.com:443'],
])('the endpoint of %s for %s is %s', (endpoint, prefix, expected) => {
  expect(endpointOf(endpoint, prefix, 'eu-west-1')).toBe(expected);
});

test("the user's own identity is found where AWS's tools find it", async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'from-the-environment');
  vi.stubEnv('AWS_PROFILE', undefined);
  expect(await ambientKeys('us-east-1')()).toMatchObject({ accessKeyId: 'AKIAENVIRONMENT' });
});
