import { join } from 'node:path';
import { CausewayError } from '#shared/errors.ts';
import { TenantSlug } from '#shared/model/audit-record.ts';
import { keepSearchIndex, type SearchKeeper } from '../audit/search/search-keeper.ts';
import { awsKms, type SandboxCloud } from '../audit/signers/aws-kms.ts';
import { type AuditStore, type Generator, openAuditStore } from '../audit/store.ts';
import { wallClock } from '../platform/clock.ts';
import { type Log, openLogFile } from '../platform/log.ts';
import { systemRandom } from '../platform/random.ts';
import { explainSqliteError } from '../platform/sqlite-errors.ts';
import { openTenantWorkspaceDb, type WorkspaceDb } from '../platform/workspace-db.ts';
import { reserveRecordedIds } from '../platform/workspace-db-ids.ts';
import { acquireWorkspaceLock } from '../platform/workspace-lock.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import type { ConsoleConfig } from './config.ts';

/** What has to be opened, and closed again, for a console to exist. */
export interface Rooms {
  readonly store: AuditStore;
  readonly search: SearchKeeper;
  readonly db: WorkspaceDb;
  readonly sandbox: Sandbox | null;
  /** The sandbox's KMS; null without a sandbox. */
  readonly cloud: SandboxCloud | null;
  readonly log: Pick<Log, 'error' | 'warn'>;
  /** The folder of this workspace. */
  readonly folder: string;
  /** What was opened later and has to be closed before these. */
  closeFirst(close: () => void | Promise<void>): void;
  /** Closes everything in the reverse order, and what can be closed even when one of them fails; rejects with the first failure. */
  close(): Promise<void>;
}

/**
 * Opens a workspace's rooms: the lock first, so that nobody else has a database open. When one cannot be opened, those
 * opened before are closed and the room's own error is thrown.
 */
export async function openRooms(config: ConsoleConfig, generator: Generator): Promise<Rooms> {
  if (!TenantSlug.safeParse(config.tenant).success) {
    throw new CausewayError('bad-input', 'A tenant is named by lower-case letters, digits and hyphens.', {
      reason: 'tenant',
    });
  }
  const folder = join(config.folder, 'tenants', config.tenant);
  const closers: (() => void | Promise<void>)[] = [];
  try {
    const lock = acquireWorkspaceLock(config.folder);
    closers.push(() => lock.release());
    const log = config.log ?? openLog(join(config.folder, 'logs', 'console.log'));
    const sandbox = config.sandboxFolders.length === 0 ? null : await startOwnSandbox(config);
    if (sandbox !== null) closers.push(() => sandbox.close());
    const cloud = sandbox === null ? null : sandboxCloud(sandbox);
    const db = await openTenantWorkspaceDb({
      file: join(folder, 'workspace.db'),
      tenant: config.tenant,
      secrets: config.secrets,
      onDamaged: (row, err) => log.error({ err, ...row }, 'a damaged row of the workspace is left out'),
    });
    closers.push(() => db.close());
    const store = await openAuditStore({
      folder,
      tenant: config.tenant,
      secrets: config.secrets,
      clock: config.clock ?? wallClock,
      random: config.random ?? systemRandom,
      generator,
      onWarning: (err, what) => log.warn({ err }, what),
      kms: awsKms(config.version, cloud),
      beginWith: config.signingKey,
    });
    closers.push(() => store.close());
    reserveRecordedIds(db, store);
    const search = keepSearchIndex({
      folder,
      chain: store.chain,
      onError: (err) => log.warn({ err }, 'the search index cannot be used; searching reads the records themselves'),
    });
    closers.push(() => search.close());
    return {
      store,
      search,
      db,
      sandbox,
      cloud,
      log,
      folder,
      closeFirst: (close) => {
        closers.push(close);
      },
      close: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers).catch(() => undefined); // the reason why it could not be opened is the one to tell
    throw error;
  }
}

/** Its KMS keys are kept in the workspace: a trail one of them signs can be gone on with after a restart. */
function startOwnSandbox({ folder, sandboxFolders }: ConsoleConfig): Promise<Sandbox> {
  return startSandbox({ folders: sandboxFolders, kmsKeys: join(folder, 'sandbox', 'kms-keys.json') });
}

/** The first account's KMS serves the trail. */
function sandboxCloud({ endpoint, accounts: [account] }: Sandbox): SandboxCloud | null {
  if (account === undefined) return null;
  return { endpoint, region: account.region, keys: async () => account.baseCredentials };
}

function openLog(file: string): Log {
  try {
    return openLogFile(file);
  } catch (error) {
    throw explainSqliteError(error, 'the workspace');
  }
}

async function closeAll(closers: (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
