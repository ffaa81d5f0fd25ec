import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { VerifyingKey } from './keys.ts';

export interface RingEntry {
  readonly description: KeyDescription;
  readonly key: VerifyingKey;
  /** The key that signed the rotation this key came by, when that rotation stands in what is verified. */
  readonly introducedBy: string | null;
  /** The first seq at which the key is no longer in force, null while it is. */
  until: number | null;
  /** Records that name the key. */
  records: number;
  /** Records it really signed while in force. */
  signed: number;
}

/**
 * For each key of a header the `fromSeq` of the first one after it that is later, undefined where there is none: where it
 * is retired by the header's word. One pass: a header may list ten thousand.
 */
export function endsOf(keys: readonly KeyDescription[]): readonly (number | undefined)[] {
  const later: number[] = []; // fromSeqs after this place that none before them hides, the nearest last
  return keys
    .toReversed()
    .map(({ fromSeq }) => {
      while ((later.at(-1) ?? Number.POSITIVE_INFINITY) <= fromSeq) later.pop();
      const end = later.at(-1);
      later.push(fromSeq);
      return end;
    })
    .reverse();
}

/**
 * The keys a chain introduced, each with the stretch in which it is in force. A newer key is not in force for older
 * records: otherwise whoever holds it could re-sign the past.
 */
export class KeyRing {
  readonly #entries = new Map<string, RingEntry>();

  introduce(description: KeyDescription, key: VerifyingKey, introducedBy: string | null = null): boolean {
    if (this.#entries.has(description.id)) return false;
    this.#entries.set(description.id, { description, key, introducedBy, until: null, records: 0, signed: 0 });
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

  /** Whether the rotations that were verified lead from one key to the other, or both are the same. */
  leadsTo(from: string, to: string): boolean {
    for (let at: string | null = to; at !== null; at = this.#entries.get(at)?.introducedBy ?? null) {
      if (at === from) return true; // a key is introduced once, by one introduced before it: this ends
    }
    return false;
  }

  /** In the order of introduction. */
  entries(): readonly RingEntry[] {
    return [...this.#entries.values()];
  }
}
