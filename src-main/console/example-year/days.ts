import { DAY } from './happening.ts';

/** A day of the history, by its midnight UTC. */
export interface Day {
  /** From 0. */
  readonly index: number;
  readonly midnight: number;
  /** 1 is Monday, 7 Sunday. */
  readonly weekday: number;
  /** Of the month, from 1. */
  readonly date: number;
  /** From 1. */
  readonly month: number;
}

/** Every whole day between the two instants. */
export function daysBetween(from: number, to: number): readonly Day[] {
  const days: Day[] = [];
  for (let midnight = Math.ceil(from / DAY) * DAY; midnight + DAY <= to; midnight += DAY) {
    const date = new Date(midnight);
    days.push({
      index: days.length,
      midnight,
      weekday: ((date.getUTCDay() + 6) % 7) + 1,
      date: date.getUTCDate(),
      month: date.getUTCMonth() + 1,
    });
  }
  return days;
}

export function isWorkday({ weekday }: Day): boolean {
  return weekday <= 5;
}
