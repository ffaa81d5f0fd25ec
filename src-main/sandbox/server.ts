import { type Clock, wallClock } from '#main/platform/clock.ts';
import { CausewayError } from '#shared/errors.ts';
import { createAccountState, presentAccount, type SandboxAccount } from './account.ts';
import { listen } from './http/listener.ts';
import { createThrottle, type ThrottlingRates } from './http/throttle.ts';
import { openSandboxKeys } from './kms/key-store.ts';
import { loadScenario, type Scenario } from './scenario/load-scenario.ts';
import { CLOUDWATCH_OPERATIONS } from './services/cloudwatch.ts';
import { EC2_OPERATIONS } from './services/ec2.ts';
import { ECS_READ_OPERATIONS } from './services/ecs-read.ts';
import { ECS_WRITE_OPERATIONS } from './services/ecs-write.ts';
import { IAM_OPERATIONS } from './services/iam.ts';
import { KMS_OPERATIONS } from './services/kms.ts';
import { LOGS_OPERATIONS } from './services/logs.ts';
import { STS_OPERATIONS } from './services/sts.ts';

export type { SandboxAccount } from './account.ts';

export interface Sandbox {
  /** `http://127.0.0.1:<port>`, for every service. */
  readonly endpoint: string;
  /** One per folder, in their order. */
  readonly accounts: readonly SandboxAccount[];
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Scenario folders (docs/scenario-format.md). */
  readonly folders: readonly string[];
  /** Wall clock for signatures, session expiry and throttling. */
  readonly clock?: Clock;
  readonly limits?: ThrottlingRates;
  /** File the KMS keys are kept in, so that they survive a restart; null or none: in memory. */
  readonly kmsKeys?: string | null;
}

const OPERATIONS = new Map(
  [
    ...STS_OPERATIONS,
    ...IAM_OPERATIONS,
    ...CLOUDWATCH_OPERATIONS,
    ...LOGS_OPERATIONS,
    ...ECS_READ_OPERATIONS,
    ...ECS_WRITE_OPERATIONS,
    ...EC2_OPERATIONS,
    ...KMS_OPERATIONS,
  ].map((operation) => [operation.action, operation]),
);

/**
 * Starts the sandbox cloud over recorded scenarios. Throws `bad-input` for a folder that is not a scenario, `too-large`
 * for one that cannot be held, `cloud-unreachable` when no loopback port can be had.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? wallClock;
  const scenarios = await loadAll(options.folders);
  const keys = openSandboxKeys(options.kmsKeys ?? null);
  const states = scenarios.map((scenario, index) =>
    createAccountState(scenario, String(index + 1).padStart(12, '0'), clock, keys),
  );
  const listener = await listen({
    accounts: states,
    operations: OPERATIONS,
    clock,
    throttle: createThrottle(clock, options.limits ?? {}),
  });
  return { endpoint: listener.endpoint, accounts: states.map(presentAccount), close: listener.close };
}

async function loadAll(folders: readonly string[]): Promise<readonly Scenario[]> {
  if (folders.length === 0) throw new CausewayError('bad-input', 'Give the sandbox at least one scenario folder.');
  const byId = new Map<string, Scenario>();
  for (const folder of folders) {
    const scenario = await loadScenario(folder);
    const other = byId.get(scenario.id);
    if (other !== undefined) {
      throw new CausewayError(
        'bad-input',
        `${folder} and ${other.folder} both hold the scenario '${scenario.id}'. Give each scenario once.`,
      );
    }
    byId.set(scenario.id, scenario);
  }
  return [...byId.values()];
}
