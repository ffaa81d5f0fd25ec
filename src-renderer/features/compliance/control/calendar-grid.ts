import { startOfDay } from '#shared/calendar.ts';

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** How much was seen on a day: nothing, once, a few times, often. */
export type DayLevel = 0 | 1 | 2 | 3;

export interface DayCell {
  /** `2026-11-20`, UTC as in records. */
  readonly day: string;
  readonly count: number;
  readonly level: DayLevel;
  /** Weeks from the first one, and days from its Monday. */
  readonly column: number;
  readonly row: number;
}

export interface CalendarGrid {
  readonly cells: readonly DayCell[];
  readonly columns: number;
  readonly months: readonly { readonly name: string; readonly column: number }[];
}

/** From one visible difference to the next: 1, 2 to 9, 10 and more. */
export function levelOf(count: number): DayLevel {
  if (count <= 0) return 0;
  if (count === 1) return 1;
  return count < 10 ? 2 : 3;
}

const rowOf = (time: number): number => (new Date(time).getUTCDay() + 6) % 7;

/**
 * The days from `from` up to, not including, `to` as weeks of Mondays to Sundays. Days are UTC's: the records are of that
 * clock, and a day must not be another one where somebody else looks.
 */
export function layDays(
  days: readonly { readonly day: string; readonly count: number }[],
  from: string,
  to: string,
): CalendarGrid {
  const counts = new Map(days.map(({ day, count }) => [day, count]));
  const first = startOfDay(Date.parse(from));
  const last = startOfDay(Date.parse(to) - 1);
  if (!(last >= first)) return { cells: [], columns: 0, months: [] };
  const monday = first - rowOf(first) * DAY;
  const cells: DayCell[] = [];
  const months: { name: string; column: number }[] = [];
  for (let time = first; time <= last; time += DAY) {
    const date = new Date(time);
    const day = date.toISOString().slice(0, 10);
    const count = counts.get(day) ?? 0;
    const column = Math.floor((time - monday) / (7 * DAY));
    cells.push({ day, count, level: levelOf(count), column, row: rowOf(time) });
    if (date.getUTCDate() === 1) months.push({ name: MONTHS[date.getUTCMonth()] ?? '', column });
  }
  return { cells, columns: (cells.at(-1)?.column ?? 0) + 1, months };
}
