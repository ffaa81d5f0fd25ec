import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendInput } from '#main/audit/append-input.ts';
import { type AuditStore, openAuditStore } from '#main/audit/store.ts';
import { type Identity, type OpenIdentityOptions, openIdentity } from '#main/identity/identity.ts';
import type { PasswordCost } from '#main/identity/passwords.ts';
import type { Principal } from '#main/identity/principal.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { AuditWriter } from '#main/policy/audit-port.ts';
import { loadPermissions } from '#main/policy/permissions.ts';
import type { Role } from '#shared/model/access.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { HandClock, removeFolder, TEST_GENERATOR, temporaryFolder } from '../../support/audit-store.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

/** Enough to be Argon2id, and quick. */
export const SMALL_COST: PasswordCost = { memoryKiB: 64, passes: 1, lanes: 1 };
export const OWNER = { name: 'Olga Owner', email: 'olga@example.test', password: 'correct horse battery staple' };
export const OTHER_PASSWORD = 'a rather long winding road';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The product's own table of roles; asking it what a role may do writes nothing. */
const permissions = await loadPermissions({
  tenant: 'acme',
  audit: { append: () => Promise.reject(new Error('nothing is refused here')) },
});

export interface IdentityScene {
  readonly folder: string;
  readonly secrets: MemorySecrets;
  readonly clock: HandClock;
  readonly store: AuditStore;
  /** Set: appending rejects with it. */
  broken: Error | null;
  /** What `canRecord` answers. */
  canRecord: boolean;
  /** Called before each record, with what is to be written. */
  onAppend: ((input: AppendInput<AuditAction>) => void) | null;
  readonly warnings: string[];
  identity: Identity;
  /** Closes identity and opens it again, as a restart does. */
  reopen(more?: Partial<OpenIdentityOptions>): Promise<Identity>;
  records(action?: AuditAction): readonly AuditRecord[];
  /** Invites and accepts. */
  join(by: Principal, role: Role, email?: string, name?: string): Promise<{ token: string; principal: Principal }>;
  close(): Promise<void>;
}

export async function openScene(more: Partial<OpenIdentityOptions> = {}): Promise<IdentityScene> {
  const folder = join(temporaryFolder(), 'acme');
  mkdirSync(folder);
  const secrets = new MemorySecrets();
  const clock = new HandClock();
  const generator = TEST_GENERATOR;
  const store = await openAuditStore({ folder, tenant: 'acme', secrets, clock, random: systemRandom, generator });
  const audit: AuditWriter = {
    append: (input) => {
      if (scene.broken !== null) return Promise.reject(scene.broken);
      scene.onAppend?.(input as unknown as AppendInput<AuditAction>);
      return store.append(input);
    },
  };
  const options: OpenIdentityOptions = {
    folder,
    tenant: 'acme',
    secrets,
    clock,
    random: systemRandom,
    audit,
    device: { id: 'd-000000000001', name: 'test device' },
    passwordCost: SMALL_COST,
    allowed: permissions.allowed,
    canRecord: () => scene.canRecord,
    onWarning: (_error, what) => scene.warnings.push(what),
    ...more,
  };
  const partial: Omit<IdentityScene, 'identity'> = {
    folder,
    secrets,
    clock,
    store,
    broken: null,
    canRecord: true,
    onAppend: null,
    warnings: [],
    reopen: async (changed = {}) => {
      scene.identity.close();
      scene.identity = await openIdentity({ ...options, ...changed });
      return scene.identity;
    },
    records: (action) => {
      const found: AuditRecord[] = [];
      for (let seq = 1; seq <= store.head().seq; seq++) {
        const record = store.get(seq)?.record;
        if (record !== undefined && (action === undefined || record.action === action)) found.push(record);
      }
      return found;
    },
    join: async (by, role, email = `${role}@example.test`, name = `Demo ${role}`) => {
      const { code } = await scene.identity.invite(by, { email, role });
      return scene.identity.acceptInvitation({ code, name, password: OTHER_PASSWORD });
    },
    close: async () => {
      scene.identity.close();
      await store.close();
      removeFolder(join(folder, '..'));
    },
  };
  const scene = partial as IdentityScene;
  scene.identity = await openIdentity(options);
  return scene;
}

/** The code and reason something is refused with. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { code, reason } = error as { code?: string; reason?: string };
    if (code === undefined) throw error;
    return reason === undefined ? code : `${code}: ${reason}`;
  }
  return 'done';
}
