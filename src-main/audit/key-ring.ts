import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { VerifyingKey } from './keys.ts';

export interface RingEntry {
  readonly description: KeyDescription;
  readonly key: VerifyingKey;
  /** The first seq at which the key is no longer in force, null while it is. */
  until: number | null;
  records: number;
}

/**
 * The keys a chain introduced, each with the stretch in which it is in force. A newer key is not in force for older
 * records: otherwise whoever holds it could re-sign the past.
 */
export class KeyRing {
  readonly #entries = new Map<string, RingEntry>();

  introduce(description: KeyDescription, key: VerifyingKey): boolean {
    if (this.#entries.has(description.id)) return false;
    this.#entries.set(description.id, { description, key, until: null, records: 0 });
    return true;
  }

  retire(id: string, until: number): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.until = until;
  }

  get(id: string): RingEntry | undefined {
    return this.#entries.get(id);
  }

  isInForce(entry: RingEntry, seq: number): boolean {
    return seq >= entry.description.fromSeq && (entry.until === null || seq < entry.until);
  }

  /** In the order of introduction. */
  entries(): readonly RingEntry[] {
    return [...this.#entries.values()];
  }
}
