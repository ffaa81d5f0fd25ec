/**
 * Every failure a person can meet has one of these codes. The message is a sentence that says what happened and what to
 * do; the cause stays in the log and never crosses IPC.
 */
export const ERROR_CODES = [
  'bad-input', // the caller gave something that cannot be accepted
  'not-found',
  'conflict', // the thing is in another state than the caller assumed
  'too-large',
  'denied', // policy or permission says no
  'sign-in-required', // nobody is signed in, or the session is over, locked, or not of this workspace
  'reauthentication-required', // the password or code given at this moment is wrong or missing
  'approval-required',
  'lease-unusable', // revoked, expired, or of another task
  'cloud-refused', // the cloud answered with an error
  'cloud-unreachable',
  'keychain-unavailable',
  'audit-unavailable', // the audit store cannot be written: the guarded action must not happen
  'audit-broken', // the audit store contradicts itself or what is known of it
  'disk-full',
  'read-only',
  'already-running',
  'cancelled',
  'rate-limited',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * An error a user can act on. `reason` is a stable machine word within the code (for records and tests); `until` the
 * moment before which asking again is in vain (RFC 3339, UTC), for a lockout that is counted down.
 */
export class CausewayError extends Error {
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly until: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly reason?: string; readonly until?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CausewayError';
    this.code = code;
    this.reason = options.reason;
    this.until = options.until;
  }
}

/** The message of anything thrown, for logs and records; never shown to a user as it is. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
