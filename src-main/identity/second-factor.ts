import { generateURI, verifySync } from 'otplib';
import type { Random } from '#main/platform/random.ts';
import type { SecondFactorSetup } from '#shared/ipc/access-views.ts';

/** RFC 6238 with what every authenticator supports: SHA-1, six digits, 30 seconds. */
const PERIOD = 30;
const SECRET_BYTES = 20; // RFC 4226, section 4, R6: 160 bits
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** So many are remembered; a clock would have to be set back further than that many sign-ins for one to pass again. */
const MOST_USED_STEPS = 256;

export interface Totp {
  /** Base32. */
  readonly secret: string;
  readonly usedSteps: readonly number[];
}

export function makeTotpSecret(random: Random): string {
  const bits = [...random.bytes(SECRET_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join('');
}

/** What the authenticator is given: as a QR code, or typed in. */
export function describeSetup(secret: string, email: string, tenant: string): SecondFactorSetup {
  return { secret, uri: generateURI({ issuer: `Causeway ${tenant}`, label: email, secret, period: PERIOD }) };
}

/** Whether it is a code of an authenticator, not a recovery code. */
export function isTotpCode(code: string): boolean {
  return /^\d{6}$/.test(code.replaceAll(' ', ''));
}

/**
 * The time step a code is right for, at most one away from `now` (RFC 6238, section 5.2), and the second factor with that
 * step used up: the same code does not pass twice. Null when it is wrong or used.
 * @param now milliseconds since the epoch
 */
export function spendTotpCode(totp: Totp, code: string, now: number): { secret: string; usedSteps: number[] } | null {
  if (!isTotpCode(code)) return null;
  const token = code.replaceAll(' ', '');
  const current = Math.floor(now / 1000 / PERIOD);
  for (const step of [current, current - 1, current + 1]) {
    if (step < 0 || totp.usedSteps.includes(step)) continue;
    const { valid } = verifySync({ secret: totp.secret, token, epoch: step * PERIOD, period: PERIOD });
    if (valid) return { secret: totp.secret, usedSteps: [...totp.usedSteps, step].slice(-MOST_USED_STEPS) };
  }
  return null;
}
