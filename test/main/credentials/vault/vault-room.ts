import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AppendInput } from '#main/audit/append-input.ts';
import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { openVault, type Vault } from '#main/credentials/vault/vault.ts';
import { VAULT_MIGRATIONS } from '#main/credentials/vault/vault-db.ts';
import { awsVaultKms, type VaultKms } from '#main/credentials/vault/vault-kms.ts';
import type { VaultOptions } from '#main/credentials/vault/vault-terms.ts';
import type { Principal } from '#main/identity/principal.ts';
import { systemRandom } from '#main/platform/random.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import type { AuditWriter } from '#main/policy/audit-port.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { HandClock, openTestStore, removeFolder, temporaryFolder } from '../../../support/audit-store.ts';
import { type FaultyKms, startFaultyKms } from '../../../support/kms-faults.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { startTestSandbox } from '../../sandbox/clients.ts';

export const PERSON: Principal = {
  type: 'user',
  id: 'u-000000000001',
  human: 'u-000000000001',
  name: 'Placeholder Person',
  role: 'admin',
  tenant: 'acme',
  session: 's-1',
  device: { id: 'device-1', name: 'console' },
};
export const AGENT = { type: 'system', id: 'causeway' } as const;

export const bytes = (text: string) => new TextEncoder().encode(text);
export const textOf = (value: Uint8Array) => Buffer.from(value).toString('utf8');

/** The names of the keys in a keychain; what it knows of the vault's manifest is none. */
export const keysIn = ({ entries }: MemorySecrets) => [...entries.keys()].filter((name) => !name.endsWith('-anchor'));

/** A folder for a vault, a keychain, and an audit store whose records can be seen and refused. */
export interface VaultRoom {
  readonly folder: string;
  readonly secrets: MemorySecrets;
  readonly store: AuditStore;
  /** `action outcome` in the order of recording, and what tests put in between. */
  readonly events: string[];
  readonly recorded: AppendInput<AuditAction>[];
  readonly warnings: string[];
  /** Records of these actions are refused. */
  readonly refused: Set<string>;
  open(changes?: Partial<VaultOptions>): Promise<Vault>;
  /** Closes and opens. */
  reopen(vault: Vault, changes?: Partial<VaultOptions>): Promise<Vault>;
  /** Works on the file past the vault's own code, as whoever has it can. */
  tamper<T>(work: (db: Database) => T, tenant?: string): T;
}

export async function createVaultRoom(): Promise<VaultRoom> {
  const folder = temporaryFolder();
  const secrets = new MemorySecrets();
  const clock = new HandClock();
  const { store } = await openTestStore(join(folder, 'trail'), new MemorySecrets(), clock);
  const events: string[] = [];
  const recorded: AppendInput<AuditAction>[] = [];
  const warnings: string[] = [];
  const refused = new Set<string>();
  const vaults: Vault[] = [];
  const audit: AuditWriter = {
    append: (input) => {
      if (refused.has(input.action)) return Promise.reject(new Error('made to fail'));
      events.push(`${input.action} ${input.outcome}`);
      recorded.push(input);
      return store.append(input);
    },
  };
  onTestFinished(async () => {
    for (const vault of vaults) await vault.close();
    await store.close();
    removeFolder(folder);
  });
  const open = async (changes: Partial<VaultOptions> = {}) => {
    const tenant = changes.tenant ?? 'acme';
    const vault = await openVault({
      folder: join(folder, 'tenants', tenant),
      tenant,
      secrets,
      clock,
      random: systemRandom,
      audit,
      onWarning: (error, what) => warnings.push(`${what}: ${String(error)}`),
      ...changes,
    });
    vaults.push(vault);
    return vault;
  };
  return {
    folder,
    secrets,
    store,
    events,
    recorded,
    warnings,
    refused,
    open,
    reopen: async (vault, changes) => {
      await vault.close();
      return open(changes);
    },
    tamper: (work, tenant = 'acme') => {
      mkdirSync(join(folder, 'tenants', tenant), { recursive: true });
      const file = join(folder, 'tenants', tenant, 'vault.db');
      const db = openDatabase(file, { what: 'the test', migrations: VAULT_MIGRATIONS });
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
  };
}

export interface KmsVaultRoom extends VaultRoom {
  readonly kms: VaultKms;
  readonly proxy: FaultyKms;
  /** The sandbox's keys in a file, where tests change their states. */
  readonly keysFile: string;
  /** The same keys behind a sandbox that was started anew. */
  restart(): Promise<VaultKms>;
}

/** The same with the sandbox's KMS behind a proxy that can misbehave. */
export async function createKmsVaultRoom(): Promise<KmsVaultRoom> {
  const room = await createVaultRoom();
  const keysFile = join(room.folder, 'sandbox', 'kms-keys.json');
  const start = async () => {
    const { sandbox, account } = await startTestSandbox({}, { kmsKeys: keysFile });
    const proxy = await startFaultyKms(sandbox.endpoint);
    const kms = awsVaultKms('1', {
      endpoint: proxy.endpoint,
      region: account.region,
      keys: async () => account.baseCredentials,
    });
    onTestFinished(async () => {
      kms.close();
      await proxy.close();
    });
    return { kms, proxy };
  };
  const { kms, proxy } = await start();
  return { ...room, kms, proxy, keysFile, restart: async () => (await start()).kms };
}

export const SANDBOX_KMS: KeyChoice = { kind: 'sandbox-kms' };
