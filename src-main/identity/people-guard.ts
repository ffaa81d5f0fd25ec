import { isDeepStrictEqual } from 'node:util';
import type { ApiKeyEntry, Kind, PersonEntry } from './people-entries.ts';

/**
 * Whether a change of an entry is one the keychain counts, so that an older people.db is refused: people, roles, aliases,
 * passwords, second factors, recovery codes, invitations, keys, devices, and who held what when. Not counted is what
 * changes all the time, where a write to the keychain for each would be too much: sessions, failed attempts, used steps
 * of a second factor, and when somebody was last here. Those an older copy of the same generation brings back. A session
 * that ended is then open again for whoever has its token, a code for the minute and a half it is valid.
 */
export function isGuarded(kind: Kind, before: unknown, after: unknown): boolean {
  switch (kind) {
    case 'session':
    case 'lockout':
    case 'owed':
    case 'settings':
      return false;
    case 'person':
      return !isDeepStrictEqual(ofPerson(before), ofPerson(after));
    case 'api-key':
      return !isDeepStrictEqual(ofKey(before), ofKey(after));
    case 'invitation':
    case 'device':
    case 'device-binding':
    case 'company':
      return !isDeepStrictEqual(before, after);
  }
}

function ofPerson(value: unknown): unknown {
  if (value === undefined) return value;
  const entry = value as PersonEntry; // entries are parsed when they are read and when they are put
  return { ...entry, lastSignInAt: null, totp: entry.totp?.secret ?? null };
}

function ofKey(value: unknown): unknown {
  if (value === undefined) return value;
  return { ...(value as ApiKeyEntry), lastUsedAt: null };
}
