import { hash } from 'node:crypto';
import type { AppendInput } from '#main/audit/append-input.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { PeopleChange } from './people-db.ts';
import type { SessionEntry } from './people-entries.ts';
import { actorOf, deviceOf, type Principal } from './principal.ts';
import type { Rejections } from './rejections.ts';
import { newId, type Room, toTime } from './room.ts';
import { findPerson, humanBehind, type LivingPerson } from './roster.ts';
import type { TokenKey } from './token-key.ts';
import { audienceOf, issueToken, readToken, type TokenClaims, type TokenFault, tokenRefused } from './tokens.ts';

export interface SignedIn {
  readonly token: string;
  readonly principal: Principal;
}

const SESSION_MS = 8 * 3_600_000;
/** A session that ended is kept that long, so that its token is refused as ended and not as unknown. */
const KEPT_MS = 24 * 3_600_000;
/** What was seen since is kept in memory only. */
const TOUCH_WRITTEN_MS = 30_000;
const CLOCK_TOLERANCE_MS = 60_000;

export type SessionEnd = NonNullable<SessionEntry['ended']>;

export interface Sessions {
  /** On record first. `method` and `secondFactor` as in the record. */
  open(person: LivingPerson, how: { readonly method: string; readonly secondFactor: string | null }): Promise<SignedIn>;
  /** See `Identity.verifyToken`. */
  verify(token: string, options?: { readonly touch?: boolean; readonly evenLocked?: boolean }): Promise<Principal>;
  lock(principal: Principal): Promise<void>;
  unlock(principal: Principal): Promise<void>;
  /** Ids of the sessions of a person that have not ended. */
  of(person: string): readonly string[];
  /** Ends sessions for one who wants that, even when it can only be recorded later. */
  end(ids: readonly string[], reason: SessionEnd, by?: Pick<Principal, 'type' | 'id'>): Promise<void>;
  /** That sessions end; to be written before {@link markEnded}. */
  endRecords(ids: readonly string[], reason: SessionEnd, by: Principal): readonly AppendInput<AuditAction>[];
  markEnded(change: PeopleChange, ids: readonly string[], reason: SessionEnd): void;
  /** Ends what is past its end, and forgets what ended long ago. */
  sweep(): Promise<void>;
}

export interface SessionsOptions {
  readonly room: Room;
  readonly key: TokenKey;
  readonly rejections: Rejections;
  /** A session locks when nothing was done for so long. */
  readonly idleMs: number;
}

const digestOf = (token: string) => hash('sha256', token, 'hex');

export function createSessions({ room, key, rejections, idleMs }: SessionsOptions): Sessions {
  const { db, clock, recorder, tenant } = room;
  const audience = audienceOf(db.instance);
  const seen = new Map<string, number>();
  const put = (id: string, entry: SessionEntry) => db.change((change) => change.put('session', id, entry));

  const principalOf = ({ id, entry }: LivingPerson, session: string): Principal => ({
    type: 'user',
    id,
    human: humanBehind(room, id),
    name: entry.name,
    role: entry.role,
    tenant,
    session,
    device: room.device,
  });
  const signedOut = (id: string, reason: SessionEnd, by: Pick<Principal, 'type' | 'id'>) => ({
    action: 'auth.user_signed_out' as const,
    outcome: 'success' as const,
    actor: actorOf(by),
    target: { type: 'session', id },
    device: deviceOf(room),
    data: { session: id, reason },
  });
  const end: Sessions['end'] = async (ids, reason, by) => {
    for (const id of ids) {
      const session = db.get('session', id);
      if (session === null || session.ended !== null) continue;
      put(id, { ...session, ended: reason }); // takes something away only: not held up by a trail that fails
      await recorder.after(signedOut(id, reason, by ?? { type: 'user', id: session.person }));
    }
    room.notify('access');
  };
  const sweep = async (): Promise<void> => {
    const now = clock.now();
    const all = db.list('session');
    const over = all.filter(([, session]) => session.ended === null && session.expiresAt <= now).map(([id]) => id);
    if (over.length > 0) await end(over, 'expired');
    const old = all.filter(([, session]) => session.ended !== null && session.expiresAt + KEPT_MS <= now);
    if (old.length === 0) return;
    db.change((change) => {
      for (const [id] of old) {
        change.delete('session', id);
        seen.delete(id);
      }
    });
  };

  /** The session of genuine claims, or why it is not one that goes on. */
  const sessionOf = (
    claims: TokenClaims,
    token: string,
  ): { entry: SessionEntry; person: LivingPerson } | TokenFault => {
    const entry = db.get('session', claims.sid);
    if (entry === null || entry.person !== claims.sub || entry.token !== digestOf(token)) return 'session';
    if (entry.ended === 'expired') return 'expiry';
    if (entry.ended !== null) return 'session';
    const person = findPerson(room, claims.sub);
    // the stored role counts; a token that says another one was issued before it changed
    if (person === null || person.entry.role !== claims.role) return 'session';
    return clock.now() >= entry.expiresAt ? 'expiry' : { entry, person };
  };
  const refuse = async (token: string, reason: Exclude<TokenFault, 'locked'>, own: TokenClaims | null) => {
    if (reason === 'expiry') await sweep();
    await rejections.note(token, {
      action: 'auth.token_rejected',
      outcome: 'denied',
      actor: own === null ? { type: 'system', id: 'causeway' } : { type: 'user', id: own.sub },
      target: { type: 'session', id: own === null ? 'unknown' : own.sid }, // what a forger wrote is not repeated
      device: deviceOf(room),
      data: { reason },
    });
  };
  const read = async (token: string): Promise<TokenClaims> => {
    try {
      return await readToken(key, token, { audience, tenant, now: clock.now() });
    } catch (error) {
      if (error instanceof CausewayError) {
        await refuse(token, error.reason as Exclude<TokenFault, 'locked'>, null); // readToken gives nothing else
      }
      throw error;
    }
  };
  const isIdle = (id: string, entry: SessionEntry): boolean => {
    const last = Math.max(entry.lastSeenAt, seen.get(id) ?? 0);
    // a time in the future is from a clock that was ahead: how long nobody was here cannot be said
    return clock.now() - last >= idleMs || last - clock.now() > CLOCK_TOLERANCE_MS;
  };
  const markLocked = async (id: string, entry: SessionEntry, why: 'idle' | 'by hand'): Promise<void> => {
    put(id, { ...entry, locked: true });
    await recorder.after({
      action: 'tenant.configuration_changed',
      outcome: 'success',
      actor: { type: 'user', id: entry.person },
      target: { type: 'session', id },
      device: deviceOf(room),
      data: { setting: 'session-lock', old: 'open', new: `locked (${why})` },
    });
    room.notify('access');
  };

  return {
    open: async (person, { method, secondFactor }) => {
      await sweep();
      const now = clock.now();
      const [sid, jti, expiresAt] = [newId(room, 's'), room.random.uuid(), now + SESSION_MS];
      const claims = { sub: person.id, sid, role: person.entry.role, tenant, jti };
      const token = await issueToken(key, claims, { audience, from: now, until: expiresAt });
      const common = {
        outcome: 'success' as const,
        actor: { type: 'user' as const, id: person.id },
        target: { type: 'session', id: sid },
        device: deviceOf(room),
      };
      const consequence = 'so nobody was signed in';
      const signIn = { session: sid, method, secondFactor };
      const issued = { token: digestOf(token), session: sid, audience, expiresAt: toTime(expiresAt) };
      const records = [
        { ...common, action: 'auth.token_issued' as const, data: issued },
        { ...common, action: 'auth.user_signed_in' as const, data: signIn },
      ];
      await recorder.actSignIn(records, consequence, () =>
        db.change((change) => {
          change.put('session', sid, {
            person: person.id,
            openedAt: now,
            expiresAt,
            lastSeenAt: now,
            locked: false,
            token: digestOf(token),
            ended: null,
          });
          change.put('person', person.id, { ...person.entry, lastSignInAt: now });
        }),
      );
      room.notify('access');
      return { token, principal: principalOf(person, sid) };
    },
    verify: async (token, { touch = false, evenLocked = false } = {}) => {
      await recorder.settle().catch((error: unknown) => room.onWarning(error, 'earlier sign-ins are not recorded yet'));
      const claims = await read(token);
      const found = sessionOf(claims, token);
      if (typeof found === 'string') {
        if (found !== 'locked') await refuse(token, found, claims);
        throw tokenRefused(found);
      }
      const { entry, person } = found;
      const isLocked = entry.locked || isIdle(claims.sid, entry);
      if (isLocked && !entry.locked) await markLocked(claims.sid, entry, 'idle');
      if (isLocked && !evenLocked) throw tokenRefused('locked');
      if (touch && !isLocked) {
        seen.set(claims.sid, clock.now());
        if (clock.now() - entry.lastSeenAt >= TOUCH_WRITTEN_MS) put(claims.sid, { ...entry, lastSeenAt: clock.now() });
      }
      return principalOf(person, claims.sid);
    },
    lock: async ({ session: id }) => {
      const entry = db.get('session', id);
      if (entry === null || entry.ended !== null || entry.locked) return;
      await markLocked(id, entry, 'by hand');
    },
    unlock: async ({ session: id, ...principal }) => {
      const signIn = { session: id, method: 'unlock', secondFactor: null };
      const target = { type: 'session', id };
      const device = deviceOf(room);
      const actor = actorOf(principal);
      await recorder.actSignIn(
        [{ action: 'auth.user_signed_in', outcome: 'success', actor, target, device, data: signIn }],
        'so the session stays locked',
        () => {
          const entry = db.get('session', id); // as it is now: it may have ended meanwhile
          if (entry === null || entry.ended !== null) throw tokenRefused('session');
          seen.delete(id);
          put(id, { ...entry, locked: false, lastSeenAt: clock.now() });
        },
      );
      room.notify('access');
    },
    of: (person) =>
      db
        .list('session')
        .filter(([, session]) => session.person === person && session.ended === null)
        .map(([id]) => id),
    end,
    endRecords: (ids, reason, by) => ids.map((id) => signedOut(id, reason, by)),
    markEnded: (change, ids, reason) => {
      for (const id of ids) {
        const session = db.get('session', id);
        if (session !== null && session.ended === null) change.put('session', id, { ...session, ended: reason });
      }
    },
    sweep,
  };
}
