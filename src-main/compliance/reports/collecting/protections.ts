import type { ChainEntry } from '../../evaluation/evidence-test.ts';
import type { SealedPlace } from '../../register/register-state.ts';
import { dataOf, isWithin, placeAt, type Span } from './collector.ts';
import type { Humans } from './humans.ts';

/** A change of a protection of the trail itself, as it was asked for, decided and carried out. */
export interface ProtectionCollected {
  readonly target: string;
  readonly change: string;
  /** null: it was decided without a request on record. */
  readonly requested: { readonly seq: number; readonly time: string; readonly by: string } | null;
  readonly decided: {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly outcome: string;
    readonly digest: string;
    readonly reauthentication: string;
    readonly justification: SealedPlace | null;
    /** Whether somebody else asked for it; null when the record does not say who did. */
    readonly another: boolean | null;
  } | null;
  readonly ended: { readonly seq: number; readonly time: string; readonly how: string } | null;
}

type Kept = { -readonly [K in keyof ProtectionCollected]: ProtectionCollected[K] } & { touched: boolean };
const MOST = 5000;
const SETTING = 'protection-request.';

export class Protections {
  readonly #span: Span;
  readonly #humans: Humans;
  readonly #requests = new Map<string, Kept>();
  readonly #all: Kept[] = [];

  constructor(span: Span, humans: Humans) {
    this.#span = span;
    this.#humans = humans;
  }

  take(entry: ChainEntry): void {
    if (entry.record.action === 'tenant.protection_change_approved') this.#decide(entry);
    else this.#setting(entry);
  }

  #setting(entry: ChainEntry): void {
    const { record, seq } = entry;
    const { setting } = record.data;
    if (record.target.type !== 'protection-request' || typeof setting !== 'string') return;
    if (!setting.startsWith(SETTING)) return;
    const data = dataOf(entry, 'tenant.configuration_changed');
    if (data === null) return;
    const when = { seq, time: record.time };
    if (data.old === null) {
      const kept = this.#add(entry, setting.slice(SETTING.length));
      kept.requested = { ...when, by: record.actor.id };
      this.#requests.set(record.target.id, kept);
      return;
    }
    const found = this.#requests.get(record.target.id);
    if (found === undefined) return;
    found.ended = { ...when, how: (data.new ?? '').slice(0, 64) };
    found.touched ||= isWithin(this.#span, entry.time);
  }

  #decide(entry: ChainEntry): void {
    const data = dataOf(entry, 'tenant.protection_change_approved');
    if (data === null || data.change === 'break-glass-review') return;
    const { record, seq, time } = entry;
    const kept = this.#requests.get(record.target.id) ?? this.#add(entry, data.change);
    kept.touched ||= isWithin(this.#span, time);
    const asked = data.requestedBy ?? kept.requested?.by;
    kept.decided = {
      seq,
      time: record.time,
      by: record.actor.id,
      outcome: record.outcome,
      digest: data.changeDigest,
      reauthentication: data.reauthentication ?? 'none',
      justification: placeAt(entry, '/data/justification', data.justification),
      another: asked === undefined ? null : !this.#humans.areOne(asked, record.actor.id),
    };
  }

  #add({ record, time }: ChainEntry, change: string): Kept {
    const touched = isWithin(this.#span, time);
    const kept: Kept = { target: record.target.id, change, requested: null, decided: null, ended: null, touched };
    this.#all.push(kept);
    return kept;
  }

  end(): readonly ProtectionCollected[] {
    return this.#all
      .filter(({ touched }) => touched)
      .slice(0, MOST)
      .map(({ touched: _, ...kept }) => kept);
  }
}
