import { CausewayError } from '#shared/errors.ts';

/**
 * What can be done about a store that is refused. An older backup is no help: the keychain knows how far the chain had
 * come, and a copy that ends before is refused like any other that was rolled back.
 */
const WHAT_TO_DO =
  'Keep the file for examination. The trail goes on only in a copy that holds all it had at its last checkpoint; ' +
  'if there is none, choose another folder to begin a new trail.';

export function broken(reason: string, what: string, cause?: unknown): CausewayError {
  return new CausewayError('audit-broken', `The audit store cannot be trusted: ${what}. ${WHAT_TO_DO}`, {
    reason,
    cause,
  });
}

export function gone(): CausewayError {
  const text =
    'A trail was begun in this folder, and its database is gone or empty. Put back a copy that holds all it had at its ' +
    'last checkpoint, or choose another folder to begin a new trail.';
  return new CausewayError('audit-broken', text, { reason: 'database-missing' });
}

export function closedError(): CausewayError {
  return new CausewayError('audit-unavailable', 'The audit store is closed.', { reason: 'closed' });
}
