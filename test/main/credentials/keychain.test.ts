import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemorySecrets } from '#main/credentials/memory-secrets.ts';
import { type PrivateKeychain, startKeychain } from '../../support/keychain.ts';

const PROGRAM = path.join(import.meta.dirname, 'keychain-program.ts');
const MISSING = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
const WHY = MISSING.length > 0 ? `, skipped: this machine has no ${MISSING.join(', ')}` : '';
const onLinux = describe.skipIf(process.platform !== 'linux' || MISSING.length > 0);

/** Runs the program with nothing of the tester's own session in its environment. */
function run(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`exit ${code}: ${err}`))));
  });
}

onLinux(`a real Secret Service keychain${WHY}`, () => {
  let keychain: PrivateKeychain;
  beforeAll(async () => {
    keychain = await startKeychain();
  });
  afterAll(() => keychain.stop());

  test('keeps bytes of any value across processes, overwrites and deletes them', async () => {
    const secret = Buffer.from(Array.from({ length: 256 }, (_, n) => n)).toString('hex');
    expect(await run(keychain.env, 'open')).toMatchObject({ description: 'Secret Service keychain', durable: true });
    expect(await run(keychain.env, 'get', 'signing-key')).toMatchObject({ secret: null });
    await run(keychain.env, 'set', 'signing-key', 'ff');
    await run(keychain.env, 'set', 'signing-key', secret);
    expect(await run(keychain.env, 'get', 'signing-key')).toMatchObject({ secret });
    expect(await run(keychain.env, 'get', 'other')).toMatchObject({ secret: null });
    expect(await run(keychain.env, 'delete', 'signing-key')).toMatchObject({ deleted: true });
    expect(await run(keychain.env, 'delete', 'signing-key')).toMatchObject({ deleted: false });
    expect(await run(keychain.env, 'get', 'signing-key')).toMatchObject({ secret: null });
  }, 60_000); // nine processes, one after the other

  test('leaves no probe behind', () => {
    const found = spawnSync(
      'dbus-send',
      [
        '--session',
        '--print-reply=literal',
        '--dest=org.freedesktop.secrets',
        '/org/freedesktop/secrets',
        'org.freedesktop.Secret.Service.SearchItems',
        'dict:string:string:service,causeway-test',
      ],
      { env: { ...process.env, ...keychain.env }, encoding: 'utf8' },
    );
    expect(found.status).toBe(0);
    expect(found.stdout).not.toContain('/org/freedesktop/secrets/collection');
  });

  /** @securityTest A locked keychain is refused within the time limit, without a fallback */
  test('is refused when it is locked and nobody can unlock it', async () => {
    const locked = spawnSync(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.freedesktop.secrets',
        '/org/freedesktop/secrets',
        'org.freedesktop.Secret.Service.Lock',
        'array:objpath:/org/freedesktop/secrets/collection/login',
      ],
      { env: { ...process.env, ...keychain.env }, encoding: 'utf8' },
    );
    expect(locked.status).toBe(0);
    const answer = await run(keychain.env, 'open');
    expect(answer).toMatchObject({ code: 'keychain-unavailable' });
    expect(answer.ms).toBeLessThan(10_000);
  });

  test('is refused when it does not answer in time, as while a dialog waits that nobody sees', async () => {
    expect(await run(keychain.env, 'hurry')).toMatchObject({
      code: 'keychain-unavailable',
      reason: 'keychain-timeout',
      message: expect.stringContaining('may be locked'),
    });
  });
});

onLinux(`no keychain${WHY}`, () => {
  /** @securityTest Without a keychain the program refuses and says what to do; it does not fall back to the kernel's keyring */
  test('no session bus: refused with what to do about it', async () => {
    const answer = await run({ HOME: '/nonexistent' }, 'open');
    expect(answer).toMatchObject({
      code: 'keychain-unavailable',
      message: expect.stringMatching(/gnome-keyring or KWallet.*dbus-run-session/s),
    });
  });

  test('a session bus without a Secret Service: the same', async () => {
    const bare = await startKeychain({ withService: false });
    try {
      expect(await run(bare.env, 'open')).toMatchObject({ code: 'keychain-unavailable' });
    } finally {
      await bare.stop();
    }
  });
});

test('secrets in memory are kept apart from the caller, and say that they do not last', async () => {
  const secrets = createMemorySecrets();
  expect(secrets.durable).toBe(false);
  expect(secrets.description).toMatch(/memory/);
  const secret = Uint8Array.from([1, 2, 3]);
  await secrets.set('a', secret);
  secret.fill(0);
  expect(await secrets.get('a')).toEqual(Uint8Array.from([1, 2, 3]));
  expect(await secrets.get('b')).toBeNull();
  expect(await secrets.delete('a')).toBe(true);
  expect(await secrets.delete('a')).toBe(false);
});
