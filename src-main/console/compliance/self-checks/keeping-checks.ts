import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openSecret, type SecretPlace, sealSecret } from '#main/credentials/vault/envelope.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';
import { openSnapshot } from '#main/platform/sqlite.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, isRefused, partial } from './found.ts';

const CANARY = Buffer.from('a value made up for this check', 'utf8');

/** Seals a made-up secret, opens it, and tries to open it changed, moved and with another key. */
export async function checkEnvelope({ vault, config }: Parts): Promise<Found> {
  const place: SecretPlace = {
    tenant: config.tenant,
    id: 'self-check',
    integration: 'self-check',
    name: 'self-check',
    version: 1,
    wrappingKey: 'self-check',
  };
  const key = randomBytes(32);
  const sealed = sealSecret(key, CANARY, place, systemRandom);
  const opened = openSecret(key, sealed, place).equals(CANARY);
  const changed = Buffer.from(sealed);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const refused = {
    changed: await isRefused(() => openSecret(key, changed, place)),
    moved: await isRefused(() => openSecret(key, sealed, { ...place, id: 'elsewhere' })),
    otherKey: await isRefused(() => openSecret(randomBytes(32), sealed, place)),
    inClear: !sealed.includes(CANARY),
  };
  const secrets = vault.list().length;
  const wrapping = vault.key();
  const looked = { opened, refused, secrets, wrapping: wrapping?.kind ?? null };
  if (!opened || Object.values(refused).includes(false)) return fails('Sealing a secret does not hold.', looked);
  if (wrapping === null) {
    return partial('Sealing and opening hold, but no secret is kept in the vault yet: nothing uses it.', looked);
  }
  return holds(
    `${secrets} secrets, each under a data key of its own, wrapped by a key in ${wrapping.label}; tampering is refused.`,
    looked,
  );
}

/** Addresses, and names that do not stand in any file by chance. */
const tells = (word: string): boolean => /[@ ]/.test(word) || word.length >= 8;

/** What is encrypted by itself; the trail is searched by nobody here, as its sealed values are checked where it is verified. */
const DATABASES = ['people.db', 'workspace.db', 'vault.db', 'policies.db'];

/**
 * Looks for what names people in the databases of the workspace. They are read through SQLite: a file of a database that
 * is opened and closed in any other way takes away the locks this process holds on it (POSIX advisory locks).
 */
export async function checkAtRest({ rooms, identity }: Parts): Promise<Found> {
  const words = identity
    .people()
    .flatMap(({ name, email }) => [name, email])
    .filter(tells);
  const searched = DATABASES.filter((name) => existsSync(path.join(rooms.folder, name)));
  const leaking = searched.filter((name) => {
    const snapshot = openSnapshot(path.join(rooms.folder, name), 'a database of the workspace');
    try {
      const bytes = snapshot.serialize();
      return words.some((word) => bytes.includes(word));
    } finally {
      snapshot.close();
    }
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

/** That what one workspace sealed does not open in another one, and each has a folder of its own. */
export async function checkTenants({ config, rooms }: Parts): Promise<Found> {
  const key = randomBytes(32);
  const own = createCipher(key, config.tenant);
  const elsewhere = createCipher(key, `${config.tenant}-elsewhere`);
  const sealed = own.seal(CANARY, 'self-check');
  const looked = {
    folder: path.basename(rooms.folder) === config.tenant,
    refused: await isRefused(() => elsewhere.open(sealed, 'self-check')),
    chain: rooms.store.tenant === config.tenant,
  };
  if (!looked.folder || !looked.refused || !looked.chain) return fails('Workspaces are not kept apart.', looked);
  return holds('Each workspace has files and keys of its own; what one sealed another one cannot open.', looked);
}
