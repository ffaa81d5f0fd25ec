import { CausewayError } from '#shared/errors.ts';

/** The example workspace: everybody and everything in it is made up, so its password is no secret. */
export const EXAMPLE = {
  tenant: 'example-year',
  title: 'Example: a synthetic year',
  email: 'owner@example.invalid',
  password: 'synthetic-history-2-look-at',
  records: 100_000,
  days: 365,
} as const;

/** Whoever makes it takes away what was made until then. */
export function exampleCancelled(): CausewayError {
  return new CausewayError('cancelled', 'The example was not finished; nothing is left of it.');
}
