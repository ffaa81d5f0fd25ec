import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CHEAP, openPeopled } from '../../support/peopled-console.ts';

/** A SecretStore in a file, so that it outlives a killed process; for tests only. */
export function fileSecrets(file: string): SecretStore {
  const entries = new Map<string, string>(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
  const keep = () => {
    writeFileSync(`${file}.new`, JSON.stringify([...entries]));
    renameSync(`${file}.new`, file);
  };
  return {
    description: 'test file',
    durable: true,
    get: async (name) => {
      const found = entries.get(name);
      return found === undefined ? null : Buffer.from(found, 'base64');
    },
    set: async (name, secret) => {
      entries.set(name, Buffer.from(secret).toString('base64'));
      keep();
    },
    delete: async (name) => {
      const deleted = entries.delete(name);
      keep();
      return deleted;
    },
  };
}

export function doomedConfig(folder: string, scenario: string, secretsFile: string) {
  return {
    folder,
    tenant: 'local',
    device: { id: 'd-1', name: 'demo-device' },
    secrets: fileSecrets(secretsFile),
    sandboxFolders: [scenario],
    passwordCost: CHEAP,
    version: '0.0.0-test',
  };
}

/**
 * A console made to be killed: `node doomed-program.ts FOLDER SCENARIO SECRETS_FILE`. It starts an investigation and
 * prints a line for every lease that is issued.
 */
if (process.argv[1] === import.meta.filename) {
  const [folder = '', scenario = '', secretsFile = ''] = process.argv.slice(2);
  const console = await openPeopled(doomedConfig(folder, scenario, secretsFile));
  const incident = await console.raiseSandboxAlarm(console.info().environments[0]?.id ?? '');
  const { id } = await console.startInvestigation(incident.id);
  const watch = setInterval(() => {
    const { total } = console.trailPage({ action: 'credential.issued', limit: 1 });
    process.stdout.write(`${total} leases\n`);
  }, 2);
  await console.settled(id);
  clearInterval(watch);
  process.stdout.write('too late\n');
}
