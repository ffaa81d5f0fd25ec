import { CausewayError } from '#shared/errors.ts';
import { describeCost, hashPassword, needsRehash, nobodysHash, verifyPassword } from './passwords.ts';
import { deviceOf } from './principal.ts';
import { spendRecoveryCode } from './recovery-codes.ts';
import type { Room } from './room.ts';
import { findByEmail, type LivingPerson, normalizeEmail, requirePerson } from './roster.ts';
import { isTotpCode, spendTotpCode } from './second-factor.ts';
import type { Sessions, SignedIn } from './sessions.ts';

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  readonly code?: string | undefined;
}
export type SignInOutcome = { readonly step: 'second-factor' } | ({ readonly step: 'done' } & SignedIn);

/**
 * Password, then second factor where there is one. Who is not in the workspace gets the same answer as a wrong password,
 * after the same time, and is locked out alike: nobody learns from it who is.
 * @throws CausewayError `reauthentication-required` with the reason `credentials` or `code`, `rate-limited`, `audit-unavailable`
 */
export async function signIn(room: Room, sessions: Sessions, input: SignInInput): Promise<SignInOutcome> {
  const found = findByEmail(room, input.email);
  const account = found?.id ?? room.attempts.strangerOf(normalizeEmail(input.email));
  const attempt = await room.attempts.begin(account, 'password');
  const right = await verifyPassword(found?.entry.password ?? nobodysHash(room.cost()), input.password);
  if (found === null || found.entry.password === null || !right) {
    await attempt.fail(found === null ? 'unknown-account' : 'wrong-password');
    throw new CausewayError('reauthentication-required', 'The e-mail address or the password is wrong.', {
      reason: 'credentials',
    });
  }
  let secondFactor: string | null = null;
  if (found.entry.totp !== null) {
    if (input.code === undefined) {
      attempt.undo(); // the failures so far stay: otherwise a known password would give endless tries at the code
      return { step: 'second-factor' };
    }
    secondFactor = spendCode(room, found, input.code);
    if (secondFactor === null) {
      await attempt.fail('wrong-code');
      const text = 'The code is wrong or was used already. Wait for the next one, or use a recovery code.';
      throw new CausewayError('reauthentication-required', text, { reason: 'code' });
    }
  }
  attempt.succeed();
  await raiseHash(room, found.id, input.password);
  const signedIn = await sessions.open(requirePerson(room, found.id), { method: 'password', secondFactor });
  return { step: 'done', ...signedIn };
}

/** Which kind of second factor it was, used up by it; null when it is none. */
function spendCode(room: Room, { id, entry }: LivingPerson, code: string): 'totp' | 'recovery-code' | null {
  if (isTotpCode(code)) {
    const totp = entry.totp === null ? null : spendTotpCode(entry.totp, code, room.clock.now());
    if (totp === null) return null;
    room.db.change((change) => change.put('person', id, { ...entry, totp }));
    return 'totp';
  }
  const recovery = spendRecoveryCode(id, code, entry.recovery);
  if (recovery === null) return null;
  room.db.change((change) => change.put('person', id, { ...entry, recovery }));
  return 'recovery-code';
}

/** A hash that cost less than is asked for now is made again, while the password is at hand. */
async function raiseHash(room: Room, id: string, password: string): Promise<void> {
  const { entry } = requirePerson(room, id);
  const cost = room.cost();
  if (entry.password === null || !needsRehash(entry.password, cost) || !room.canRecord()) return;
  const hashed = await hashPassword(password, cost);
  const record = {
    action: 'auth.password_changed' as const,
    outcome: 'success' as const,
    actor: { type: 'user' as const, id },
    target: { type: 'user', id },
    device: deviceOf(room),
    data: { user: id, reason: 'cost-raised', parameters: describeCost(cost) },
  };
  await room.recorder.act([record], 'so nobody was signed in', () =>
    room.db.change((change) => change.put('person', id, { ...entry, password: hashed })),
  );
}
