import { CausewayError } from '#shared/errors.ts';
import type { AwsCallHooks } from '../platform/aws-calls.ts';
import { type AwsClients, type AwsKeyProvider, createAwsClients } from '../platform/aws-clients.ts';
import type { CallOrigin, CallRecorder } from './call-recorder.ts';
import type { CloudEnvironment } from './environment.ts';

/** A cloud that does not answer must not keep an investigation from ending, or the program from closing. */
export const BASE_DEADLINE_MS = 10_000;
/** For calls that were cut off to be on record before what follows from their failure. */
const AFTERMATH_MS = 1_000;

export interface IdentityOptions {
  /** Milliseconds for all calls together; then they are cut off. */
  readonly deadlineMs?: number | undefined;
  /**
   * Told when a call cannot be recorded. Given only where not making the next call would be worse than making it without
   * a record: to take back what was given.
   */
  readonly onUnrecorded?: (error: unknown) => void;
}

export interface IdentityNeeds {
  readonly recorder: CallRecorder;
  /** Of this product, for the user agent. */
  readonly version: string;
}

export interface BaseOrigin extends CallOrigin {
  readonly environment: CloudEnvironment;
}

/**
 * Lends clients that sign with the console's own identity. Nothing but the broker may have them: this identity can
 * assume the roles, and is asked for nothing else.
 * @throws CausewayError as `withIdentity`
 */
export function withBaseIdentity<T>(
  needs: IdentityNeeds,
  origin: BaseOrigin,
  resource: string,
  use: (clients: AwsClients) => Promise<T>,
  options: IdentityOptions = {},
): Promise<T> {
  return withIdentity(needs, origin, origin.environment.baseCredentials, resource, use, options);
}

/**
 * Lends clients of one identity for as long as `use` runs and the deadline has not passed. Their calls are recorded like
 * all others, changes with an intent before them; `resource` is what they are about.
 * @throws CausewayError `cloud-unreachable` with reason `no-answer` when the deadline passes; `audit-unavailable`
 */
export async function withIdentity<T>(
  { recorder, version }: IdentityNeeds,
  origin: CallOrigin,
  keys: AwsKeyProvider,
  resource: string,
  use: (clients: AwsClients) => Promise<T>,
  { deadlineMs = BASE_DEADLINE_MS, onUnrecorded }: IdentityOptions = {},
): Promise<T> {
  const late = new CausewayError(
    'cloud-unreachable',
    `The cloud did not answer within ${Math.ceil(deadlineMs / 1000)} seconds. Check the connection and try again.`,
    { reason: 'no-answer' },
  );
  const deadline = Promise.withResolvers<never>();
  let passed = false;
  const recorded = async (write: () => Promise<unknown>) => {
    try {
      await write();
    } catch (error) {
      if (onUnrecorded === undefined) throw error;
      onUnrecorded(error);
    }
  };
  const hooks: AwsCallHooks = {
    before: (call) => recorded(() => recorder.intend(origin, call, resource)),
    beforeAttempt: () => {
      if (passed) throw late;
    },
    after: (call, result) => recorded(() => recorder.record(origin, call, resource, result)),
  };
  const { endpoint, region } = origin.environment;
  const clients = createAwsClients({ endpoint, region, keys, hooks, version });
  const timer = setTimeout(() => {
    passed = true;
    clients.destroy();
    deadline.reject(late);
  }, deadlineMs);
  const running = use(clients);
  try {
    return await Promise.race([running, deadline.promise]);
  } catch (error) {
    if (error === late) await settledWithin(running, AFTERMATH_MS);
    throw error;
  } finally {
    clearTimeout(timer);
    clients.destroy();
  }
}

async function settledWithin(running: Promise<unknown>, milliseconds: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, milliseconds);
  await Promise.race([running.catch(() => undefined), over.promise]);
  clearTimeout(timer);
}
