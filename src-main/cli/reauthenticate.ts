import type { Identity } from '#main/identity/identity.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Io } from './io.ts';

/** An API key answers for nothing: said before anything is asked. @throws CausewayError `denied` (`not-a-person`) */
export function demandPerson({ type }: Pick<Principal, 'type'>): void {
  if (type === 'user') return;
  throw new CausewayError('denied', 'Only a person can do this: sign in, and try again without the API key.', {
    reason: 'not-a-person',
  });
}

/** Asks for the password, or where there is one for a code of the second factor instead. Rejects when there is no answer. */
export async function askReauthentication(
  { identity }: { readonly identity: Pick<Identity, 'self'> },
  principal: Principal,
  io: Io,
): Promise<Reauthentication> {
  demandPerson(principal);
  const { secondFactor } = identity.self(principal);
  const typed = await io.askSecret(secondFactor ? 'Your password, or a 6-digit code: ' : 'Your password: ');
  if (typed === null || typed === '') {
    throw new CausewayError('reauthentication-required', 'Nothing was typed. Nothing was done.', { reason: 'empty' });
  }
  return secondFactor && /^\d{6}$/.test(typed.trim())
    ? { method: 'totp', code: typed.trim() }
    : { method: 'password', password: typed };
}
