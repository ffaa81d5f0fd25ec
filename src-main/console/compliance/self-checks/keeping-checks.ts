import { randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openSecret, type SecretPlace, sealSecret } from '#main/credentials/vault/envelope.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';
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

/** Looks for what names people in the files of the workspace. */
export async function checkAtRest({ rooms, identity }: Parts): Promise<Found> {
  const words = identity
    .people()
    .flatMap(({ name, email }) => [name, email])
    .filter(tells);
  const files = (await readdir(rooms.folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  const leaking: string[] = [];
  const searched: string[] = [];
  for (const { name } of files) {
    // what cannot be read was not searched: then nothing is said to be in order
    if (await holdsAny(path.join(rooms.folder, name), words)) leaking.push(name);
    searched.push(name);
  }
  const looked = { files: searched.sort(), words: words.length, leaking };
  if (leaking.length > 0) return fails(`Names or addresses stand readable in ${leaking.join(', ')}.`, looked);
  if (searched.length === 0 || words.length === 0)
    return partial('There is nothing to search, or nothing to search for.', looked);
  return holds(
    `${searched.length} files were searched for ${words.length} names and addresses: none is readable.`,
    looked,
  );
}

const PIECE = 4 * 1024 * 1024;

/** Whether one of these words stands in a file, as UTF-8. Read in pieces that overlap by more than a word. */
async function holdsAny(file: string, words: readonly string[]): Promise<boolean> {
  const overlap = 1024;
  const buffer = Buffer.alloc(PIECE + overlap);
  const handle = await open(file, 'r');
  try {
    let kept = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, kept, PIECE, null);
      if (bytesRead === 0) return false;
      const piece = buffer.subarray(0, kept + bytesRead);
      if (words.some((word) => piece.includes(word))) return true;
      kept = Math.min(overlap, piece.length);
      buffer.copyWithin(0, piece.length - kept, piece.length);
    }
  } finally {
    await handle.close();
  }
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
