/** What every benchmark here does: repeat, take medians, compare with a yardstick measured in the same run. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value a share of the others does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

/** Milliseconds an asynchronous piece of work takes. */
export async function elapsed(work: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export interface Figure {
  readonly name: string;
  /** What is measured, in words with its unit: "1,870 records/s". */
  readonly ours: string;
  readonly yardstick: string;
  readonly ratio: number;
  /** The bound the ratio has to keep, and on which side. */
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
}

export function keeps({ ratio, bound }: Figure): boolean {
  return 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost;
}

export function printFigure(figure: Figure): void {
  const { name, ours, yardstick, ratio, bound } = figure;
  const wanted = 'atLeast' in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`;
  const word = keeps(figure) ? 'kept' : 'MISSED';
  process.stdout.write(`${name}\n  ours      ${ours}\n  yardstick ${yardstick}\n`);
  process.stdout.write(`  ratio     ${ratio.toFixed(3)} (${wanted}: ${word})\n`);
}

/** Prints a figure, and lets the process fail when it was missed. */
export function report(figure: Figure): void {
  printFigure(figure);
  if (!keeps(figure)) process.exitCode = 1;
}

export function perSecond(count: number, milliseconds: number): string {
  return `${Math.round((count / milliseconds) * 1000).toLocaleString('en')}/s`;
}

/** The number after an option on the command line. */
export function numberOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} takes a positive whole number`);
  return value;
}

/** The text after an option on the command line. */
export function textOption(name: string, fallback: string): string {
  const at = process.argv.indexOf(name);
  return (at < 0 ? undefined : process.argv[at + 1]) ?? fallback;
}
