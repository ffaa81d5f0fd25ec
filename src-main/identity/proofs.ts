import { CausewayError } from '#shared/errors.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import { verifyPassword } from './passwords.ts';
import type { Room } from './room.ts';
import { type LivingPerson, requirePerson } from './roster.ts';
import { isTotpCode, spendTotpCode } from './second-factor.ts';

/**
 * The person's password, as one attempt that counts towards the lockout.
 * @throws CausewayError `reauthentication-required`, `rate-limited`, `audit-unavailable`
 */
export async function provePassword(room: Room, id: string, password: string): Promise<LivingPerson> {
  const person = requirePerson(room, id);
  const attempt = await room.attempts.begin(id, 'password');
  if (person.entry.password !== null && (await verifyPassword(person.entry.password, password))) {
    attempt.succeed();
    return requirePerson(room, id);
  }
  await attempt.fail('wrong-password');
  throw new CausewayError('reauthentication-required', 'The password is wrong. Nothing was done.', {
    reason: 'password',
  });
}

/** A code of the person's authenticator; it works once. Errors as {@link provePassword}. A recovery code is for signing in only. */
async function proveTotp(room: Room, id: string, code: string): Promise<LivingPerson> {
  const person = requirePerson(room, id);
  const attempt = await room.attempts.begin(id, 'totp');
  const totp = person.entry.totp;
  const used = totp === null ? null : spendTotpCode(totp, code, room.clock.now());
  if (used === null) {
    await attempt.fail('wrong-code');
    const text = isTotpCode(code)
      ? 'The code is wrong or was used already. Wait for the next one. Nothing was done.'
      : 'This takes the six-digit code of your authenticator; a recovery code is for signing in only. Nothing was done.';
    throw new CausewayError('reauthentication-required', text, { reason: 'code' });
  }
  room.db.change((change) => change.put('person', id, { ...person.entry, totp: used }));
  attempt.succeed();
  return requirePerson(room, id);
}

export async function prove(room: Room, id: string, proof: Reauthentication): Promise<'password' | 'totp'> {
  switch (proof.method) {
    case 'password':
      await provePassword(room, id, proof.password);
      return 'password';
    case 'totp':
      await proveTotp(room, id, proof.code);
      return 'totp';
  }
}
