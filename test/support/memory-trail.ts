import { type AppendInput, buildRecord, prepareInput } from '#main/audit/append-input.ts';
import type { StoredRecord } from '#main/audit/store.ts';
import { beginRegister, takeRegister } from '#main/compliance/register/fold.ts';
import type { RegisterState } from '#main/compliance/register/register-state.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';

/** A trail that checks and seals what it is given as the real one does, and keeps it in memory; its register beside it. */
export class MemoryTrail {
  readonly records: StoredRecord[] = [];
  readonly values = new Map<string, unknown>();
  now = Date.parse('2026-03-02T09:00:00.000Z');
  /** Counting is behind while this is false. */
  counts = true;
  fails = false;
  #state: RegisterState = beginRegister();
  #counted = 0;

  append = async <A extends AuditAction>(input: AppendInput<A>): Promise<StoredRecord> => {
    await Promise.resolve();
    if (this.fails) throw new CausewayError('disk-full', 'The disk is full.');
    const prepared = prepareInput(input, systemRandom);
    const seq = this.records.length + 1;
    this.now += 1000;
    const place = {
      chain: '3f1d0b52-6d0e-4c8a-9b7e-2a51c4d80e61',
      tenant: 'example',
      seq,
      time: new Date(this.now).toISOString(),
      key: 'd94877a4d180534c',
      prev: '0'.repeat(64),
    };
    const stored: StoredRecord = { ...buildRecord(prepared, place), seq, sig: new Uint8Array(64) };
    for (const { path, disclosed } of prepared.disclosures) this.values.set(`${seq} ${path}`, disclosed[1]);
    this.records.push(stored);
    return stored;
  };

  /** The register, up to what has been counted. */
  state = (): RegisterState => {
    while (this.counts && this.#counted < this.records.length) {
      const stored = this.records[this.#counted++];
      if (stored === undefined) break;
      const { seq, hash, record } = stored;
      this.#state = takeRegister(this.#state, { seq, hash, record, time: Date.parse(record.time) });
    }
    return this.#state;
  };

  disclosed = (seq: number, path: string): string | null => {
    const value = this.values.get(`${seq} ${path}`);
    return typeof value === 'string' ? value : null;
  };

  get newest(): StoredRecord['record'] {
    const stored = this.records.at(-1);
    if (stored === undefined) throw new Error('nothing was recorded');
    return stored.record;
  }
}
