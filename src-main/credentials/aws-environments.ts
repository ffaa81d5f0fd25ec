import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { ServiceMap } from '#shared/model/service-map.ts';
import { ambientKeys } from '../platform/aws-clients.ts';
import { wallClock } from '../platform/clock.ts';
import type { CloudEnvironment } from './environment.ts';

/** Its name in the workspace folder; described in docs/aws-setup.md. */
export const AWS_ENVIRONMENTS_FILE = 'aws-environments.json';

const MAX_BYTES = 4 * 1024 * 1024;
const RoleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/);
/** Credentials and what is signed with them cross the network in clear nowhere. */
const Endpoint = z
  .url({ protocol: /^https?$/ })
  .max(256)
  .refine(isBare, 'give scheme, host and port only')
  .refine(isSafe, 'http is for this machine only (127.0.0.1, ::1, localhost); use https');
const Environment = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  title: z.string().min(1).max(200),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** Named profile of the base identity; without it, AWS's default order of places. */
  profile: z.string().min(1).max(128).optional(),
  roles: z.strictObject({
    'log-analysis': RoleArn,
    'metric-analysis': RoleArn,
    'infrastructure-inspection': RoleArn,
    remediation: RoleArn,
  }),
  /** May write the inline denial on the four roles; without it ended sessions are not revoked in the cloud. */
  revocationRole: RoleArn.optional(),
  /** For all services, instead of AWS's own: a VPC endpoint, or an emulator. */
  endpoint: Endpoint.optional(),
  /** File with the service map, beside this one or absolute. */
  serviceMap: z.string().min(1).max(1024),
});
const EnvironmentsFile = z.strictObject({ environments: z.array(Environment).max(50) });

/**
 * The real accounts a workspace is configured for; none when the file is not there. Keys never stand in it: they come
 * from where AWS's own tools find them, when they are needed.
 * @throws CausewayError `bad-input` with file and place of what is wrong, `too-large`
 */
export async function readAwsEnvironments(file: string): Promise<readonly CloudEnvironment[]> {
  const text = await readText(file);
  if (text === null) return [];
  const { environments } = parse(EnvironmentsFile, text, file);
  return Promise.all(environments.map((environment) => build(environment, file)));
}

async function build(environment: z.infer<typeof Environment>, file: string): Promise<CloudEnvironment> {
  const { id, title, account, region, profile, roles, revocationRole = null, endpoint = null } = environment;
  for (const role of [...Object.values(roles), ...(revocationRole === null ? [] : [revocationRole])]) {
    if (role.split(':')[4] !== account) throw wrong(file, `${id}: ${role} is not a role of the account ${account}`);
  }
  if (revocationRole !== null && Object.values(roles).includes(revocationRole)) {
    throw wrong(file, `${id}: revocationRole is one of the task roles; an agent's session must not reach IAM`);
  }
  const mapFile = path.resolve(path.dirname(file), environment.serviceMap);
  const mapText = await readText(mapFile);
  if (mapText === null) throw wrong(file, `${id}: there is no service map at ${mapFile}`);
  const serviceMap = parse(ServiceMap, mapText, mapFile);
  if (serviceMap.region !== region) throw wrong(mapFile, `its region is ${serviceMap.region}, not ${region}`);
  const baseCredentials = ambientKeys(region, profile);
  return {
    id,
    title,
    kind: 'aws',
    endpoint: endpoint === null ? null : new URL(endpoint).origin,
    region,
    account,
    baseCredentials,
    roles,
    revocationRole,
    serviceMap,
    clock: wallClock,
  };
}

function isBare(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, pathname, search, hash } = new URL(text);
  return username === '' && password === '' && pathname === '/' && search === '' && hash === '';
}

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

function parse<T>(schema: z.ZodType<T>, text: string, file: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw wrong(file, 'it is not JSON', cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(file, `${issue?.path.join('.') || 'top'}: ${issue?.message}`, parsed.error);
}

async function readText(file: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw wrong(file, 'it cannot be read', cause);
  }
  if (bytes.length > MAX_BYTES) throw new CausewayError('too-large', `${file} is larger than ${MAX_BYTES} bytes.`);
  return bytes.toString('utf8');
}

function wrong(file: string, what: string, cause?: unknown): CausewayError {
  return new CausewayError(
    'bad-input',
    `The configuration ${file} cannot be used: ${what}. Correct it and start again.`,
    {
      cause,
    },
  );
}
