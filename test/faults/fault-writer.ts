import { existsSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import type { AppendInput } from '#main/audit/append-input.ts';
import { openAuditStore } from '#main/audit/store.ts';
import { wallClock } from '#main/platform/clock.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { noteInput, roleInput, TEST_GENERATOR } from '../support/audit-store.ts';

/**
 * A process that does nothing but append, made to be killed or to have its system calls fail:
 * `node fault-writer.ts FOLDER SECRETS_FILE endless|short`. It says, before it goes on, each record the store
 * acknowledged (`ack SEQ HASH`), each one it refused (`refused CODE`), and what it could not do at all (`failed CODE`).
 */
const [folder = '', secretsFile = '', mode = 'short'] = process.argv.slice(2);

/** One write call a line: a killed process leaves whole lines behind. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Secrets that outlive the process, for these tests only. */
const entries = new Map<string, string>(existsSync(secretsFile) ? JSON.parse(readFileSync(secretsFile, 'utf8')) : []);
function save(): void {
  writeFileSync(`${secretsFile}.new`, JSON.stringify([...entries]));
  renameSync(`${secretsFile}.new`, secretsFile);
}
const secrets: SecretStore = {
  description: 'test file',
  durable: true,
  get: async (name) => {
    const found = entries.get(name);
    return found === undefined ? null : Buffer.from(found, 'base64');
  },
  set: async (name, secret) => {
    entries.set(name, Buffer.from(secret).toString('base64'));
    save();
  },
  delete: async (name) => {
    const had = entries.delete(name);
    save();
    return had;
  },
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(`${what} ${codeOf(error)}`);
  }
}

const generator = TEST_GENERATOR;
await attempt('failed', async () => {
  const random = systemRandom;
  const store = await openAuditStore({ folder, tenant: 'acme', secrets, clock: wallClock, random, generator });
  say(`open ${store.head().seq}`);
  const append = <A extends AuditAction>(input: AppendInput<A>) =>
    attempt('refused', async () => {
      const { seq, hash } = await store.append(input);
      say(`ack ${seq} ${hash}`);
    });
  const rounds = mode === 'endless' ? Number.POSITIVE_INFINITY : 2;
  for (let index = 0; index < rounds; index++) {
    await append(roleInput(`u${index}`));
    await Promise.all([append(noteInput('inc', `text ${index}`)), append(roleInput('a')), append(roleInput('b'))]);
    if (index % 20 === 1) await attempt('refused', () => store.checkpoint());
  }
  await attempt('failed', () => store.close());
});
say('end');
