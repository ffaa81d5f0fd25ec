import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { openAuditStore } from '#main/audit/store.ts';
import { wallClock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { noteInput, roleInput, TEST_GENERATOR } from './audit-store.ts';

/**
 * A process that does nothing but append, made to be killed: `node audit-writer.ts FOLDER SECRETS_FILE`. It prints seq and
 * hash of each record after the store acknowledged it.
 */
const [folder = '', secretsFile = ''] = process.argv.slice(2);

/** Secrets that outlive the process, for this test only. */
const entries = new Map<string, string>(existsSync(secretsFile) ? JSON.parse(readFileSync(secretsFile, 'utf8')) : []);
const secrets: SecretStore = {
  description: 'test file',
  durable: true,
  get: async (name) => {
    const found = entries.get(name);
    return found === undefined ? null : Buffer.from(found, 'base64');
  },
  set: async (name, secret) => {
    entries.set(name, Buffer.from(secret).toString('base64'));
    writeFileSync(`${secretsFile}.new`, JSON.stringify([...entries]));
    renameSync(`${secretsFile}.new`, secretsFile);
  },
  delete: async (name) => entries.delete(name),
};

const store = await openAuditStore({
  folder,
  tenant: 'acme',
  secrets,
  clock: wallClock,
  random: systemRandom,
  generator: TEST_GENERATOR,
});
for (let index = 0; ; index++) {
  const size = 1 + (index % 5);
  const appended = Array.from({ length: size }, (_, n) =>
    store.append(n % 2 === 0 ? roleInput(`u${index}`) : noteInput('inc', 'text')),
  );
  for (const { seq, hash } of await Promise.all(appended)) process.stdout.write(`${seq} ${hash}\n`);
  if (index % 50 === 49) await store.checkpoint();
}
