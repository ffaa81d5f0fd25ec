import { randomBytes } from 'node:crypto';
import { AsyncEntry } from 'keytar';
import { CausewayError } from '#shared/errors.ts';
import type { SecretStore } from '../platform/secret-store.ts';

/** A locked keychain may wait for a dialog nobody sees; long enough for a person to type a password, not for ever. */
const TIMEOUT_MS = 30_000;

const DESCRIPTIONS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'macOS Keychain',
  win32: 'Windows Credential Manager',
  linux: 'Secret Service keychain',
};

const ADVICE: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Unlock the login keychain in Keychain Access and start again.',
  win32: 'Check that the service "Credential Manager" is running and start again.',
  linux:
    'Start and unlock gnome-keyring or KWallet and start again; on a server without a desktop, run inside ' +
    '"dbus-run-session" after "gnome-keyring-daemon --unlock".',
};

/**
 * The operating system's keychain, tried out by writing, reading and deleting a probe.
 * On Linux pinned to the Secret Service: the library would otherwise fall back without a word to the kernel's keyring,
 * which forgets everything at reboot.
 * @throws CausewayError `keychain-unavailable` with what to do about it; there is no fallback.
 */
export async function openKeychain(
  service: string,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<SecretStore> {
  const use = <T>(name: string, action: (entry: AsyncEntry) => Promise<T>): Promise<T> =>
    withinTime(timeoutMs, async () => action(new AsyncEntry(service, name, { linux: { store: 'secret-service' } })));
  const store: SecretStore = {
    description: DESCRIPTIONS[process.platform] ?? 'system keychain',
    durable: true,
    get: (name) =>
      use(name, async (entry) => {
        const secret = await entry.getSecret();
        return secret === null ? null : Uint8Array.from(secret);
      }),
    set: (name, secret) => use(name, (entry) => entry.setSecret(secret)),
    delete: (name) => use(name, (entry) => entry.deleteCredential()),
  };
  await probe(store);
  return store;
}

/** A keychain that answers is not yet one that keeps: write, read back, delete, and look again. */
async function probe(store: SecretStore): Promise<void> {
  const name = `probe-${randomBytes(8).toString('hex')}`;
  const secret = randomBytes(32);
  await store.set(name, secret);
  const read = await store.get(name);
  const deleted = await store.delete(name);
  if (read === null || !secret.equals(read) || !deleted || (await store.get(name)) !== null) {
    throw unavailable(new Error('The keychain did not give back what was stored in it.'), 'keychain-forgets');
  }
}

async function withinTime<T>(timeoutMs: number, action: () => Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(unavailable(new Error(`No answer within ${timeoutMs} ms.`), 'keychain-timeout')),
    timeoutMs,
  );
  try {
    return await Promise.race([action(), timeout.promise]);
  } catch (error) {
    throw error instanceof CausewayError ? error : unavailable(error, 'keychain-failed');
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown, reason: string): CausewayError {
  const what = reason === 'keychain-timeout' ? 'does not answer; it may be locked' : 'cannot be used';
  const advice = ADVICE[process.platform] ?? 'Set one up and start again.';
  return new CausewayError(
    'keychain-unavailable',
    `The keychain ${what}. Causeway keeps its signing key only there, so it does not start. ${advice}`,
    { cause, reason },
  );
}
