import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStation, type Station, type StationConfig } from '#main/console/station.ts';
import type { Workspace } from '#main/console.ts';
import type { SignedIn } from '#main/identity/identity.ts';
import { type AccessDesk, createAccessDesk } from '#main/shell/access-desk.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { CHEAP, OPERATOR } from './peopled-console.ts';

export interface QuickStation {
  readonly folder: string;
  readonly secrets: MemorySecrets;
  readonly config: StationConfig;
  readonly station: Station;
  readonly logged: readonly unknown[];
  /** Where one workspace's files are. */
  readonly tenantFolder: (tenant: string) => string;
  end(): Promise<void>;
}

/** A data folder without workspaces, a keychain in memory, and no cloud. */
export async function openQuickStation(more: Partial<StationConfig> = {}): Promise<QuickStation> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-station-'));
  const secrets = new MemorySecrets();
  const logged: unknown[] = [];
  const keep = (...entry: unknown[]) => {
    logged.push(entry);
  };
  const config: StationConfig = {
    folder,
    device: { id: 'd-1', name: 'demo-device' },
    secrets,
    sandboxFolders: [],
    passwordCost: CHEAP,
    version: '0.0.0-test',
    log: { error: keep, warn: keep },
    ...more,
  };
  const station = createStation(config);
  return {
    folder,
    secrets,
    config,
    station,
    logged,
    tenantFolder: (tenant) => join(folder, 'tenants', tenant),
    end: async () => {
      await station.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface QuickDesk extends QuickStation {
  readonly desk: AccessDesk;
  readonly errors: readonly unknown[];
}

/** With the window's place at it; nobody is signed in, and there is no workspace. */
export async function openQuickDesk(more: Partial<StationConfig> = {}): Promise<QuickDesk> {
  const quick = await openQuickStation(more);
  const errors: unknown[] = [];
  const desk = createAccessDesk({ station: quick.station, onError: (error) => errors.push(error) });
  return {
    ...quick,
    desk,
    errors,
    end: async () => {
      await desk.close();
      await quick.end();
    },
  };
}

/** The first run: a workspace of this title, with its owner signed in at the window. */
export async function makeWorkspace({ desk }: Pick<QuickDesk, 'desk'>, title = 'First place'): Promise<Workspace> {
  await desk.flows['access.createWorkspace']({ title, ...OPERATOR });
  const workspace = desk.workspace();
  if (workspace === null) throw new Error('no workspace is open');
  return workspace;
}

/** Signs somebody in beside the window, as the terminal does. */
export async function signInBeside(
  { identity }: Workspace,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<SignedIn> {
  const result = await identity.signIn({ email, password });
  if (result.step !== 'done') throw new Error('a second factor is asked for');
  return result;
}

export interface FoundRecord<A extends AuditAction> {
  readonly seq: number;
  readonly record: AuditRecord;
  readonly data: AuditData<A>;
}

/** Records of one action in a workspace, oldest first, as somebody in it reads them. */
export function recordsIn<A extends AuditAction>(
  workspace: Workspace,
  by: SignedIn['principal'],
  action: A,
): readonly FoundRecord<A>[] {
  const console = workspace.as(by);
  return console
    .trailPage({ action, limit: 500 })
    .rows.map(({ seq }) => {
      const record = JSON.parse(console.trailRecord(seq).bytes) as AuditRecord;
      return { seq, record, data: AUDIT_DATA[action].parse(record.data) as AuditData<A> };
    })
    .reverse();
}
