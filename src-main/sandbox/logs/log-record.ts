import type { ServedLog } from '../telemetry/served-data.ts';

/** A log line as a query sees it. */
export interface LogRecord {
  readonly line: ServedLog;
  /** `account:group`, as in @log. */
  readonly log: string;
  readonly pointer: string;
}

/** Insights' time form, UTC. */
export function formatInsightsTime(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('Z', '');
}

/** The value of a field; messages that are JSON objects have their members as fields (dotted for nested ones). */
export function fieldOf(record: LogRecord, name: string): string | undefined {
  switch (name) {
    case '@timestamp':
    case '@ingestionTime':
      return formatInsightsTime(record.line.time);
    case '@message':
      return record.line.message;
    case '@logStream':
      return record.line.stream;
    case '@log':
      return record.log;
    case '@ptr':
      return record.pointer;
    default:
      return discoveredField(record.line.message, name);
  }
}

function discoveredField(message: string, path: string): string | undefined {
  if (!message.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    // Not JSON after all: such a line has no discovered fields.
    return undefined;
  }
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, path)) {
    return textOf(Reflect.get(value, path));
  }
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return textOf(value);
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
