import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { Permission, Role } from '#shared/model/access.ts';
import type { Attempts } from './attempts.ts';
import type { PasswordCost } from './passwords.ts';
import type { PeopleDb } from './people-db.ts';
import type { Recorder } from './recorder.ts';

/** What the parts of this room share. */
export interface Room {
  readonly tenant: string;
  readonly device: { readonly id: string; readonly name: string };
  readonly db: PeopleDb;
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly attempts: Attempts;
  readonly canRecord: () => boolean;
  /** Whether the policies permit this to a role. False for everything where they are not known. */
  readonly may: (role: Role, permission: Permission) => boolean;
  /** What a new hash costs. */
  readonly cost: () => PasswordCost;
  readonly notify: (what: 'access' | 'people') => void;
  readonly onWarning: (error: unknown, what: string) => void;
}

export type IdPrefix = 'u' | 's' | 'i' | 'key' | 'dk';

/** A pseudonym: random, so that it tells nothing and is never given twice. */
export function newId({ random }: Pick<Room, 'random'>, prefix: IdPrefix): string {
  return `${prefix}-${Buffer.from(random.bytes(6)).toString('hex')}`;
}

export const toTime = (ms: number): string => new Date(ms).toISOString();
export const toTimeOrNull = (ms: number | null): string | null => (ms === null ? null : toTime(ms));
