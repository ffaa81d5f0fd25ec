import type { Clock, WaitingClock } from '#main/platform/clock.ts';
import type { EcsState } from './ecs/ecs-state.ts';
import type { SessionStore, UserPrincipal } from './iam/principal.ts';
import type { RoleStore } from './iam/role-store.ts';
import type { SandboxKeys } from './kms/key-store.ts';
import type { QueryStore } from './logs/query-store.ts';
import type { Scenario } from './scenario/load-scenario.ts';
import type { ServedData } from './telemetry/served-data.ts';

/** Everything one sandbox account consists of. Lives in memory, from start to stop. */
export interface AccountState {
  readonly scenario: Scenario;
  readonly accountId: string;
  readonly region: string;
  readonly user: UserPrincipal;
  readonly sessions: SessionStore;
  readonly roles: RoleStore;
  /** Telemetry time: what the recording shows. */
  readonly telemetry: WaitingClock;
  /** Wall clock: signatures, sessions, throttling. */
  readonly clock: Clock;
  readonly data: ServedData;
  readonly ecs: EcsState;
  readonly queries: QueryStore;
  /** KMS keys of all accounts. */
  readonly kmsKeys: SandboxKeys;
}
