import type { ScenarioFiles } from '#main/sandbox/generator/generate.ts';

/** metrics.csv as columns; a missing data point is undefined. */
export interface Table {
  readonly times: readonly string[];
  readonly keys: readonly string[];
  column(key: string): readonly (number | undefined)[];
}

export function fileOf(files: ScenarioFiles, name: string): string {
  const content = files.get(name);
  if (content === undefined) throw new Error(`the scenario has no ${name}`);
  return content;
}

export function parseTable(csv: string): Table {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const [, ...keys] = header.split(',');
  const rows = lines.map((line) => line.split(','));
  return {
    times: rows.map((row) => row[0] ?? ''),
    keys,
    column: (key) => {
      const index = keys.indexOf(key);
      if (index < 0) throw new Error(`no column ${key}`);
      return rows.map((row) => {
        const cell = row[index + 1] ?? '';
        return cell === '' ? undefined : Number(cell);
      });
    },
  };
}

export function present(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly (number | undefined)[]): number {
  return quantile(present(values), 0.5);
}

/**
 * Excess of `window` over `usual` in robust standard scales: the median's distance from the usual median over
 * max(IQR, 1 % of the median, a tenth of the standard deviation).
 */
export function excess(usual: readonly (number | undefined)[], window: readonly (number | undefined)[]): number {
  const base = present(usual);
  const middle = quantile(base, 0.5);
  const mean = base.reduce((sum, value) => sum + value, 0) / base.length;
  const deviation = Math.sqrt(base.reduce((sum, value) => sum + (value - mean) ** 2, 0) / base.length);
  const scale = Math.max(quantile(base, 0.75) - quantile(base, 0.25), 0.01 * Math.abs(middle), 0.1 * deviation, 1e-9);
  return Math.abs(median(window) - middle) / scale;
}
