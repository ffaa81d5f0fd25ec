import { PERMISSIONS, type Permission } from '#shared/model/access.ts';
import type { PeopleChange } from './people-db.ts';
import type { Room } from './room.ts';
import { humanBehind, livingPeople } from './roster.ts';

/** The one entry of its kind. */
const ENTRY = 'moments';

/** The humans, not the accounts, whose role permits this now. */
function holders(room: Room, permission: Permission): ReadonlySet<string> {
  const may = livingPeople(room).filter(({ entry }) => room.may(entry.role, permission));
  return new Set(may.map(({ id }) => humanBehind(room, id)));
}

/**
 * Keeps, for each permission that two or more humans hold at this moment, that they did. To be called within every change
 * that can leave fewer of them (a role, an alias, a removal), before it: what two people must do is otherwise done by the
 * one who made the second disappear a minute before.
 */
export function noteCompany(room: Room, change: PeopleChange): void {
  const shared = PERMISSIONS.filter((permission) => holders(room, permission).size > 1);
  if (shared.length === 0) return;
  const now = room.clock.now();
  const kept = room.db.get('company', ENTRY)?.lastShared ?? {};
  const moments = Object.fromEntries(shared.map((permission) => [permission, now]));
  change.put('company', ENTRY, { lastShared: { ...kept, ...moments } });
}

/** See `Identity.alone`. A clock that was set back does not shorten it. */
export function isAlone(room: Room, permission: Permission, forMs: number): boolean {
  if (holders(room, permission).size !== 1) return false;
  const last = room.db.get('company', ENTRY)?.lastShared[permission];
  return last === undefined || room.clock.now() - last >= forMs;
}
