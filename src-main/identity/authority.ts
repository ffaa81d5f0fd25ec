import { CausewayError } from '#shared/errors.ts';
import type { Role } from '#shared/model/access.ts';
import type { Principal } from './principal.ts';
import type { Room } from './room.ts';
import { findPerson, humanBehind, type LivingPerson, livingPeople } from './roster.ts';

/**
 * What holds about people whatever the permission policies say: they could be changed by two people, this cannot. The
 * stored role counts, not the one the principal came with.
 */
export function requireActor(room: Room, by: Principal): LivingPerson {
  if (by.tenant !== room.tenant) throw denied('This belongs to another workspace.', 'tenant');
  const owner = by.type === 'user' ? by.id : (room.db.get('api-key', by.id)?.owner ?? by.id);
  const person = findPerson(room, owner);
  if (person === null) throw denied('You are no longer in this workspace.', 'permission');
  return person;
}

/** For what an API key can never do, whatever its scopes. */
export function requireHuman(room: Room, by: Principal): LivingPerson {
  if (by.type !== 'user') throw denied('Only a person who is signed in may do this, not an API key.', 'human-required');
  return requireActor(room, by);
}

/** Only an owner makes an owner, or changes one. */
export function requireOwnerFor(actor: LivingPerson, ...roles: readonly Role[]): void {
  if (!roles.includes('owner') || actor.entry.role === 'owner') return;
  throw denied('Only an owner may make an owner or change one.', 'owner-required');
}

/** Nobody gives themselves rights, or takes themselves out of four eyes: not by any account of theirs, at any of them. */
export function requireAnother(room: Room, actor: LivingPerson, person: LivingPerson): void {
  if (humanBehind(room, actor.id) !== humanBehind(room, person.id)) return;
  const text = 'You cannot do this to an account of your own. Ask another person who manages people.';
  throw denied(text, 'own-account');
}

/** Whoever is made one human with an owner takes that owner out of four eyes: so that is an owner's, on both sides. */
export function requireOwnerForHumans(room: Room, actor: LivingPerson, ...accounts: readonly string[]): void {
  const humans = new Set(accounts.map((id) => humanBehind(room, id)));
  const theirs = livingPeople(room).filter(({ id }) => humans.has(humanBehind(room, id)));
  requireOwnerFor(actor, ...theirs.map(({ entry }) => entry.role));
}

/** A workspace without an owner could never be managed again. */
export function requireOwnerLeft(room: Room, without: LivingPerson): void {
  if (without.entry.role !== 'owner') return;
  if (livingPeople(room).some(({ id, entry }) => entry.role === 'owner' && id !== without.id)) return;
  const text = 'This is the last owner of the workspace. Make somebody else an owner first.';
  throw new CausewayError('conflict', text, { reason: 'last-owner' });
}

function denied(text: string, reason: string): CausewayError {
  return new CausewayError('denied', text, { reason });
}
