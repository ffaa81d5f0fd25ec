import type { PlanItem } from '../compliance-words.ts';

const WEEK = 7 * 86_400_000;

/** How much of the plan has passed, in hundredths; null before it begins and after it ends. */
export function placeToday(start: string, today: string, weeks: number): number | null {
  const passed = (Date.parse(today) - Date.parse(start)) / WEEK;
  return passed < 0 || passed > weeks ? null : (passed / weeks) * 100;
}

/** The week it is, counted from 1; 0 before the plan begins, one past the last when it is over. */
export function weekOf(start: string, today: string, weeks: number): number {
  const passed = Math.floor((Date.parse(today) - Date.parse(start)) / WEEK) + 1;
  return Math.min(Math.max(0, passed), weeks + 1);
}

/** From the beginning of its first week to the end of its last one, in hundredths of the plan and never beyond it. */
export function placeBar(
  { fromWeek, toWeek }: Pick<PlanItem, 'fromWeek' | 'toWeek'>,
  weeks: number,
): { readonly from: number; readonly to: number } {
  const first = Math.min(Math.max(1, fromWeek), weeks);
  const last = Math.min(Math.max(first, toWeek), weeks);
  return { from: ((first - 1) / weeks) * 100, to: (last / weeks) * 100 };
}

/** The day a week of the plan begins. */
export function startOfWeek(start: string, week: number): Date {
  return new Date(Date.parse(start) + (week - 1) * WEEK);
}

/** What asks for somebody first: late, under way, to come, done; by week among equals. */
export function lateFirst(items: readonly PlanItem[]): readonly PlanItem[] {
  const order: Readonly<Record<PlanItem['state'], number>> = { late: 0, 'under-way': 1, 'to-come': 2, done: 3 };
  return items.toSorted(
    (a, b) =>
      order[a.state] - order[b.state] ||
      a.fromWeek - b.fromWeek ||
      a.toWeek - b.toWeek ||
      a.control.localeCompare(b.control),
  );
}
