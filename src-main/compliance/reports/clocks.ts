import type { FrameworkId } from '#shared/model/control.ts';
import { periodEnd } from '../evaluation/periods.ts';
import type { Clock } from '../frameworks/framework.ts';
import { FRAMEWORK_DATA } from '../frameworks/frameworks.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** A time limit of a law by its id. @throws TypeError when the framework has none of this id */
export function clockOf(framework: FrameworkId, id: string): Clock {
  const found = FRAMEWORK_DATA[framework].clocks.find((clock) => clock.id === id);
  if (found === undefined) throw new TypeError(`${framework} has no clock ${id}`);
  return found;
}

/**
 * When it runs out, in UTC. Months and years end on the same day of a later month, or on its last; a working day is a day
 * from Monday to Friday that begins after the start, and the limit ends at the time of day at which it began.
 */
export function runsOutAt(start: number, { value, unit }: Clock['limit']): number {
  switch (unit) {
    case 'hours':
      return start + value * HOUR;
    case 'days':
      return start + value * DAY;
    case 'months':
      return periodEnd(start, 'monthly', value);
    case 'years':
      return periodEnd(start, 'annual', value);
    case 'working-days': {
      let at = start;
      for (let left = value; left > 0; ) {
        at += DAY;
        const weekday = new Date(at).getUTCDay();
        if (weekday !== 0 && weekday !== 6) left--;
      }
      return at;
    }
  }
}

const UNITS: Readonly<Record<Clock['limit']['unit'], readonly [string, string]>> = {
  hours: ['hour', 'hours'],
  days: ['day', 'days'],
  'working-days': ['working day', 'working days'],
  months: ['month', 'months'],
  years: ['year', 'years'],
};

/** "one month", "72 hours". */
export function sayLimit({ value, unit }: Clock['limit']): string {
  const [one, many] = UNITS[unit];
  return value === 1 ? `one ${one}` : `${value} ${many}`;
}
