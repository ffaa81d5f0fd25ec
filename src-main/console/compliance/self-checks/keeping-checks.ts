import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, partial } from './found.ts';
import { inSnapshot } from './sealed-rows.ts';

/** Addresses, and names that do not stand in any file by chance. */
const tells = (word: string): boolean => /[@ ]/.test(word) || word.length >= 8;

/** What is encrypted by itself; the trail is searched by nobody here, as its sealed values are checked where it is verified. */
const DATABASES = ['people.db', 'workspace.db', 'vault.db', 'policies.db'];

/** Looks for what names people in the databases of the workspace. */
export async function checkAtRest({ rooms, identity }: Parts): Promise<Found> {
  const words = identity
    .people()
    .flatMap(({ name, email }) => [name, email])
    .filter(tells);
  const searched = DATABASES.filter((name) => existsSync(path.join(rooms.folder, name)));
  const leaking = searched.filter((name) => {
    const bytes = inSnapshot(rooms.folder, name, (db) => db.serialize());
    return words.some((word) => bytes.includes(word));
  });
  const looked = { files: searched, words: words.length, leaking };
  if (leaking.length > 0) return fails(`Names or addresses stand readable in ${leaking.join(', ')}.`, looked);
  if (searched.length === 0 || words.length === 0) {
    return partial('There is nothing to search, or nothing to search for.', looked);
  }
  return holds(
    `${searched.length} databases were searched for ${words.length} names and addresses: none is readable.`,
    looked,
  );
}
