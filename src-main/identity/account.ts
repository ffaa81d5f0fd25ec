import { CausewayError } from '#shared/errors.ts';
import type { SecondFactorSetup } from '#shared/ipc/access-views.ts';
import { Password, type Reauthentication } from '#shared/model/access.ts';
import { requireHuman } from './authority.ts';
import { requireGoodPassword } from './password-rules.ts';
import { describeCost, hashPassword } from './passwords.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import { prove, provePassword } from './proofs.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';
import type { Room } from './room.ts';
import { requirePerson } from './roster.ts';
import { describeSetup, makeTotpSecret, spendTotpCode } from './second-factor.ts';
import type { Sessions } from './sessions.ts';

export interface ShownCodes {
  readonly codes: string[];
}

/** What people do to their own account. */
export interface Account {
  /** Every other session of the person ends. */
  changePassword(principal: Principal, current: string, next: string): Promise<void>;
  /** Nothing changes until a code confirms it; a second factor that is there works until then. */
  beginSecondFactor(principal: Principal, password: string): Promise<SecondFactorSetup>;
  /** The recovery codes are shown this once. */
  confirmSecondFactor(principal: Principal, code: string): Promise<ShownCodes>;
  /** The earlier ones no longer work. */
  renewRecoveryCodes(principal: Principal, proof: Reauthentication): Promise<ShownCodes>;
}

const NOTHING = 'so nothing was changed';

export function createAccount(room: Room, sessions: Sessions): Account {
  const { db, recorder } = room;
  const common = (principal: Principal) => ({
    outcome: 'success' as const,
    actor: actorOf(principal),
    target: { type: 'user', id: principal.id },
    device: deviceOf(principal),
  });
  const factorRecord = (principal: Principal, method: string, reset: boolean) => ({
    ...common(principal),
    action: 'auth.mfa_enrolled' as const,
    data: { user: principal.id, method, reset },
  });
  return {
    changePassword: async (principal, current, next) => {
      requireHuman(room, principal);
      const { id, entry } = await provePassword(room, principal.id, current);
      if (!Password.safeParse(next).success) throw new CausewayError('bad-input', 'The new password is too long.');
      requireGoodPassword(next, entry.email);
      const cost = room.cost();
      const hashed = await hashPassword(next, cost);
      const data = { user: id, reason: 'changed', parameters: describeCost(cost) };
      await recorder.act(
        [{ ...common(principal), action: 'auth.password_changed', data }],
        'so the password is still the old one',
        () => db.change((change) => change.put('person', id, { ...entry, password: hashed })),
      );
      const others = sessions.of(id).filter((session) => session !== principal.session);
      await sessions.end(others, 'revoked', principal); // whoever knew the old password is not left inside
    },
    beginSecondFactor: async (principal, password) => {
      requireHuman(room, principal);
      const { id, entry } = await provePassword(room, principal.id, password);
      const secret = makeTotpSecret(room.random);
      db.change((change) => change.put('person', id, { ...entry, pendingTotp: secret }));
      return describeSetup(secret, entry.email, room.tenant);
    },
    confirmSecondFactor: async (principal, code) => {
      requireHuman(room, principal);
      const { id, entry } = requirePerson(room, principal.id);
      if (entry.pendingTotp === null) {
        throw new CausewayError('conflict', 'No second factor is being set up. Begin again.', { reason: 'not-begun' });
      }
      const attempt = await room.attempts.begin(id, 'totp');
      const totp = spendTotpCode({ secret: entry.pendingTotp, usedSteps: [] }, code, room.clock.now());
      if (totp === null) {
        await attempt.fail('wrong-code');
        const text = 'The code does not fit. Check that the clock of the phone and of this computer are right.';
        throw new CausewayError('reauthentication-required', text, { reason: 'code' });
      }
      attempt.succeed();
      const { codes, hashes } = makeRecoveryCodes(id, room.random);
      await recorder.act([factorRecord(principal, 'totp', entry.totp !== null)], NOTHING, () =>
        db.change((change) => change.put('person', id, { ...entry, totp, pendingTotp: null, recovery: hashes })),
      );
      room.notify('people');
      return { codes };
    },
    renewRecoveryCodes: async (principal, proof) => {
      requireHuman(room, principal);
      await prove(room, principal.id, proof);
      const { id, entry } = requirePerson(room, principal.id);
      if (entry.totp === null) {
        throw new CausewayError('conflict', 'Recovery codes go with a second factor. Set one up first.', {
          reason: 'no-second-factor',
        });
      }
      const { codes, hashes } = makeRecoveryCodes(id, room.random);
      await recorder.act([factorRecord(principal, 'recovery-codes', true)], NOTHING, () =>
        db.change((change) => change.put('person', id, { ...entry, recovery: hashes })),
      );
      return { codes };
    },
  };
}
