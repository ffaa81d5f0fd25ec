import type { Identity } from '#main/identity/identity.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Io } from './io.ts';

/** Asks for the password, or where there is one for a code of the second factor instead. Rejects when there is no answer. */
export async function askReauthentication(
  { identity }: { readonly identity: Pick<Identity, 'self'> },
  principal: Principal,
  io: Io,
): Promise<Reauthentication> {
  if (principal.type !== 'user') {
    throw new CausewayError('denied', 'Only a person can do this: sign in, and try again without the API key.', {
      reason: 'not-a-person',
    });
  }
  const { secondFactor } = identity.self(principal);
  const typed = await io.askSecret(secondFactor ? 'Your password, or a 6-digit code: ' : 'Your password: ');
  if (typed === null || typed === '') {
    throw new CausewayError('reauthentication-required', 'Nothing was typed. Nothing was done.', { reason: 'empty' });
  }
  return secondFactor && /^\d{6}$/.test(typed.trim())
    ? { method: 'totp', code: typed.trim() }
    : { method: 'password', password: typed };
}
