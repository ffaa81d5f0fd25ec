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

interface Placed {
  readonly place: number;
  readonly exception: KeptException;
}

/** The exceptions of one control, each kind once for each record, in the order they were found. */
export class ExceptionBook {
  readonly #open = new Map<string, Placed>();
  /** In the order they were put right. */
  readonly #fixed = new Map<string, Placed>();
  readonly #most: number;
  #next: number;

  /** `most`: the oldest that were put right give way beyond it. What is open never does: a status rests on it. */
  constructor(most = Number.POSITIVE_INFINITY, kept: readonly KeptException[] = []) {
    this.#most = most;
    this.#next = kept.length;
    const placed = kept.map((exception, place): Placed => ({ place, exception }));
    for (const one of placed) if (one.exception.fixedBy === null) this.#open.set(keyOfPlaced(one), one);
    const fixed = placed.filter(({ exception }) => exception.fixedBy !== null);
    fixed.sort((a, b) => (a.exception.fixedBy ?? 0) - (b.exception.fixedBy ?? 0) || a.place - b.place);
    for (const one of fixed) this.#fixed.set(keyOfPlaced(one), one);
  }

  get size(): number {
    return this.#open.size + this.#fixed.size;
  }

  /** Said again of the same record it is one exception, open again if it had been put right. */
  add(kind: string, text: string, about: number, time: number): void {
    const key = keyOf(kind, about);
    if (this.#open.has(key)) return;
    const place = this.#fixed.get(key)?.place ?? this.#next++;
    this.#fixed.delete(key);
    const exception = { kind, text: text.slice(0, 2000).toWellFormed(), about, time, fixedBy: null };
    this.#open.set(key, { place, exception });
    this.#shrink();
  }

  /** What was put right; null when nothing of that kind was open about the record. */
  fix(kind: string, about: number, fixedBy: number): KeptException | null {
    const key = keyOf(kind, about);
    const found = this.#open.get(key);
    if (found === undefined) return null;
    const exception = { ...found.exception, fixedBy };
    this.#open.delete(key);
    this.#fixed.set(key, { place: found.place, exception });
    this.#shrink();
    return exception;
  }

  /** One that was put right and that nobody will ask for. */
  forget(kind: string, about: number): void {
    this.#fixed.delete(keyOf(kind, about));
  }

  kept(): KeptException[] {
    const all = [...this.#open.values(), ...this.#fixed.values()];
    return all.sort((a, b) => a.place - b.place).map(({ exception }) => exception);
  }

  #shrink(): void {
    if (this.size <= this.#most) return;
    for (const key of this.#fixed.keys()) {
      this.#fixed.delete(key);
      return;
    }
  }
}

function keyOf(kind: string, about: number): string {
  return `${kind}:${about}`;
}

function keyOfPlaced({ exception: { kind, about } }: Placed): string {
  return keyOf(kind, about);
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
