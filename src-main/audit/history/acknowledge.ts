import type { Random } from '#main/platform/random.ts';
import type { AppendInput, PreparedInput } from '../append-input.ts';
import { prepareInput } from '../append-input.ts';
import type { Head } from '../commit-batch.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import type { StoredCheckpoint, StoredRecord } from '../store.ts';
import { continueAsFound } from './continuation.ts';
import type { History } from './history.ts';
import { BREAK_ACKNOWLEDGED } from './recorded-acknowledgements.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { WitnessFolders } from './witness-folders.ts';

type Approval = AppendInput<'tenant.protection_change_approved'>;

/** Who takes note of a break, and why the trail goes on all the same. */
export interface Acknowledgement extends Pick<Approval, 'actor' | 'device'> {
  readonly justification: Approval['data']['justification'];
}

export interface AcknowledgeHost {
  readonly parts: {
    readonly chain: string;
    readonly rows: SqliteRows;
    readonly random: Random;
    readonly history: History;
    readonly folders: WitnessFolders;
    readonly schema: SchemaCheck;
  };
  /** Writes on this head and no other, although everything else is kept from being written. */
  readonly commit: (head: Head, input: PreparedInput) => Promise<StoredRecord>;
  /** Puts a checkpoint of the head in the place of the keychain's. */
  readonly checkpointAnew: () => Promise<StoredCheckpoint>;
}

/**
 * Goes on upon the database as it was found, on record. The bundle is durable before the record that names it, the record
 * before the checkpoint, and the keychain knows the new checkpoint before the break counts as acknowledged: wherever this
 * is interrupted, the break is asked about again or listed, never forgotten.
 * @throws CausewayError `conflict` (`no-break`), `audit-broken` (`history-lost`), and as an append
 */
export async function acknowledge(host: AcknowledgeHost, request: Acknowledgement): Promise<void> {
  const { chain, rows, random, history, folders, schema } = host.parts;
  history.requireAcknowledgeable();
  const { digest } = await history.bundle();
  const { actor, device, justification } = request;
  const input: Approval = {
    action: 'tenant.protection_change_approved',
    outcome: 'success',
    actor,
    device,
    target: { type: 'chain', id: chain },
    data: { change: BREAK_ACKNOWLEDGED, changeDigest: digest, justification },
  };
  const prepared = prepareInput(input, random);
  const head = await continueAsFound(rows, schema);
  const { record } = await host.commit(head, prepared);
  const checkpoint = await host.checkpointAnew();
  await history.acknowledge({ at: record.time, seq: record.seq, by: record.actor.id });
  folders.publish(checkpoint);
}
