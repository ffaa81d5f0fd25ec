const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;

function localMoment(day: string, clock: string): Date | null {
  if (!DAY_FORM.test(day)) return null;
  const moment = new Date(`${day}T${clock}`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** The last moment of a local day: what is due then may still be done on it. Null when it is no day. */
export function endOfDay(day: string): string | null {
  return localMoment(day, '23:59:59.999')?.toISOString() ?? null;
}

/** The first moment of a local day. */
export function startOfDay(day: string): string | null {
  return localMoment(day, '00:00:00.000')?.toISOString() ?? null;
}

/** A moment on a local day that is not after `now`: noon, or now when noon is still to come. */
export function doneOn(day: string, now: number): string | null {
  const noon = localMoment(day, '12:00:00.000');
  return noon === null ? null : new Date(Math.min(noon.getTime(), now)).toISOString();
}

/** Why a day cannot be due; null when it can. */
export function judgeDue(day: string, now: number): string | null {
  const end = endOfDay(day);
  if (end === null) return 'Choose a day.';
  return Date.parse(end) <= now ? 'It has to be today or later.' : null;
}

/** Why something cannot have been done on a day; null when it can. */
export function judgeDone(day: string, now: number): string | null {
  const start = startOfDay(day);
  if (start === null) return 'Choose the day it was done.';
  return Date.parse(start) > now ? 'What is still to come was not done yet.' : null;
}

const SHORTEST = 10;

/** Why a text cannot go on record yet; null when it can. `asked`: "Say what was done". */
export function judgeText(text: string, asked: string): string | null {
  const missing = SHORTEST - text.trim().length;
  if (missing <= 0) return null;
  if (missing === SHORTEST) return `${asked}, in at least ${SHORTEST} characters.`;
  return `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.`;
}
