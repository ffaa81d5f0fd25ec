import type { ControlId } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import { iso } from './periods.ts';

/** An exception as it is kept between two readings: only what JSON can say. */
export interface KeptException {
  readonly kind: string;
  readonly text: string;
  /** Seq of the record it is about, and that one's time in milliseconds. */
  readonly about: number;
  readonly time: number;
  readonly fixedBy: number | null;
}

/** The exceptions of one control, each kind once for each record, in the order they were found. */
export class ExceptionBook {
  readonly #kept: Map<string, KeptException>;
  readonly #most: number;

  /** `most`: the oldest that were put right give way beyond it, then the oldest. */
  constructor(most = Number.POSITIVE_INFINITY, kept: readonly KeptException[] = []) {
    this.#most = most;
    this.#kept = new Map(kept.map((exception) => [keyOf(exception.kind, exception.about), exception]));
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Said again of the same record it is one exception, open again if it had been put right. */
  add(kind: string, text: string, about: number, time: number): void {
    const key = keyOf(kind, about);
    const before = this.#kept.get(key);
    if (before?.fixedBy === null) return;
    this.#kept.set(key, { kind, text: text.slice(0, 2000).toWellFormed(), about, time, fixedBy: null });
    if (this.#kept.size > this.#most) this.#dropOldest();
  }

  fix(kind: string, about: number, fixedBy: number): void {
    const key = keyOf(kind, about);
    const found = this.#kept.get(key);
    if (found !== undefined && found.fixedBy === null) this.#kept.set(key, { ...found, fixedBy });
  }

  has(kind: string, about: number): boolean {
    return this.#kept.has(keyOf(kind, about));
  }

  kept(): KeptException[] {
    return [...this.#kept.values()];
  }

  #dropOldest(): void {
    let oldest: string | null = null;
    for (const [key, { fixedBy }] of this.#kept) {
      oldest ??= key;
      if (fixedBy === null) continue;
      oldest = key;
      break;
    }
    if (oldest !== null) this.#kept.delete(oldest);
  }
}

function keyOf(kind: string, about: number): string {
  return `${kind}:${about}`;
}

export function toException(control: ControlId, { kind, text, about, time, fixedBy }: KeptException): ReportException {
  return {
    id: `${control}:${kind}:${about}`,
    control,
    kind,
    text,
    seq: about,
    time: iso(time),
    state: fixedBy === null ? 'open' : 'fixed',
    fixedBy,
  };
}
