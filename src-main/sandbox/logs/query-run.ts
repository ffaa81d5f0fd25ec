import { fieldOf, formatInsightsTime, type LogRecord } from './log-record.ts';
import { type Command, type LogCondition, MAX_QUERY_LIMIT } from './query-parser.ts';

export interface ResultField {
  readonly field: string;
  readonly value: string;
}

export type ResultRow = readonly ResultField[];

/** A row inside the pipeline: a log record, or a group made by `stats`. */
type Row = { readonly record: LogRecord } | { readonly group: ReadonlyMap<string, string> };

/** Whether every leading filter keeps the record: what `recordsMatched` counts. */
export function matchesFilters(commands: readonly Command[], record: LogRecord): boolean {
  for (const command of commands) {
    if (command.type === 'stats') return true;
    if (command.type === 'filter' && !holds(command.condition, { record })) return false;
  }
  return true;
}

/** Runs the pipeline over records that passed `matchesFilters`; records are given in ascending time. */
export function runPipeline(commands: readonly Command[], records: readonly LogRecord[]): readonly ResultRow[] {
  let rows: readonly Row[] = records.map((record) => ({ record })).reverse();
  let names: readonly string[] | undefined;
  let limit = MAX_QUERY_LIMIT;
  let grouped = false;
  for (const command of commands) {
    switch (command.type) {
      case 'fields':
        names = [...new Set([...(names ?? []), ...command.names])];
        break;
      case 'filter':
        if (grouped) rows = rows.filter((row) => holds(command.condition, row));
        break;
      case 'stats':
        rows = group(rows, command);
        names = undefined;
        grouped = true;
        break;
      case 'sort':
        rows = sortRows(rows, command.keys);
        break;
      case 'limit':
        limit = command.count;
        rows = rows.slice(0, limit);
        break;
    }
  }
  return rows.slice(0, limit).map((row) => resultRow(row, names));
}

function resultRow(row: Row, names: readonly string[] | undefined): ResultRow {
  if ('group' in row) return [...row.group].map(([field, value]) => ({ field, value }));
  const wanted = [...(names ?? ['@timestamp', '@message']).filter((name) => name !== '@ptr'), '@ptr'];
  return wanted.flatMap((field) => {
    const value = fieldOf(row.record, field);
    return value === undefined ? [] : [{ field, value }];
  });
}

function rowValue(row: Row, name: string): string | undefined {
  return 'group' in row ? row.group.get(name) : fieldOf(row.record, name);
}

function group(rows: readonly Row[], command: Extract<Command, { type: 'stats' }>): readonly Row[] {
  const counts = new Map<string, { readonly keys: readonly (readonly [string, string])[]; count: number }>();
  for (const row of rows) {
    if (!('record' in row)) continue;
    const keys: (readonly [string, string])[] = [];
    if (command.binMs !== undefined) {
      const start = Math.floor(row.record.line.time / command.binMs) * command.binMs;
      keys.push([binName(command.binMs), formatInsightsTime(start)]);
    }
    for (const name of command.by) keys.push([name, fieldOf(row.record, name) ?? '']);
    const id = JSON.stringify(keys);
    const entry = counts.get(id) ?? { keys, count: 0 };
    entry.count += 1;
    counts.set(id, entry);
  }
  return [...counts.values()].map(({ keys, count }) => ({ group: new Map([...keys, [command.alias, String(count)]]) }));
}

function binName(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const [unit, size] = units.find(([, value]) => ms % value === 0) ?? ['s', 1000];
  return `bin(${ms / size}${unit})`;
}

type SortKeys = Extract<Command, { type: 'sort' }>['keys'];

function sortRows(rows: readonly Row[], keys: SortKeys): readonly Row[] {
  const decorated = rows.map((row) => ({ row, values: keys.map((key) => rowValue(row, key.name) ?? '') }));
  decorated.sort((a, b) => {
    for (const [index, key] of keys.entries()) {
      const order = compareValues(a.values[index] ?? '', b.values[index] ?? '');
      if (order !== 0) return key.descending ? -order : order;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function compareValues(a: string, b: string): number {
  if (NUMBER.test(a) && NUMBER.test(b)) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(condition: LogCondition, row: Row): boolean {
  switch (condition.type) {
    case 'and':
      return condition.parts.every((part) => holds(part, row));
    case 'or':
      return condition.parts.some((part) => holds(part, row));
    case 'not':
      return !holds(condition.part, row);
    case 'like':
      return condition.pattern.test(rowValue(row, condition.field) ?? '');
    case 'contains':
      return (rowValue(row, condition.field) ?? '').includes(condition.text);
    case 'compare':
      return compareField(rowValue(row, condition.field), condition);
  }
}

function compareField(actual: string | undefined, { operator, value }: Extract<LogCondition, { type: 'compare' }>) {
  if (actual === undefined) return operator === '!=';
  const expected = String(value);
  const numeric = NUMBER.test(actual) && NUMBER.test(expected);
  const order = numeric ? Number(actual) - Number(expected) : compareValues(actual, expected);
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
