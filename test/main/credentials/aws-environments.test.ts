import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AWS_ENVIRONMENTS_FILE, readAwsEnvironments } from '#main/credentials/aws-environments.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-env-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const role = (name: string, account = '000000000007') => `arn:aws:iam::${account}:role/${name}`;
const MAP = { system: 'shop', region: 'eu-central-1', services: [{ name: 'a', metrics: [] }], calls: [] };
const GOOD = {
  id: 'prod',
  title: 'Production',
  account: '000000000007',
  region: 'eu-central-1',
  profile: 'causeway',
  roles: {
    'log-analysis': role('L'),
    'metric-analysis': role('M'),
    'infrastructure-inspection': role('I'),
    remediation: role('R'),
  },
  serviceMap: 'map.json',
};

function read(environment: unknown, map: unknown = MAP) {
  const file = join(folder, AWS_ENVIRONMENTS_FILE);
  writeFileSync(join(folder, 'map.json'), JSON.stringify(map));
  writeFileSync(file, typeof environment === 'string' ? environment : JSON.stringify({ environments: [environment] }));
  return readAwsEnvironments(file);
}

test('a workspace without the file has no accounts', async () => {
  expect(await readAwsEnvironments(join(folder, AWS_ENVIRONMENTS_FILE))).toEqual([]);
});

test("an account is read with its service map, on AWS's own endpoints, with keys from the named profile", async () => {
  const [environment] = await read(GOOD);
  expect(environment).toMatchObject({
    id: 'prod',
    kind: 'aws',
    endpoint: null,
    account: '000000000007',
    serviceMap: MAP,
  });
  const credentials = join(folder, 'credentials');
  writeFileSync(credentials, '[causeway]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', credentials);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  expect(await environment?.baseCredentials()).toMatchObject({ accessKeyId: 'AKIAPROFILE' });
});

test('an endpoint and a revocation role are optional', async () => {
  expect(await read(GOOD)).toMatchObject([{ endpoint: null, revocationRole: null }]);
  const revocationRole = role('Revocation');
  for (const [endpoint, origin] of [
    ['https://vpce-1.example.com', 'https://vpce-1.example.com'],
    ['http://127.0.0.1:4566/', 'http://127.0.0.1:4566'],
    ['http://localhost:4566', 'http://localhost:4566'],
    ['http://[::1]:4566', 'http://[::1]:4566'],
  ]) {
    expect(await read({ ...GOOD, revocationRole, endpoint })).toMatchObject([{ endpoint: origin, revocationRole }]);
  }
});

/** @securityTest Signed requests leave this machine in clear text for no configuration */
test.each([
  'http://cloud.example.com',
  'http://10.0.0.1:4566',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'ftp://127.0.0.1',
  'https://user:secret@cloud.example.com',
  'https://cloud.example.com/path',
  'https://cloud.example.com/?x=1',
  'not a url',
])('the endpoint %s is refused', async (endpoint) => {
  await expect(read({ ...GOOD, endpoint })).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(/endpoint/),
  });
});

test.each<[string, unknown, unknown, RegExp]>([
  ["another account's revocation role", { ...GOOD, revocationRole: role('V', '000000000008') }, MAP, /not a role of/],
  ["an agent's role to revoke with", { ...GOOD, revocationRole: role('L') }, MAP, /one of the task roles/],
  ['keys in the file', { ...GOOD, secretAccessKey: 'x' }, MAP, /secretAccessKey/],
  [
    "another account's role",
    { ...GOOD, roles: { ...GOOD.roles, remediation: role('R', '000000000008') } },
    MAP,
    /not a role of/,
  ],
  ['a missing role', { ...GOOD, roles: { remediation: role('R') } }, MAP, /roles\.log-analysis/],
  ['a map that is not there', { ...GOOD, serviceMap: 'other.json' }, MAP, /no service map/],
  ['a map of another region', GOOD, { ...MAP, region: 'us-east-1' }, /region is us-east-1/],
  ['a broken map', GOOD, { system: 'x' }, /map\.json/],
  ['no JSON', '{', MAP, /not JSON/],
])('%s is refused with its place', async (_title, environment, map, message) => {
  await expect(read(environment, map)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(message),
  });
});
