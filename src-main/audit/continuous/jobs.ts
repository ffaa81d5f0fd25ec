import { systemRandom } from '#main/platform/random.ts';
import { type Database, openSnapshot } from '#main/platform/sqlite.ts';
import { CausewayError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { DisclosureVault } from '../disclosure-vault.ts';
import { ProblemList } from '../problems.ts';
import { SqliteRows } from '../sqlite-rows.ts';
import { type CheckedChain, checkRange, type Pause, type RangeCheck, type RangeRequest } from './check-block.ts';
import { checkWhole, type WholeCheck, type WholeRequest } from './check-whole.ts';
import { type SinceCheck, type SinceRequest, verifySince } from './verify-since.ts';

/** What a verifier has to know of a store; plain data, so that it can be handed to a thread. */
export interface VerifiedStore {
  /** The database. */
  readonly path: string;
  readonly chain: string;
  readonly tenant: string;
  /** Opens what is sealed. */
  readonly masterKey: Uint8Array;
  /** Keys the chain had introduced when the store was opened. */
  readonly keys: readonly KeyDescription[];
}

export type Job =
  | { readonly kind: 'range'; readonly request: RangeRequest }
  | { readonly kind: 'whole'; readonly request: WholeRequest }
  | { readonly kind: 'since'; readonly request: SinceRequest };

export type Answer =
  | { readonly kind: 'range'; readonly found: RangeCheck }
  | { readonly kind: 'whole'; readonly found: WholeCheck }
  | { readonly kind: 'since'; readonly found: SinceCheck };

export function openVault({ chain, masterKey }: VerifiedStore): DisclosureVault {
  return new DisclosureVault(chain, masterKey, systemRandom);
}

/**
 * Does one job on one state of the database, whatever is written meanwhile. A database that is damaged as a file is
 * something found, not a failure of the check. @throws CausewayError when it cannot be read for another reason
 */
export async function runJob(store: VerifiedStore, job: Job, pause: Pause): Promise<Answer> {
  let snapshot: Database | null = null;
  try {
    snapshot = openSnapshot(store.path, 'the audit store');
    const { chain, tenant, keys } = store;
    const checked = { chain, tenant, keys, vault: openVault(store), rows: new SqliteRows(snapshot) };
    return await runOn(checked, job, pause);
  } catch (error) {
    const damage = damageOf(error);
    if (damage === null) throw error;
    return unreadable(job, damage);
  } finally {
    snapshot?.close();
  }
}

async function runOn(checked: CheckedChain, job: Job, pause: Pause): Promise<Answer> {
  switch (job.kind) {
    case 'range':
      return { kind: 'range', found: await checkRange(checked, job.request, pause) };
    case 'whole':
      return { kind: 'whole', found: await checkWhole(checked, job.request, pause) };
    case 'since':
      return { kind: 'since', found: await verifySince(checked, job.request, pause) };
  }
}

/** What SQLite says of a file whose pages contradict each other, or are none. */
function damageOf(error: unknown): string | null {
  if (error instanceof CausewayError) return error.code === 'audit-broken' ? damageOf(error.cause) : null;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const code = String(error.code);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' ? `${code}: ${error.message}` : null;
}

function unreadable(job: Job, damage: string): Answer {
  const problems = new ProblemList();
  if (job.kind === 'range') {
    const { from, to, pin } = job.request;
    problems.add(0, 'unreadable', `the records ${from + 1} to ${to} cannot be read: ${damage}`, from + 1);
    if (pin !== null) problems.add(0, 'unreadable', `record ${pin.seq}, found good before, cannot be read`, pin.seq);
    const { kept, count, failures } = problems;
    return {
      kind: 'range',
      found: { from, to, head: null, nodes: null, problems: kept, problemCount: count, failures, read: 0 },
    };
  }
  problems.add(0, 'unreadable', `the store cannot be read: ${damage}`);
  const { kept, count, failures } = problems;
  if (job.kind === 'whole') return { kind: 'whole', found: { problems: kept, problemCount: count } };
  const { to } = job.request;
  return { kind: 'since', found: { since: 0, to, problems: kept, problemCount: count, failures, read: 0 } };
}
