const UNITS: Readonly<Record<string, string>> = {
  Percent: '%',
  Seconds: 's',
  Milliseconds: 'ms',
  Microseconds: 'µs',
  Bytes: 'bytes',
  Count: '',
  None: '',
};

/** A number with at most four significant digits, the same in every locale. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || value === 0) return '0';
  const magnitude = Math.abs(value);
  return magnitude >= 10_000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

export function formatAmount(value: number, unit: string): string {
  const suffix = UNITS[unit] ?? unit;
  return suffix === '' ? formatNumber(value) : `${formatNumber(value)} ${suffix}`;
}

/** "4 min", "3 h": a duration in the unit a person would use. */
export function formatDuration(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) return 'less than a minute';
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}
