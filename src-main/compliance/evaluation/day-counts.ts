const DAY = 24 * 60 * 60 * 1000;
/** Days kept before the newest one: thirteen months, so that a window of twelve is whole. */
export const DAYS_KEPT = 400;

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

  /** Those of the last days up to an instant, ascending; what is older is forgotten. */
  upTo(instant: number): Record<string, number> {
    const first = dayOf(instant - DAYS_KEPT * DAY);
    for (const day of this.#days.keys()) if (day < first) this.#days.delete(day);
    return Object.fromEntries([...this.#days].sort(([a], [b]) => (a < b ? -1 : 1)));
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

let cached = { number: Number.NaN, text: '' };

/** `2026-03-01`. Records come day by day: the text of one is made once. */
export function dayOf(time: number): string {
  const number = Math.floor(time / DAY);
  if (number !== cached.number) cached = { number, text: new Date(number * DAY).toISOString().slice(0, 10) };
  return cached.text;
}
