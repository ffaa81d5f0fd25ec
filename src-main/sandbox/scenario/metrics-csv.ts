import { badLine } from './read-text.ts';

/** Recorded metrics, by column: one time axis (epoch milliseconds, ascending) and a value per key and time; NaN = no data point. */
export interface MetricTable {
  readonly times: Float64Array;
  readonly series: ReadonlyMap<string, Float64Array>;
}

const FILE = 'metrics.csv';
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Reads `time,<key>,…`. Every declared key has a column and every column is declared; a cell is a number or empty. */
export function parseMetricsCsv(folder: string, text: string, keys: readonly string[]): MetricTable {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const header = lines[0]?.split(',') ?? [];
  if (header[0] !== 'time') throw badLine(folder, FILE, 1, "the header must begin with 'time'.");
  const columns = header.slice(1);
  checkColumns(folder, columns, keys);
  if (lines.length < 2) throw badLine(folder, FILE, undefined, 'it has no data rows. Record at least one minute.');
  const times = new Float64Array(lines.length - 1);
  const values = columns.map(() => new Float64Array(lines.length - 1));
  for (let row = 0; row < times.length; row += 1) {
    const cells = (lines[row + 1] ?? '').split(',');
    if (cells.length !== header.length) {
      throw badLine(folder, FILE, row + 2, `it has ${cells.length} cells, the header ${header.length}.`);
    }
    const time = TIME.test(cells[0] ?? '') ? Date.parse(cells[0] ?? '') : Number.NaN;
    if (Number.isNaN(time)) throw badLine(folder, FILE, row + 2, `'${cells[0]}' is not an RFC 3339 time.`);
    if (row > 0 && time <= (times[row - 1] ?? 0)) throw badLine(folder, FILE, row + 2, 'times must ascend.');
    times[row] = time;
    for (let column = 0; column < columns.length; column += 1) {
      const cell = cells[column + 1] ?? '';
      const value = cell === '' ? Number.NaN : NUMBER.test(cell) ? Number(cell) : undefined;
      const series = values[column];
      if (value === undefined || Math.abs(value) === Number.POSITIVE_INFINITY || series === undefined) {
        throw badLine(folder, FILE, row + 2, `'${cell}' in column '${columns[column]}' is not a number.`);
      }
      series[row] = value;
    }
  }
  return { times, series: new Map(columns.map((key, index) => [key, values[index] ?? new Float64Array(0)])) };
}

function checkColumns(folder: string, columns: readonly string[], keys: readonly string[]): void {
  const declared = new Set(keys);
  const seen = new Set<string>();
  for (const column of columns) {
    if (!declared.has(column)) {
      throw badLine(folder, FILE, 1, `column '${column}' is not a metric key of scenario.json. Declare or drop it.`);
    }
    if (seen.has(column)) throw badLine(folder, FILE, 1, `column '${column}' stands there twice.`);
    seen.add(column);
  }
  const missing = keys.find((key) => !seen.has(key));
  if (missing !== undefined) {
    throw badLine(folder, FILE, 1, `metric key '${missing}' of scenario.json has no column. Add or undeclare it.`);
  }
}
