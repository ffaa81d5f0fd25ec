import { actorOf, deviceOf, type Player, system } from './cast.ts';
import { daysBetween, isWorkday } from './days.ts';
import { DAY, type Happening, HOUR, MINUTE, of, SECOND, timeOf } from './happening.ts';
import { LAST_HOURS } from './people.ts';
import type { Stage } from './stage.ts';

const SESSION_MS = 8 * HOUR;
const LOCKOUT_MS = 5 * MINUTE;

/** People come to work and go home; sometimes somebody mistypes, asks for what their role does not allow, or brings an old token. */
export function signIns(stage: Stage): readonly Happening[] {
  const { cast, content, density } = stage;
  const steps: Happening[] = [];
  for (const day of daysBetween(stage.from + DAY, stage.to - LAST_HOURS)) {
    for (const player of [cast.owner, cast.admin, cast.operator, cast.viewer]) {
      const likely = isWorkday(day) ? (player.role === 'viewer' ? 0.4 : 0.85) : player.role === 'operator' ? 0.5 : 0.08;
      if (!content.chance(likely * Math.max(0.05, density))) continue;
      steps.push(...workingDay(stage, player, day.midnight + content.int(7 * 60, 9 * 60) * MINUTE));
    }
    if (content.chance(0.6 * Math.max(0.1, density)))
      steps.push(staleToken(stage, day.midnight + content.int(1, 22) * HOUR));
    if (content.chance(0.12 * Math.max(0.2, density))) {
      steps.push(...guessing(stage, day.midnight + 2 * HOUR + content.int(0, 90) * MINUTE));
    }
  }
  return steps;
}

function workingDay(stage: Stage, player: Player, arrives: number): readonly Happening[] {
  const { content } = stage;
  const steps: Happening[] = [];
  let at = arrives;
  if (content.chance(0.07)) {
    steps.push(mistyped(stage, player, at, 1));
    at += 20 * SECOND;
  }
  steps.push(...session(stage, player, at, content.int(3 * 60, 7 * 60 + 40) * MINUTE));
  if (player.role === 'viewer' && content.chance(0.25))
    steps.push(denied(stage, player, at + content.int(5, 150) * MINUTE));
  return steps;
}

function session(stage: Stage, player: Player, at: number, lasts: number): readonly Happening[] {
  const { content, cast } = stage;
  const id = `s-${content.hex(12)}`;
  const common = {
    outcome: 'success' as const,
    actor: actorOf(player),
    target: { type: 'session', id },
    device: deviceOf(cast),
  };
  const issued = {
    token: content.digest(),
    session: id,
    audience: 'causeway-console',
    expiresAt: timeOf(at + SESSION_MS),
  };
  return [
    { at, input: of<'auth.token_issued'>({ ...common, action: 'auth.token_issued', data: issued }) },
    {
      at: at + 4,
      input: of<'auth.user_signed_in'>({
        ...common,
        action: 'auth.user_signed_in',
        data: { session: id, method: 'password', secondFactor: player.role === 'owner' ? null : 'totp' },
      }),
    },
    {
      at: at + lasts,
      input: of<'auth.user_signed_out'>({
        ...common,
        action: 'auth.user_signed_out',
        data: { session: id, reason: content.chance(0.8) ? 'signed-out' : 'expired' },
      }),
    },
  ];
}

function mistyped({ cast }: Stage, player: Player, at: number, attempts: number): Happening {
  return {
    at,
    input: of<'auth.sign_in_failed'>({
      action: 'auth.sign_in_failed',
      outcome: 'denied',
      actor: actorOf(player),
      target: { type: 'user', id: player.id },
      device: deviceOf(cast),
      data: { method: 'password', reason: 'credentials', attempts },
    }),
  };
}

/** Somebody without an account tries addresses until the limiter says no. */
function guessing({ cast, content }: Stage, at: number): readonly Happening[] {
  const stranger = `e-${content.hex(12)}`;
  const common = {
    outcome: 'denied' as const,
    actor: { type: 'user' as const, id: stranger },
    target: { type: 'user', id: stranger },
    device: deviceOf(cast),
  };
  const tries = Array.from(
    { length: 5 },
    (_, index): Happening => ({
      at: at + index * 7 * SECOND,
      input: of<'auth.sign_in_failed'>({
        ...common,
        action: 'auth.sign_in_failed',
        data: { method: 'password', reason: 'credentials', attempts: index + 1 },
      }),
    }),
  );
  return [
    ...tries,
    {
      at: at + 36 * SECOND,
      input: of<'auth.rate_limited'>({
        ...common,
        action: 'auth.rate_limited',
        data: { limit: 'sign-in', scope: 'account', retryAfterMs: LOCKOUT_MS },
      }),
    },
  ];
}

function denied({ cast, content }: Stage, player: Player, at: number): Happening {
  const permission = content.pick(['trail.export', 'policies.change', 'people.manage', 'approvals.decide']);
  return {
    at,
    input: of<'auth.access_denied'>({
      action: 'auth.access_denied',
      outcome: 'denied',
      actor: actorOf(player),
      target: { type: 'permission', id: permission },
      device: deviceOf(cast),
      data: { permission, role: player.role, reason: 'permission' },
    }),
  };
}

function staleToken({ cast, content }: Stage, at: number): Happening {
  return {
    at,
    input: of<'auth.token_rejected'>({
      action: 'auth.token_rejected',
      outcome: 'denied',
      actor: system('causeway'),
      target: { type: 'session', id: 'unknown' },
      device: deviceOf(cast),
      data: { reason: content.pick(['expiry', 'expiry', 'session', 'signature', 'audience', 'tenant']) },
    }),
  };
}
