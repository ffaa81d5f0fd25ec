import { CausewayError } from '#shared/errors.ts';
import type { Role } from '#shared/model/access.ts';
import type { Principal } from './principal.ts';
import type { Room } from './room.ts';
import { findPerson, humanBehind, type LivingPerson, livingPeople } from './roster.ts';
import { tokenRefused } from './tokens.ts';

/**
 * What holds about people whatever the permission policies say: they could be changed by two people, this cannot. The
 * stored role counts, and a principal that came with another one is refused.
 * @throws CausewayError `denied` (`tenant`, `permission`), `sign-in-required` (`session`, `expiry`, `locked`, `api-key`)
 */
export function requireActor(room: Room, by: Principal): LivingPerson {
  if (by.tenant !== room.tenant) throw denied('This belongs to another workspace.', 'tenant');
  const owner = by.type === 'user' ? by.id : (room.db.get('api-key', by.id)?.owner ?? by.id);
  const person = findPerson(room, owner);
  if (person === null) throw denied('You are no longer in this workspace.', 'permission');
  if (by.type === 'user') requireSession(room, by);
  else requireKey(room, by);
  // a principal of an earlier role was let in for what that one permitted
  if (person.entry.role !== by.role) throw tokenRefused('session');
  return person;
}

/** A principal is kept by whoever asks for it, for instance while a dialog is open; its session may end meanwhile. */
function requireSession({ db, clock }: Room, { id, session }: Principal): void {
  const entry = db.get('session', session);
  if (entry === null || entry.person !== id || entry.ended !== null) throw tokenRefused('session');
  if (clock.now() >= entry.expiresAt) throw tokenRefused('expiry');
  if (entry.locked) throw tokenRefused('locked');
}

function requireKey({ db, clock }: Room, { id }: Principal): void {
  const entry = db.get('api-key', id);
  if (entry !== null && entry.revokedAt === null && (entry.expiresAt ?? Number.POSITIVE_INFINITY) > clock.now()) return;
  const text = 'This API key is revoked or expired. Make a new one.';
  throw new CausewayError('sign-in-required', text, { reason: 'api-key' });
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
