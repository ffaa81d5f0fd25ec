import type { ServiceMap } from '#shared/model/service-map.ts';
import type { TaskKind } from '#shared/model/task.ts';
import type { AwsKeyProvider } from '../platform/aws-clients.ts';
import type { WaitingClock } from '../platform/clock.ts';

/** A cloud account the console may look into: the built-in sandbox or a real one. */
export interface CloudEnvironment {
  readonly id: string;
  readonly title: string;
  readonly kind: 'sandbox' | 'aws';
  /** Null: AWS's own endpoints of the region. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** The console's own identity; used for nothing but assuming the roles and revoking their sessions. */
  readonly baseCredentials: AwsKeyProvider;
  /** The role of each kind of task, by ARN. */
  readonly roles: Readonly<Record<TaskKind, string>>;
  readonly serviceMap: ServiceMap;
  /** The time the telemetry is on: the wall clock for a real account, the recording's own for the sandbox. */
  readonly clock: WaitingClock;
}
