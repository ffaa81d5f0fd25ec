import { CausewayError } from '#shared/errors.ts';
import type { Cipher } from '../platform/cipher.ts';
import type { Database } from '../platform/sqlite.ts';

const CHECK = Buffer.from('causeway policies', 'ascii');
const CHECK_PLACE = 'policies/key-check';

/**
 * Compares the key with the one under which a database keeps something, by a known text; the first key is taken as it is.
 * Another store under the same key may have made a new one after it was lost.
 * @throws CausewayError `keychain-unavailable` with reason `key-lost`
 */
export function demandKey(db: Database, cipher: Cipher, what: string): void {
  const kept = db.prepare<[], { readonly sealed: Buffer }>('SELECT sealed FROM key_check').get();
  if (kept === undefined) {
    db.prepare('INSERT INTO key_check (number, sealed) VALUES (1, ?)').run(cipher.seal(CHECK, CHECK_PLACE));
    return;
  }
  try {
    cipher.open(kept.sealed, CHECK_PLACE);
  } catch (cause) {
    const text = `The keychain has another key than the one under which ${what} are kept. Restore the keychain entry; without it nothing stored under it can be read.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'key-lost', cause });
  }
}
