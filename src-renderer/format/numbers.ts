const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** "48,211" */
export function formatCount(value: number): string {
  return COUNT.format(value);
}

/** "1 record", "48,211 records" */
export function formatPlural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A ratio as the model writes it ("0.8642") as "86 %". Never rounds to a certainty that was not claimed. */
export function formatRatio(ratio: string): string {
  const value = Number(ratio);
  const percent = Math.round(value * 100);
  if (percent === 100 && value < 1) return '> 99 %';
  if (percent === 0 && value > 0) return '< 1 %';
  return `${percent} %`;
}

/** "812 B", "14.2 KiB", "3.0 MiB" */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

const UNIT_SYMBOLS: Readonly<Record<string, string>> = {
  Percent: '%',
  Seconds: 's',
  Milliseconds: 'ms',
  Microseconds: 'µs',
  Bytes: 'bytes',
  Count: '',
  None: '',
};

/** CloudWatch's unit name as its symbol; a unit unknown here stays as it is. */
export function unitSymbol(unit: string): string {
  return UNIT_SYMBOLS[unit] ?? unit;
}

/** A measured value: four significant digits, grouped. */
export function formatMeasure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Math.abs(value) >= 10_000 ? Math.round(value) : Number(value.toPrecision(4));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** The value with its unit: "2,410 ms", "17". */
export function formatAmount(value: number, unit: string): string {
  const symbol = unitSymbol(unit);
  return symbol === '' ? formatMeasure(value) : `${formatMeasure(value)} ${symbol}`;
}
