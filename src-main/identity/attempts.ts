import { createHmac } from 'node:crypto';
import type { AppendInput } from '#main/audit/append-input.ts';
import type { Clock } from '#main/platform/clock.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Device } from '#shared/model/audit-record.ts';
import {
  ACCOUNT_RULE,
  countFailure,
  isForgotten,
  type LockoutRule,
  NO_FAILURES,
  remainingLock,
  WORKSPACE_RULE,
} from './lockout.ts';
import type { PeopleDb } from './people-db.ts';
import type { LockoutEntry } from './people-entries.ts';
import type { Recorder } from './recorder.ts';

/** One attempt that was counted as failed before it was looked at; it ends in exactly one of these ways. */
export interface Attempt {
  /** The right answer: the account's failures are forgotten. */
  succeed(): void;
  /** Neither right nor wrong yet: it does not count. */
  undo(): void;
  /** Wrong: put on record. */
  fail(reason: string): Promise<void>;
}

export interface Attempts {
  /**
   * @param account a person's id, or what {@link Attempts.strangerOf} makes of an e-mail address nobody has
   * @param method of the record, e.g. "password"
   * @throws CausewayError `rate-limited` with the reason `lockout`; and whatever keeps the limiter from counting: then it is no
   */
  begin(account: string, method: string): Promise<Attempt>;
  /** Looks only. Milliseconds since the epoch, or null. */
  lockedUntil(account: string): number | null;
  strangerOf(email: string): string;
  /** Records what ended locks kept out, and forgets what is old. */
  sweep(): Promise<void>;
}

export interface AttemptsOptions {
  readonly db: PeopleDb;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly device: Device;
  readonly onWarning: (error: unknown, what: string) => void;
}

/** Addresses nobody has would otherwise be remembered until the next start. */
const SWEEP_MS = 3_600_000;

/** Begins what stands for an e-mail address nobody has. */
const STRANGER = 'e-';
/**
 * All strangers together. It slows down nobody who is here: whoever makes up addresses would otherwise keep everybody
 * from signing in, unlocking and approving, and each account has its own limit.
 */
const EVERYBODY = 'everybody';
const ruleOf = (id: string): LockoutRule => (id === EVERYBODY ? WORKSPACE_RULE : ACCOUNT_RULE);

export function createAttempts({ db, recorder, clock, device, onWarning }: AttemptsOptions): Attempts {
  const read = (id: string): LockoutEntry => db.get('lockout', id) ?? NO_FAILURES;
  const write = (entries: readonly (readonly [string, LockoutEntry])[]) =>
    db.change((change) => {
      for (const [id, entry] of entries) change.put('lockout', id, entry);
    });
  const failed = (account: string, method: string, reason: string, attempts: number) => ({
    action: 'auth.sign_in_failed' as const,
    outcome: 'denied' as const,
    ...who(account, device),
    data: { method, reason, attempts },
  });

  /** Thousands of attempts during one lock are one record now, and one with their number when it has ended. */
  const refuse = async (id: string, entry: LockoutEntry, account: string): Promise<never> => {
    const retryAfterMs = remainingLock(entry, clock.now());
    const refused = entry.refused + 1;
    const isPowerOfTwo = (refused & (refused - 1)) === 0; // a disk write for each would slow the disk, not the attacker
    let announced = entry.announced;
    if (!announced) {
      const scope = id === EVERYBODY ? 'workspace' : 'account';
      const data = { limit: 'sign-in', scope, retryAfterMs };
      try {
        await recorder.signIn(
          { action: 'auth.rate_limited', outcome: 'denied', ...who(account, device), data },
          'and nobody was let in',
        );
        announced = true;
      } catch (error) {
        onWarning(error, 'a refused sign-in could not be recorded'); // refused all the same
      }
    }
    pending.set(id, refused);
    if (isPowerOfTwo || announced !== entry.announced) write([[id, { ...entry, refused, announced }]]);
    throw rateLimited(retryAfterMs, clock.now());
  };
  /** Numbers that are ahead of those in the database. */
  const pending = new Map<string, number>();
  const current = (id: string): LockoutEntry => {
    const entry = read(id);
    return { ...entry, refused: Math.max(entry.refused, pending.get(id) ?? 0) };
  };
  const summarize = async (id: string, entry: LockoutEntry, method: string): Promise<LockoutEntry> => {
    if (entry.refused === 0) return entry;
    await recorder.signIn(failed(id, method, 'rate-limited', entry.refused), 'so nobody was let in');
    pending.delete(id);
    const counted = { ...entry, refused: 0 };
    write([[id, counted]]);
    return counted;
  };

  const sweep = async (): Promise<void> => {
    for (const [id] of db.list('lockout')) {
      const entry = current(id);
      if (remainingLock(entry, clock.now()) > 0) continue;
      const counted = await summarize(id, entry, 'password');
      if (isForgotten(counted, ruleOf(id), clock.now())) db.change((change) => change.delete('lockout', id));
    }
  };
  let sweptAt = clock.now();

  return {
    strangerOf: (email) => {
      const tag = createHmac('sha256', db.key).update(`stranger ${email}`, 'utf8').digest('hex');
      return `${STRANGER}${tag.slice(0, 24)}`;
    },
    lockedUntil: (account) => {
      const left = remainingLock(read(account), clock.now());
      return left === 0 ? null : clock.now() + left;
    },
    begin: async (account, method) => {
      if (Math.abs(clock.now() - sweptAt) >= SWEEP_MS) {
        await sweep();
        sweptAt = clock.now();
      }
      const before: (readonly [string, LockoutEntry])[] = [];
      for (const id of account.startsWith(STRANGER) ? [EVERYBODY, account] : [account]) {
        const entry = current(id);
        if (remainingLock(entry, clock.now()) > 0) await refuse(id, entry, account);
        before.push([id, await summarize(id, entry, method)]);
      }
      const counted = before.map(([id, entry]) => [id, countFailure(entry, ruleOf(id), clock.now())] as const);
      write(counted);
      return {
        succeed: () => db.change((change) => change.delete('lockout', account)), // strangers, who count together, never do
        undo: () => write(before),
        fail: async (reason) => {
          const failures = counted.find(([id]) => id === account)?.[1].failures ?? 1;
          await recorder.signIn(failed(account, method, reason, failures), 'and nobody was let in');
        },
      };
    },
    sweep,
  };
}

/** An e-mail address nobody has is not named, not even by a pseudonym: it may be a person's all the same. */
function who(account: string, device: Device): Pick<AppendInput<'auth.sign_in_failed'>, 'actor' | 'target' | 'device'> {
  const known = account.startsWith('u-') || account.startsWith('key-');
  const id = known ? account : account === EVERYBODY ? EVERYBODY : 'unknown';
  return { actor: { type: 'user', id }, target: { type: 'account', id }, device };
}

function rateLimited(retryAfterMs: number, now: number): CausewayError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  const text = `There were too many failed attempts, so the next one is not looked at for ${wait}.`;
  return new CausewayError('rate-limited', text, {
    reason: 'lockout',
    until: new Date(now + retryAfterMs).toISOString(),
  });
}
