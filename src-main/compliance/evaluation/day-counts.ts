const DAY = 24 * 60 * 60 * 1000;
/** Days kept before the newest one: thirteen months, so that a window of twelve is whole. */
const DAYS_KEPT = 400;

/** How many on which day (UTC), for the days before the newest one counted. */
export class DayCounts {
  readonly #days: Map<string, number>;

  constructor(days: Readonly<Record<string, number>> = {}) {
    this.#days = new Map(Object.entries(days));
  }

  add(time: number): void {
    const day = dayOf(time);
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
  }

  /** One less on the day of `time`: it was counted and does not count. */
  takeBack(time: number): void {
    const day = dayOf(time);
    const left = (this.#days.get(day) ?? 0) - 1;
    if (left > 0) this.#days.set(day, left);
    else this.#days.delete(day);
  }

  /** Forgets the days too long before an instant. */
  forget(instant: number): void {
    const first = dayOf(instant - DAYS_KEPT * DAY);
    for (const day of this.#days.keys()) if (day < first) this.#days.delete(day);
  }

  /** All that were not forgotten, ascending. */
  all(): Record<string, number> {
    return Object.fromEntries([...this.#days].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Those of the last days up to an instant, ascending. */
  upTo(instant: number): Record<string, number> {
    const first = dayOf(instant - DAYS_KEPT * DAY);
    return Object.fromEntries([...this.#days].filter(([day]) => day >= first).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** How many on the days from `days` before an instant's up to that. */
  sum(instant: number, days: number): number {
    const first = dayOf(instant - (days - 1) * DAY);
    const last = dayOf(instant);
    let sum = 0;
    for (const [day, count] of this.#days) if (day >= first && day <= last) sum += count;
    return sum;
  }
}

/** An occurrence counted that may yet be taken back. */
export interface Unsure {
  readonly seq: number;
  readonly counted: number;
}

/** Occurrences by day, of which the newest may be taken back. */
export class OccurrenceDays {
  readonly days: DayCounts;
  /** In order. */
  #unsure: Unsure[];

  constructor(days?: Readonly<Record<string, number>>, unsure: readonly Unsure[] = []) {
    this.days = new DayCounts(days);
    this.#unsure = [...unsure];
  }

  /** `first`: the first record that may be taken back; null when none may. */
  add(one: Unsure, first: number | null): void {
    this.days.add(one.counted);
    if (first === null) this.#unsure = [];
    else this.#unsure.push(one);
    if (first !== null && (this.#unsure[0]?.seq ?? first) < first) this.#unsure = this.unsure(first);
  }

  takeBack(from: number): void {
    for (const { counted } of this.unsure(from)) this.days.takeBack(counted);
    this.#unsure = this.#unsure.filter(({ seq }) => seq < from);
  }

  unsure(first: number | null): Unsure[] {
    return first === null ? [] : this.#unsure.filter(({ seq }) => seq >= first);
  }
}

let cached = { number: Number.NaN, text: '' };

/** `2026-03-01`. Records come day by day: the text of one is made once. */
export function dayOf(time: number): string {
  const number = Math.floor(time / DAY);
  if (number !== cached.number) cached = { number, text: new Date(number * DAY).toISOString().slice(0, 10) };
  return cached.text;
}
