const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** "2026-11-20 10:09:31" in the zone of this computer. */
export function formatLocal(time: Date): string {
  return `${formatLocalDate(time)} ${formatLocalClock(time)}`;
}

/** "2026-11-20" */
export function formatLocalDate(time: Date): string {
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
}

/** "10:09:31" */
export function formatLocalClock(time: Date): string {
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

/** "10:09:31.402" */
export function formatLocalMillis(time: Date): string {
  return `${formatLocalClock(time)}.${pad(time.getMilliseconds(), 3)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * As short as it can be told at `now`: "10:09:31.402" today, "Nov 20 10:09:31" this year, "2025-11-20 10:09" before. Never
 * longer than 16 characters; where it stands, the full time has to be one step away.
 */
export function formatLocalShort(time: Date, now: Date): string {
  if (formatLocalDate(time) === formatLocalDate(now)) return formatLocalMillis(time);
  return time.getFullYear() === now.getFullYear()
    ? `${MONTHS[time.getMonth()]} ${pad(time.getDate())} ${formatLocalClock(time)}`
    : `${formatLocalDate(time)} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** "2026-11-20 10:09:31.402 UTC" */
export function formatUtc(time: Date): string {
  return `${time.toISOString().slice(0, 23).replace('T', ' ')} UTC`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "12 s", "14 min", "3 h", "5 d": how long ago, in the unit a person would use. */
export function formatAge(ms: number): string {
  if (ms < 5 * SECOND) return 'just now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < 120 * MINUTE) return `${Math.max(1, Math.floor(ms / MINUTE))} min`;
  if (ms < 48 * HOUR) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** "12 s ago"; "just now" stays as it is. */
export function formatAgo(ms: number): string {
  const age = formatAge(ms);
  return age === 'just now' ? age : `${age} ago`;
}

/** Time left as "11:42" or "1:02:09"; never negative. Rounded up, so that it shows 0:00 only when nothing is left. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** The countdown in words, for labels that are read out: "11 min 42 s". */
export function spellCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  const spelled = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`);
  return spelled.length === 0 ? 'no time' : spelled.join(' ');
}

/** "38 ms", "4.1 s", "2 min 10 s" */
export function formatElapsed(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  return spellCountdown(ms);
}
