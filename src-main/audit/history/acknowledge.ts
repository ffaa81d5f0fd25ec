import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AppendInput, PreparedInput } from '../append-input.ts';
import { prepareInput } from '../append-input.ts';
import type { Head } from '../commit-batch.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import type { StoredCheckpoint, StoredRecord } from '../store.ts';
import { continueAsFound } from './continuation.ts';
import { type Finding, finding } from './finding.ts';
import type { HeadKeeper } from './head-keeper.ts';
import type { History, Look } from './history.ts';
import { BREAK_ACKNOWLEDGED } from './recorded-acknowledgements.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { WitnessFolders } from './witness-folders.ts';

type Approval = AppendInput<'tenant.protection_change_approved'>;

/** Who takes note of a break, and why the trail goes on all the same. */
export interface Acknowledgement extends Pick<Approval, 'actor' | 'device'> {
  readonly justification: Approval['data']['justification'];
  /** Ids of the breaks the person was shown; with another one open nothing is acknowledged. */
  readonly breaks?: readonly string[] | undefined;
}

export interface AcknowledgeHost {
  readonly parts: {
    readonly chain: string;
    readonly rows: SqliteRows;
    readonly random: Random;
    readonly history: History;
    readonly folders: WitnessFolders;
    readonly schema: SchemaCheck;
    readonly headKeeper: HeadKeeper;
  };
  /** Writes on this head and no other, although everything else is kept from being written. */
  readonly commit: (
    head: Head,
    input: PreparedInput,
  ) => Promise<Pick<StoredRecord, 'record'> & { readonly next: Head }>;
  /** Puts a checkpoint of the head in the place of the keychain's. */
  readonly checkpointAnew: () => Promise<StoredCheckpoint>;
}

/** What stands in the database is not what the person was told of. */
class NotAsTold extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super('the history is not as it was told');
    this.findings = findings;
  }
}

/**
 * Goes on upon the database as it was found, on record. The bundle is durable before the record that names it, the record
 * before the checkpoint, and the keychain knows the new checkpoint before the break counts as acknowledged: wherever this
 * is interrupted, the break is asked about again or listed, never forgotten. The whole history is examined once more
 * inside the transaction that repairs it: what was changed since the person was told is told first, and not covered.
 * @throws CausewayError `conflict` (`no-break`, `history-changed`), `audit-broken` (`history-lost`), and as an append
 */
export async function acknowledge(host: AcknowledgeHost, request: Acknowledgement): Promise<void> {
  const { chain, rows, random, history, folders, schema, headKeeper } = host.parts;
  history.requireAcknowledgeable();
  if (request.breaks !== undefined && !history.areOpen(request.breaks)) throw changed();
  const bundle = await history.bundle();
  const { actor, device, justification } = request;
  const input: Approval = {
    action: 'tenant.protection_change_approved',
    outcome: 'success',
    actor,
    device,
    target: { type: 'chain', id: chain },
    data: { change: BREAK_ACKNOWLEDGED, changeDigest: bundle.digest, justification },
  };
  const prepared = prepareInput(input, random);
  const look = await history.look();
  const demand = (now: Pick<Head, 'seq' | 'hash'>, root: string | null) => {
    const findings = [...look.find(), ...alteredBefore(look, root)];
    const same = now.seq === bundle.head?.seq && now.hash === bundle.head.hash;
    if (!same || !history.isTold(findings)) throw new NotAsTold(findings);
  };
  let head: Head;
  try {
    head = await continueAsFound(rows, schema, { kept: look.kept, demand });
  } catch (error) {
    if (!(error instanceof NotAsTold)) throw error;
    await history.tellAnew(error.findings);
    throw changed();
  }
  const { record, next } = await host.commit(head, prepared);
  const checkpoint = await host.checkpointAnew();
  await headKeeper.replace(next);
  await history.acknowledge({ at: record.time, seq: record.seq, by: record.actor.id }, bundle);
  folders.publish(checkpoint);
}

/**
 * All records were read, which a start does not do: subtrees that are stored as they were hide an altered record from it,
 * and the next checkpoint would be signed over that.
 */
function alteredBefore({ kept, find }: Look, root: string | null): Finding[] {
  if (kept === null || root === null || root === kept.root) return [];
  if (find().some(({ source, checkpoint }) => source === 'keychain' && checkpoint?.size === kept.size)) return [];
  const text = `Records were altered: the first ${kept.size}, read one by one, are not those of the keychain's checkpoint.`;
  const checkpoint = { source: 'keychain', note: kept.note, size: kept.size, root: kept.root, head: kept.head };
  return [finding('records-altered', text, { source: 'keychain', checkpoint })];
}

function changed(): CausewayError {
  const text =
    'The history is not as it was when this was shown: it was examined again. Look at what is listed now before it is ' +
    'acknowledged.';
  return new CausewayError('conflict', text, { reason: 'history-changed' });
}
