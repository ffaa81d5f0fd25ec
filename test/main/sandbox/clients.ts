import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import type { SandboxAccount } from '#main/sandbox/account.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '#main/sandbox/server.ts';
import type { TaskKind } from '#shared/model/task.ts';
import { type ScenarioOptions, writeScenario } from '../../support/scenario.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Started {
  readonly sandbox: Sandbox;
  readonly account: SandboxAccount;
}

/** A sandbox over one test scenario, stopped and removed when the test ends. */
export async function startTestSandbox(
  scenario: ScenarioOptions = {},
  options: Omit<SandboxOptions, 'folders'> = {},
): Promise<Started> {
  const base = await mkdtemp(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const folder = await writeScenario(join(base, 'scenario'), scenario);
  const sandbox = await startSandbox({ folders: [folder], ...options });
  onTestFinished(() => sandbox.close());
  const [account] = sandbox.accounts;
  if (account === undefined) throw new Error('no account');
  return { sandbox, account };
}

export interface ClientOverrides {
  readonly region?: string;
  /** Milliseconds the client believes its clock to be behind. */
  readonly systemClockOffset?: number;
}

export function clientsFor(
  { sandbox, account }: Started,
  credentials: Credentials = account.baseCredentials,
  overrides: ClientOverrides = {},
) {
  const config = { endpoint: sandbox.endpoint, region: account.region, credentials, maxAttempts: 1, ...overrides };
  return {
    sts: new STSClient(config),
    iam: new IAMClient(config),
    cloudwatch: new CloudWatchClient(config),
    logs: new CloudWatchLogsClient(config),
    ecs: new ECSClient(config),
    ec2: new EC2Client(config),
    kms: new KMSClient(config),
  };
}

/** Assumes a task's role, or the one that writes inline policies, and returns clients that use the session. */
export async function assume(
  started: Started,
  kind: TaskKind | 'revocation',
  options: { readonly policy?: object; readonly sessionName?: string } = {},
) {
  const { Credentials } = await clientsFor(started).sts.send(
    new AssumeRoleCommand({
      RoleArn: kind === 'revocation' ? started.account.revocationRole : started.account.roles[kind],
      RoleSessionName: options.sessionName ?? 'lease-0001',
      DurationSeconds: 900,
      ...(options.policy === undefined ? {} : { Policy: JSON.stringify(options.policy) }),
    }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  return { credentials, ...clientsFor(started, credentials) };
}

export function allow(actions: readonly string[], resource: string | readonly string[] = '*'): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] };
}

/** The error's name, or `no error` for a call that went through. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
