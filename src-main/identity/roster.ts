import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { OwnPerson, PersonView } from '#shared/ipc/access-views.ts';
import type { PersonEntry } from './people-entries.ts';
import { type Room, toTime, toTimeOrNull } from './room.ts';

/** A person who is here: not removed, so with a name and an e-mail address. */
export interface LivingPerson {
  readonly id: string;
  readonly entry: PersonEntry & { readonly name: string; readonly email: string };
}

type Reads = Pick<Room, 'db'>;

/** One person, one address: case does not make another. */
export function normalizeEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

/** Null also for a removed person. */
export function findPerson({ db }: Reads, id: string): LivingPerson | null {
  return livingOf(id, db.get('person', id));
}

function livingOf(id: string, entry: PersonEntry | null): LivingPerson | null {
  if (entry === null || entry.removedAt !== null || entry.name === null || entry.email === null) return null;
  return { id, entry: { ...entry, name: entry.name, email: entry.email } };
}

/** @throws CausewayError `not-found` */
export function requirePerson(room: Reads, id: string): LivingPerson {
  const found = findPerson(room, id);
  if (found !== null) return found;
  throw new CausewayError('not-found', 'There is no such person in this workspace; they may have been removed.');
}

/** In the order they came. */
export function livingPeople(room: Reads): readonly LivingPerson[] {
  const found = room.db.list('person').flatMap(([id, entry]) => livingOf(id, entry) ?? []);
  return found.sort((a, b) => a.entry.addedAt - b.entry.addedAt);
}

export function findByEmail(room: Reads, email: string): LivingPerson | null {
  const wanted = normalizeEmail(email);
  return livingPeople(room).find(({ entry }) => entry.email === wanted) ?? null;
}

export function nameOf(room: Reads, id: string): string {
  const entry = room.db.get('person', id);
  if (entry !== null) return entry.name ?? `Removed person ${id}`;
  const key = room.db.get('api-key', id);
  return key === null ? id : `API key ${key.label}`;
}

/** Follows aliases to the first account, and an API key to its owner. An id that is unknown is itself. */
export function humanBehind({ db }: Reads, id: string): string {
  const start = db.get('api-key', id)?.owner ?? id;
  const seen = new Set([start]);
  for (let human = start; ; ) {
    const next = db.get('person', human)?.aliasOf ?? null;
    if (next === null || seen.has(next)) return human; // cycles are refused when set; one must not hang this either
    seen.add(next);
    human = next;
  }
}

export function viewOf(room: Room, { id, entry }: LivingPerson): PersonView {
  const now = room.clock.now();
  const sessions = room.db
    .list('session')
    .filter(([, session]) => session.person === id && session.ended === null && session.expiresAt > now);
  return {
    id,
    name: entry.name,
    email: entry.email,
    role: entry.role,
    secondFactor: entry.totp !== null,
    aliasOf: entry.aliasOf,
    addedAt: toTime(entry.addedAt),
    lastSignInAt: toTimeOrNull(entry.lastSignInAt),
    sessions: sessions.length,
    lockedUntil: toTimeOrNull(room.attempts.lockedUntil(id)),
  };
}

export function ownView({ id, entry }: LivingPerson): z.infer<typeof OwnPerson> {
  const { name, email, role, totp, recovery } = entry;
  return { id, name, email, role, secondFactor: totp !== null, recoveryCodesLeft: recovery.length };
}
