import type { Clock, WaitingClock } from '#main/platform/clock.ts';
import type { ServiceMap } from '#shared/model/service-map.ts';
import type { TaskKind } from '#shared/model/task.ts';
import type { AccountState } from './account-state.ts';
import { ALARM_DELAY, alarmEvent } from './alarm.ts';
import { createEcsState } from './ecs/ecs-state.ts';
import { parsePolicy } from './iam/policy-document.ts';
import { createSessionStore, newUser } from './iam/principal.ts';
import { createRoleStore } from './iam/role-store.ts';
import { consoleUserPolicy, revocationRoleArn, taskRoleArns, taskRoles } from './iam/task-roles.ts';
import type { SandboxKeys } from './kms/key-store.ts';
import { createQueryStore } from './logs/query-store.ts';
import type { Scenario } from './scenario/load-scenario.ts';
import { createServedData } from './telemetry/served-data.ts';
import { createTelemetryClock } from './telemetry/telemetry-clock.ts';

/** One scenario's AWS account, as the console is given it. Nothing of the scenario's truth is in here. */
export interface SandboxAccount {
  readonly scenario: { readonly id: string; readonly title: string };
  /** `000000000001`, `000000000002`, … in the order of the folders. */
  readonly accountId: string;
  readonly region: string;
  /** The console's own IAM user; new at each start. */
  readonly baseCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly roles: Readonly<Record<TaskKind, string>>;
  /** May write inline policies on the four roles. */
  readonly revocationRole: string;
  readonly serviceMap: ServiceMap;
  /** The EventBridge event of the incident's alarm. */
  readonly alarm: Readonly<Record<string, unknown>>;
  /** Telemetry time. Stands still but for `sleep`, which passes at once. */
  readonly clock: WaitingClock;
}

export function createAccountState(
  scenario: Scenario,
  accountId: string,
  clock: Clock,
  kmsKeys: SandboxKeys,
): AccountState {
  const policy = parsePolicy('console', consoleUserPolicy(accountId), 'identity');
  if (typeof policy === 'string') throw new TypeError(policy);
  const data = createServedData(scenario);
  return {
    scenario,
    accountId,
    region: scenario.map.region,
    user: newUser(accountId, 'causeway-console', policy),
    sessions: createSessionStore(),
    roles: createRoleStore(taskRoles(accountId, clock.now())),
    telemetry: createTelemetryClock(Date.parse(scenario.incident.startedAt) + ALARM_DELAY),
    clock,
    data,
    ecs: createEcsState(scenario, accountId, data.timeline),
    queries: createQueryStore(),
    kmsKeys,
  };
}

export function presentAccount(state: AccountState): SandboxAccount {
  const { scenario, accountId, region, user } = state;
  return {
    scenario: { id: scenario.id, title: scenario.title },
    accountId,
    region,
    baseCredentials: { accessKeyId: user.accessKeyId, secretAccessKey: user.secretAccessKey },
    roles: taskRoleArns(accountId),
    revocationRole: revocationRoleArn(accountId),
    serviceMap: scenario.map,
    alarm: alarmEvent(scenario, accountId, state.data),
    clock: state.telemetry,
  };
}
