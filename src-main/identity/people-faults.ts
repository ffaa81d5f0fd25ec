import { CausewayError } from '#shared/errors.ts';

/** The seal does not open, or names another tenant. */
export function otherWorkspace(tenant: string, cause: unknown): CausewayError {
  const text = `The list of people in this folder is not that of the workspace ${tenant}, or its key is another one. Put back its own people.db, or restore its key in the keychain. Nothing was changed.`;
  return new CausewayError('audit-broken', text, { reason: 'other-workspace', cause });
}

/** The file no longer agrees with its seal, or with what is in memory. */
export function changed(cause?: unknown): CausewayError {
  const text =
    'The list of people was changed by something other than this console, and is not used. Keep people.db for examination and put back an unchanged copy.';
  return new CausewayError('audit-broken', text, { reason: 'people-changed', cause });
}
