import { CausewayError } from '#shared/errors.ts';
import type { AwsCallHooks } from '../platform/aws-calls.ts';
import { type AwsClients, createAwsClients } from '../platform/aws-clients.ts';
import type { AuditWriter } from '../policy/audit-port.ts';
import { type CallOrigin, recordSystemCall } from './call-recorder.ts';

/** A cloud that does not answer must not keep an investigation from ending, or the program from closing. */
export const BASE_DEADLINE_MS = 10_000;

export interface BaseIdentityOptions {
  /** Milliseconds for all calls together; then they are cut off. */
  readonly deadlineMs?: number;
  /**
   * Told when a call cannot be recorded. Given only where not making the next call would be worse than making it without
   * a record: to take back what was given.
   */
  readonly onUnrecorded?: (error: unknown) => void;
}

/**
 * Lends clients that sign with the console's own identity, for as long as `use` runs and the deadline has not passed.
 * Their calls are recorded like all others. Nothing but the broker may have them: this identity can assume the roles.
 * @throws CausewayError `cloud-unreachable` with reason `no-answer` when the deadline passes
 */
export async function withBaseIdentity<T>(
  audit: AuditWriter,
  version: string,
  origin: CallOrigin,
  resource: string,
  use: (clients: AwsClients) => Promise<T>,
  { deadlineMs = BASE_DEADLINE_MS, onUnrecorded }: BaseIdentityOptions = {},
): Promise<T> {
  const { environment } = origin;
  const late = new CausewayError('cloud-unreachable', 'The cloud did not answer in time.', { reason: 'no-answer' });
  const deadline = Promise.withResolvers<never>();
  let passed = false;
  const hooks: AwsCallHooks = {
    beforeAttempt: () => {
      if (passed) throw late;
    },
    after: async (call, result) => {
      try {
        await recordSystemCall(audit, origin, call, resource, result);
      } catch (error) {
        if (onUnrecorded === undefined) throw error;
        onUnrecorded(error);
      }
    },
  };
  const clients = createAwsClients({
    endpoint: environment.endpoint,
    region: environment.region,
    keys: environment.baseCredentials,
    hooks,
    version,
  });
  const timer = setTimeout(() => {
    passed = true;
    clients.destroy();
    deadline.reject(late);
  }, deadlineMs);
  try {
    return await Promise.race([use(clients), deadline.promise]);
  } finally {
    clearTimeout(timer);
    clients.destroy();
  }
}
