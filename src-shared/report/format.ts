/** `48211` as `48,211`. Written out, so that a report comes out the same on every machine. */
export function formatCount(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  if (!/^-?\d+$/.test(whole)) return String(value);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1 exception`, `2 exceptions`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `2026-03-01 07:30:00 UTC` of an RFC 3339 time in UTC; milliseconds only where there are some. */
export function formatUtc(iso: string): string {
  const fraction = iso.slice(19, 23);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction === '.000' ? '' : fraction} UTC`;
}

const formatters = new Map<string, Intl.DateTimeFormat | null>();

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = makeFormatter(zone);
    formatters.set(zone, found);
  }
  return found;
}

function makeFormatter(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
  } catch {
    return null; // a zone this program's tables do not have: times stand in UTC alone
  }
}

/** Whether times of this zone say more than UTC does. */
export function isShownBesidesUtc(zone: string): boolean {
  return !/^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal)$/i.test(zone) && formatterOf(zone) !== null;
}

/** `2026-03-01 10:30:00 +03:00`, or null where the zone is UTC or unknown. */
export function formatInZone(iso: string, zone: string): string | null {
  const formatter = isShownBesidesUtc(zone) ? formatterOf(zone) : null;
  if (formatter === null) return null;
  const parts: Record<string, string> = {};
  for (const { type, value } of formatter.formatToParts(Date.parse(iso))) parts[type] = value;
  const offset = (parts.timeZoneName ?? '').replace(/^(GMT|UTC)/, '') || '+00:00';
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second} ${offset}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `1 Mar 2026`, in UTC. */
export function formatDay(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${monthOf(iso)} ${iso.slice(0, 4)}`;
}

/** `Mar`, in UTC. */
export function monthOf(iso: string): string {
  return MONTHS[Number(iso.slice(5, 7)) - 1] ?? iso.slice(5, 7);
}

/** The last day that belongs to a window whose end does not: one millisecond before it. */
export function formatLastDay(to: string): string {
  return formatDay(new Date(Date.parse(to) - 1).toISOString());
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
