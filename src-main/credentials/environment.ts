import type { ServiceMap } from '#shared/model/service-map.ts';
import type { TaskKind } from '#shared/model/task.ts';
import type { AwsKeyProvider } from '../platform/aws-clients.ts';
import type { WaitingClock } from '../platform/clock.ts';

/** A cloud account the console may look into: the built-in sandbox or a real one. */
export interface CloudEnvironment {
  readonly id: string;
  readonly title: string;
  readonly kind: 'sandbox' | 'aws';
  /** For all services. Null: AWS's own endpoints of the region. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** The console's own identity; used for nothing but assuming the roles. */
  readonly baseCredentials: AwsKeyProvider;
  /** The role of each kind of task, by ARN. */
  readonly roles: Readonly<Record<TaskKind, string>>;
  /**
   * The role that may write the inline denial on the other four, by ARN. Null: ended leases are refused here alone, and
   * their sessions live on in the cloud until their 15 minutes are over.
   */
  readonly revocationRole: string | null;
  readonly serviceMap: ServiceMap;
  /** The time the telemetry is on: the wall clock for a real account, the recording's own for the sandbox. */
  readonly clock: WaitingClock;
}
