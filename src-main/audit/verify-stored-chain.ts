import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { introducedKeys } from './chain-keys.ts';
import { type KeptCheckpoint, recallCheckpoint } from './checkpoint-keeper.ts';
import { type Job, runJob, type VerifiedStore } from './continuous/jobs.ts';
import { verifyOnThread } from './continuous/verifier-thread.ts';
import type { SinceCheck } from './continuous/verify-since.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { masterKeyName } from './secret-names.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type { StoredCheckpoint, VerifyStoreOptions } from './store.ts';
import { type FullRequest, verifySnapshot } from './verify-store.ts';

export interface VerifyParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
  readonly secrets: SecretStore;
  /** Id of the key the chain began with, from the keychain. */
  readonly firstKey: string;
  readonly checkSchema: () => void;
}

/** Up to here a thread takes longer to start than it takes to check them, in pieces of a few milliseconds. */
const WITHOUT_THREAD = 1500;

/**
 * Verifies everything stored: a short chain in small pieces between other work, a longer one on a thread.
 * @throws CausewayError `cancelled`
 */
export async function verifyStoredChain(
  parts: VerifyParts,
  head: { readonly seq: number },
  options: VerifyStoreOptions,
): Promise<Verdict> {
  // first the keychain, then the database: whatever is written in between, it has all the keychain knows of
  const request = await prepareRequest(parts, head.seq);
  const { chain, tenant, rows, vault } = parts;
  if (head.seq <= WITHOUT_THREAD || request.unreadable !== null) {
    return verifySnapshot({ path: rows.db.name, chain, tenant, vault }, request, options);
  }
  return verifyOnThread(await describeStore(parts), request, options);
}

/**
 * The records since a checkpoint the store knows, in pieces between other work: there are few.
 * @throws CausewayError `cancelled`, `keychain-unavailable`
 */
export async function verifyStoredSince(
  parts: VerifyParts,
  checkpoint: Pick<StoredCheckpoint, 'note'> | null,
  to: number,
  signal: AbortSignal,
): Promise<SinceCheck> {
  if (checkpoint === null) throw new CausewayError('conflict', 'The chain has no checkpoint yet.');
  const job: Job = { kind: 'since', request: { note: checkpoint.note, head: null, to } };
  const answer = await runJob(await describeStore(parts), job, async () => {
    if (signal.aborted) throw new CausewayError('cancelled', 'The verification was stopped.');
    await nextTurn();
  });
  if (answer.kind !== 'since') throw new CausewayError('internal', 'Another question was answered.');
  return answer.found;
}

async function prepareRequest(parts: VerifyParts, records: number): Promise<FullRequest> {
  const { firstKey } = parts;
  const schema = schemaProblem(parts);
  try {
    return { records, firstKey, schema, kept: await keptCheckpoint(parts), unreadable: null };
  } catch (error) {
    return { records, firstKey, schema, kept: null, unreadable: describeError(error) };
  }
}

function schemaProblem({ checkSchema }: Pick<VerifyParts, 'checkSchema'>): string | null {
  try {
    checkSchema();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'the schema was changed';
  }
}

/** The keychain's checkpoint, or what is wrong with it. @throws CausewayError `keychain-unavailable` */
export async function keptCheckpoint({
  secrets,
  chain,
}: Pick<VerifyParts, 'secrets' | 'chain'>): Promise<KeptCheckpoint | string | null> {
  try {
    return await recallCheckpoint(secrets, chain);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return error.message;
    throw error;
  }
}

/** What a thread needs to verify a store. @throws CausewayError `keychain-unavailable` */
export async function describeStore(
  parts: Pick<VerifyParts, 'chain' | 'tenant' | 'rows' | 'secrets'>,
): Promise<VerifiedStore> {
  const { chain, tenant, rows, secrets } = parts;
  const masterKey = await secrets.get(masterKeyName(chain));
  if (masterKey === null) {
    const text = 'The keychain has no key for the sealed values of this audit trail. Restore that entry.';
    throw new CausewayError('keychain-unavailable', text, { reason: 'key-missing' });
  }
  return { path: rows.db.name, chain, tenant, masterKey: Uint8Array.from(masterKey), keys: knownKeys(rows) };
}

function knownKeys(rows: SqliteRows): VerifiedStore['keys'] {
  try {
    return introducedKeys(rows);
  } catch {
    return []; // named where the records are checked
  }
}
