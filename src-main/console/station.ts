import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { CausewayError } from '#shared/errors.ts';
import { WorkspaceSummary } from '#shared/model/access.ts';
import { TenantSlug } from '#shared/model/audit-record.ts';
import { openWorkspace, type Workspace } from '../console.ts';
import { isFull, notWritten } from '../platform/not-written.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import { createAuditorDesk } from './compliance/auditor-desk.ts';
import type { AuditorDesk } from './compliance/compliance-desk.ts';
import type { ConsoleConfig } from './config.ts';
import { EXAMPLE, exampleCancelled } from './example-year/example.ts';
import { makeExample } from './make-example.ts';
import { titleName } from './workspace-title.ts';

const LONGEST_SLUG = 40;

/** The workspaces of one data folder. Each has a folder, files and keys of its own, and one at a time is open. */
export interface Station {
  /** By title. */
  list(): Promise<readonly WorkspaceSummary[]>;
  /** Where the keys are kept, in words for people. */
  readonly keychain: { readonly description: string; readonly durable: boolean };
  /** The open one. */
  current(): Workspace | null;
  /** Makes a workspace and opens it; the one that was open is closed. Its people are still to be made. */
  create(title: string): Promise<Workspace>;
  /** Opens this one, and closes another. `not-found` when there is none; otherwise as `openWorkspace`. */
  open(tenant: string): Promise<Workspace>;
  /**
   * Makes the example workspace, with a year of plainly synthetic history, and opens it; one that is there is opened.
   * When it is cancelled, also by `close`, nothing of it is left, and what was open is open again.
   * @throws CausewayError as `create`, `cancelled`
   */
  loadExample(options: ExampleLoading): Promise<ExampleYear>;
  /** For an auditor, who needs no account. */
  readonly auditor: AuditorDesk;
  close(): Promise<void>;
}

export interface ExampleLoading {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Fewer make it quicker. Default: 100,000. */
  readonly records?: number | undefined;
}

/** How to sign in to the example workspace: its people are made up, and their passwords are no secret. */
export interface ExampleYear {
  readonly tenant: string;
  readonly email: string;
  readonly password: string;
}

export type StationConfig = Omit<ConsoleConfig, 'tenant'>;

export function createStation(config: StationConfig): Station {
  const { secrets } = config;
  const folder = path.join(config.folder, 'tenants');
  let current: Workspace | null = null;
  let loading: AbortController | null = null;
  // One after the other: two workspaces open at once would be two writers on one data folder.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = queue.then(work, work);
    queue = mine.catch(() => undefined);
    return mine;
  };

  async function close(): Promise<void> {
    const open = current;
    current = null;
    await open?.close();
  }

  async function open(tenant: string): Promise<Workspace> {
    if (current?.tenant === tenant) return current;
    if (!listTenants(folder).includes(tenant)) {
      throw new CausewayError('not-found', `There is no workspace called ${tenant} here.`);
    }
    await close();
    current = await openWorkspace({ ...config, tenant });
    return current;
  }

  /** Whatever was open is closed meanwhile. */
  async function makeNew({ signal, ...options }: ExampleLoading): Promise<void> {
    if (signal?.aborted) throw exampleCancelled();
    const before = current?.tenant;
    const ended = new AbortController();
    loading = ended;
    try {
      await close();
      const signals = signal === undefined ? [ended.signal] : [ended.signal, signal];
      await makeExample(config, { ...options, signal: AbortSignal.any(signals) });
    } catch (error) {
      if (before !== undefined && !ended.signal.aborted) {
        // why there is no example is what to tell; a workspace that does not open says so when it is chosen
        await open(before).catch((cause: unknown) => config.log?.error({ err: cause }, 'workspace not opened again'));
      }
      throw error;
    } finally {
      loading = null;
    }
  }

  /** A slug whose folder is gone has keys left in the keychain that fit nothing new: it is not given again. */
  async function unusedSlug(title: string): Promise<string> {
    const taken: string[] = [EXAMPLE.tenant, ...listTenants(folder)]; // what is under the example's name is made up
    for (;;) {
      const slug = freeSlug(title, taken);
      if ((await secrets.get(titleName(slug))) === null) return slug;
      taken.push(slug);
    }
  }

  async function forgetTitle(tenant: string): Promise<void> {
    // the reason why nothing was created is the one to tell
    await secrets.delete(titleName(tenant)).catch(() => undefined);
  }

  return {
    keychain: { description: secrets.description, durable: secrets.durable },
    list: async () => {
      const found = await Promise.all(
        listTenants(folder).map(async (tenant) => ({ tenant, title: await readTitle(secrets, tenant) })),
      );
      return found.sort((a, b) => a.title.localeCompare(b.title));
    },
    current: () => current,
    create: (title) =>
      inTurn(async () => {
        const named = WorkspaceSummary.shape.title.safeParse(title.trim());
        if (!named.success) throw new CausewayError('bad-input', 'Give the workspace a name of 1 to 100 characters.');
        const tenant = await unusedSlug(named.data);
        makeFolder(path.join(folder, tenant));
        try {
          await secrets.set(titleName(tenant), Buffer.from(named.data, 'utf8'));
          return await open(tenant);
        } catch (error) {
          if (dropUnused(path.join(folder, tenant))) await forgetTitle(tenant);
          throw error;
        }
      }),
    open: (tenant) => inTurn(() => open(tenant)),
    loadExample: (options) =>
      inTurn(async () => {
        if (!listTenants(folder).includes(EXAMPLE.tenant)) await makeNew(options);
        await open(EXAMPLE.tenant);
        const { tenant, email, password } = EXAMPLE;
        return { tenant, email, password };
      }),
    auditor: createAuditorDesk(config),
    close: () => {
      loading?.abort(); // nobody waits for an example who wants to leave
      return inTurn(close);
    },
  };
}

/** Folders that are no workspace are passed over. */
function listTenants(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && TenantSlug.safeParse(entry.name).success)
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new CausewayError('read-only', `The folder ${folder} cannot be read. Check its permissions.`, {
      cause: error,
    });
  }
}

/** The name people gave it is theirs: it stands in the keychain, and the folder has the slug only. */
async function readTitle(secrets: SecretStore, tenant: string): Promise<string> {
  const kept = await secrets.get(titleName(tenant));
  const title = WorkspaceSummary.shape.title.safeParse(kept === null ? '' : Buffer.from(kept).toString('utf8'));
  return title.success ? title.data : tenant;
}

/** A tenant's name in records: lower-case letters, digits and hyphens of the title, and a number when it is taken. */
export function freeSlug(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-+$/, '');
  const slug = plain === '' ? 'workspace' : plain;
  if (!taken.includes(slug)) return slug;
  for (let number = 2; ; number += 1) if (!taken.includes(`${slug}-${number}`)) return `${slug}-${number}`;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const text = isFull(cause) ? 'There is no space left for a workspace.' : `The folder ${folder} cannot be made.`;
    throw notWritten(`${text} Nothing was created.`, cause);
  }
}

/** Only an empty folder goes: whatever is in it is to be looked at. Whether it went. */
function dropUnused(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false; // something is in it
  }
}
