import type { AppendInput } from '#main/audit/append-input.ts';
import { ToSeal } from '#main/audit/seal.ts';
import type { Clock } from '#main/platform/clock.ts';
import { type AuditWriter, appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { PeopleDb } from './people-db.ts';
import type { OwedEntry } from './people-entries.ts';

/** So many are kept of what could not be recorded; of more, only the number. */
const MOST_OWED = 500;
const SETTINGS = 'identity';

/**
 * How identity writes to the trail.
 *
 * A trail whose history is broken writes nothing until people have looked at the break and acknowledged it, and they have
 * to sign in for that. So while `canRecord` says false, and only then, signing in, failing to, locking, unlocking,
 * re-authenticating and signing out happen without a record; each is kept in people.db and recorded as soon as the trail
 * writes again, after one record that says so and names the time they are from. Everything else that needs a record is
 * refused. When `canRecord` says true and the trail fails all the same, nothing happens at all.
 */
export interface Recorder {
  /** @throws CausewayError `audit-unavailable`, also while `canRecord` says false */
  before<A extends AuditAction>(input: AppendInput<A>, consequence: string): Promise<void>;
  /**
   * One act: its records, then the change they tell of. The one that says it is done comes last, after everything that can
   * fail before the change. When a later record or the change fails, what is on record of it by then is taken back by a
   * record of the same action with the outcome failure, as far as the trail can be written, otherwise later.
   * @throws CausewayError `audit-unavailable`, and whatever the change throws
   */
  act<T>(records: readonly AppendInput<AuditAction>[], consequence: string, change: () => T): Promise<T>;
  /** An act that is recorded as {@link Recorder.signIn} does. */
  actSignIn<T>(records: readonly AppendInput<AuditAction>[], consequence: string, change: () => T): Promise<T>;
  /** Recorded now, or later when the trail cannot be written because its history waits to be acknowledged. */
  signIn<A extends AuditAction>(input: AppendInput<A>, consequence: string): Promise<void>;
  /** For what only takes something away from somebody, or already happened: it is not held up by a trail that fails. */
  after<A extends AuditAction>(input: AppendInput<A>): Promise<void>;
  /** Records what could not be recorded before. Does nothing when there is nothing, or it is still not possible. */
  settle(): Promise<void>;
}

export interface RecorderOptions {
  readonly db: PeopleDb;
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly canRecord: () => boolean;
  readonly onWarning: (error: unknown, what: string) => void;
}

export function createRecorder({ db, audit, clock, canRecord, onWarning }: RecorderOptions): Recorder {
  const owe = (input: AppendInput<AuditAction>): void => {
    const owed = db.list('owed');
    db.change((change) => {
      if (owed.length < MOST_OWED) {
        const id = String(Number(owed.at(-1)?.[0] ?? 0) + 1).padStart(12, '0'); // in order, whatever the clock does
        change.put('owed', id, { at: clock.now(), input: JSON.parse(JSON.stringify(input)) });
        return;
      }
      const settings = db.get('settings', SETTINGS);
      const dropped = (settings?.owedDropped ?? 0) + 1;
      change.put('settings', SETTINGS, { passwordCost: settings?.passwordCost ?? null, owedDropped: dropped });
    });
  };
  const writeOwed = async (owed: readonly (readonly [string, OwedEntry])[]): Promise<void> => {
    await audit.append(describeOwed(owed, db.get('settings', SETTINGS)?.owedDropped ?? 0));
    const settings = db.get('settings', SETTINGS);
    if (settings !== null && settings.owedDropped > 0) {
      db.change((change) => change.put('settings', SETTINGS, { ...settings, owedDropped: 0 }));
    }
    for (const [id, { input }] of owed) {
      await audit.append(input as unknown as AppendInput<AuditAction>); // written by this room; the trail checks it again
      db.change((change) => change.delete('owed', id));
    }
  };
  let settling: Promise<void> | null = null;
  const settle = (): Promise<void> => {
    if (settling !== null) return settling;
    const owed = db.list('owed');
    if (owed.length === 0 || !canRecord()) return Promise.resolve();
    settling = writeOwed(owed).finally(() => {
      settling = null;
    });
    return settling;
  };
  const append = async <A extends AuditAction>(input: AppendInput<A>, consequence: string): Promise<void> => {
    try {
      await settle(); // first things first: what is owed stands before what happens now
    } catch (cause) {
      throw new CausewayError('audit-unavailable', `The audit trail cannot be written, ${consequence}.`, { cause });
    }
    await appendOrRefuse(audit, input, consequence);
  };
  const before: Recorder['before'] = async (input, consequence) => {
    if (canRecord()) return append(input, consequence);
    const text = `The audit trail writes nothing until its history is acknowledged, ${consequence}. Signing in, reading and acknowledging are possible.`;
    throw new CausewayError('audit-unavailable', text, { reason: 'cannot-record' });
  };
  const signIn: Recorder['signIn'] = async (input, consequence) => {
    if (canRecord()) await append(input, consequence);
    else owe(input);
  };
  const after: Recorder['after'] = async (input) => {
    if (canRecord()) {
      try {
        await append(input, 'and this is recorded later');
        return;
      } catch (error) {
        onWarning(error, 'something that happened could not be recorded at once');
        if (holdsClear(input)) return;
      }
    }
    owe(input);
  };
  const actBy =
    (record: Recorder['before']): Recorder['act'] =>
    async (records, consequence, change) => {
      const written: AppendInput<AuditAction>[] = [];
      try {
        for (const input of records) {
          await record(input, consequence);
          written.push(input);
        }
        return change();
      } catch (error) {
        for (const input of written) {
          await after({ ...input, outcome: 'failure' }).catch((unrecorded: unknown) =>
            onWarning(unrecorded, 'that something on record was not done could not be recorded'),
          );
        }
        throw error;
      }
    };
  return { settle, before, signIn, after, act: actBy(before), actSignIn: actBy(signIn) };
}

/** Whether something in it is yet to be sealed: only the trail can, so it cannot be kept for later. */
function holdsClear({ data }: AppendInput<AuditAction>): boolean {
  return Object.values(data).some((value) => value instanceof ToSeal);
}

/** Says that the following records are of earlier, and of when. */
function describeOwed(
  owed: readonly (readonly [string, OwedEntry])[],
  dropped: number,
): AppendInput<'tenant.configuration_changed'> {
  const times = owed.map(([, { at }]) => at);
  const first = new Date(Math.min(...times)).toISOString();
  const last = new Date(Math.max(...times)).toISOString();
  const more = dropped === 0 ? '' : `; ${dropped} more were not kept`;
  return {
    action: 'tenant.configuration_changed',
    outcome: 'success',
    actor: { type: 'system', id: 'causeway' },
    target: { type: 'setting', id: 'sign-ins-recorded-later' },
    data: {
      setting: 'sign-ins-recorded-later',
      old: null,
      new: `The next ${owed.length} records are of ${first} to ${last}, when the trail wrote nothing${more}`,
    },
  };
}
