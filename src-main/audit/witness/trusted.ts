import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { AppendInput } from '../append-input.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import type { StoredRecord } from '../store.ts';
import type { By } from './cosigner.ts';
import { readVkey, type WitnessKey } from './vkey.ts';

const SETTING = 'witness.trusted-key';
const Change = z.object({ setting: z.literal(SETTING), old: z.string().nullable(), new: z.string().nullable() });

export interface TrustParts {
  readonly chain: string;
  readonly rows: Pick<SqliteRows, 'byAction'>;
  /** The record of this hash, only if it holds. */
  readonly getVerified: (hash: string) => StoredRecord | null;
  readonly append: (input: AppendInput<'tenant.configuration_changed'>) => Promise<unknown>;
}

/** The keys that are trusted by the records, each as `read` gives it, in the order in which they were trusted. */
export function trustOnRecord(
  rows: Pick<SqliteRows, 'byAction'>,
  read: (row: RecordRow) => AuditRecord | undefined,
): readonly WitnessKey[] {
  const trusted = new Map<string, WitnessKey>();
  for (const row of rows.byAction('tenant.configuration_changed')) {
    const record = read(row);
    if (record?.action !== 'tenant.configuration_changed' || record.outcome !== 'success') continue;
    const change = Change.safeParse(record.data);
    if (!change.success) continue;
    const { old, new: vkey } = change.data;
    if (old !== null) trusted.delete(old);
    const key = vkey === null ? null : readVkey(vkey);
    if (key !== null && typeof key !== 'string') trusted.set(key.vkey, key);
  }
  return [...trusted.values()];
}

/**
 * The witnesses this console trusts. Nowhere but in the trail itself: a row in a table could be added by whoever can
 * write to the database, a record cannot.
 */
export class TrustedWitnesses {
  readonly #parts: TrustParts;

  constructor(parts: TrustParts) {
    this.#parts = parts;
  }

  /** In the order in which they were trusted. @throws CausewayError `audit-broken` when a record of trust does not hold */
  list(): readonly WitnessKey[] {
    const { rows, getVerified } = this.#parts;
    return trustOnRecord(rows, (row) => getVerified(row.hash.toString('hex'))?.record);
  }

  /** @throws CausewayError `conflict` (`witness-key-changed`) while another key of that name is trusted */
  checkNew(key: WitnessKey): void {
    const same = this.list().find(({ name }) => name === key.name);
    if (same === undefined || same.vkey === key.vkey) return;
    const text = `Another key of ${key.name} is trusted (${same.vkey}). If that witness really has a new key, remove the old one first.`;
    throw new CausewayError('conflict', text, { reason: 'witness-key-changed' });
  }

  async trust(key: WitnessKey, by: By): Promise<void> {
    this.checkNew(key);
    if (key.name.length > 256) {
      throw new CausewayError('too-large', 'The name of that witness is too long to be kept.', {
        reason: 'witness-name',
      });
    }
    await this.#record(by, null, key.vkey);
  }

  /** @throws CausewayError `not-found` */
  async remove(name: string, by: By): Promise<void> {
    const key = this.list().find((trusted) => trusted.name === name);
    if (key === undefined) throw new CausewayError('not-found', 'No witness of that name is trusted.');
    await this.#record(by, key.vkey, null);
  }

  async #record(by: By, old: string | null, vkey: string | null): Promise<void> {
    await this.#parts.append({
      ...by,
      action: 'tenant.configuration_changed',
      outcome: 'success',
      target: { type: 'chain', id: this.#parts.chain },
      data: { setting: SETTING, old, new: vkey },
    });
  }
}
