import { QueryCursor } from './query-cursor.ts';
import { QuerySyntaxError, tokenize } from './query-tokens.ts';

/** A useful subset of CloudWatch Logs Insights QL. Anything else is a MalformedQueryException, never ignored. */
export type Command =
  | { readonly type: 'fields'; readonly names: readonly string[] }
  | { readonly type: 'filter'; readonly condition: LogCondition }
  | {
      readonly type: 'stats';
      readonly alias: string;
      readonly binMs: number | undefined;
      readonly by: readonly string[];
    }
  | { readonly type: 'sort'; readonly keys: readonly { readonly name: string; readonly descending: boolean }[] }
  | { readonly type: 'limit'; readonly count: number };

export type LogCondition =
  | { readonly type: 'and' | 'or'; readonly parts: readonly LogCondition[] }
  | { readonly type: 'not'; readonly part: LogCondition }
  | { readonly type: 'like'; readonly field: string; readonly pattern: RegExp }
  | { readonly type: 'contains'; readonly field: string; readonly text: string }
  | {
      readonly type: 'compare';
      readonly field: string;
      readonly operator: Comparison;
      readonly value: string | number;
    };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export const MAX_QUERY_LIMIT = 10_000;

/** Parses a pipeline; throws QuerySyntaxError. */
export function parseQuery(text: string): readonly Command[] {
  const cursor = new QueryCursor(tokenize(text), text.length);
  const commands: Command[] = [];
  do {
    commands.push(parseCommand(cursor));
  } while (cursor.accept('|'));
  if (!cursor.done) throw cursor.unexpected();
  const limit = commands.findIndex((command) => command.type === 'limit');
  if (limit !== -1 && commands.slice(limit).some((command) => command.type === 'filter' || command.type === 'stats')) {
    throw new QuerySyntaxError('filter and stats must stand before limit', text.length);
  }
  return commands;
}

function parseCommand(cursor: QueryCursor): Command {
  const word = cursor.word().toLowerCase();
  switch (word) {
    case 'fields':
    case 'display':
      return { type: 'fields', names: parseNames(cursor) };
    case 'filter':
      return { type: 'filter', condition: parseOr(cursor) };
    case 'stats':
      return parseStats(cursor);
    case 'sort':
      return { type: 'sort', keys: parseSort(cursor) };
    case 'limit': {
      const count = cursor.number();
      if (!Number.isInteger(count) || count < 1 || count > MAX_QUERY_LIMIT) {
        throw new QuerySyntaxError(`limit must be 1 to ${MAX_QUERY_LIMIT}`, cursor.at);
      }
      return { type: 'limit', count };
    }
    default:
      throw new QuerySyntaxError(`unknown command '${word}'`, cursor.at);
  }
}

function parseNames(cursor: QueryCursor): readonly string[] {
  const names = [cursor.word()];
  while (cursor.accept(',')) names.push(cursor.word());
  return names;
}

function parseSort(cursor: QueryCursor) {
  const keys: { name: string; descending: boolean }[] = [];
  do {
    const name = cursor.word();
    const descending = cursor.acceptWord('desc');
    if (!descending) cursor.acceptWord('asc');
    keys.push({ name, descending });
  } while (cursor.accept(','));
  return keys;
}

/** `stats count(*) [as alias] [by bin(5m)[, field …]]` */
function parseStats(cursor: QueryCursor): Command {
  if (!cursor.acceptWord('count')) throw cursor.unexpected();
  cursor.expect('(');
  cursor.accept('*');
  cursor.expect(')');
  const alias = cursor.acceptWord('as') ? cursor.word() : 'count(*)';
  let binMs: number | undefined;
  const by: string[] = [];
  if (cursor.acceptWord('by')) {
    do {
      const name = cursor.word();
      if (name.toLowerCase() === 'bin' && binMs === undefined) binMs = parseBin(cursor);
      else by.push(name);
    } while (cursor.accept(','));
  }
  return { type: 'stats', alias, binMs, by };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseBin(cursor: QueryCursor): number {
  cursor.expect('(');
  const match = /^(\d{1,5})([smhd])$/.exec(cursor.word());
  cursor.expect(')');
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
  if (!(ms > 0)) throw new QuerySyntaxError('bin needs a period such as 1m', cursor.at);
  return ms;
}

function parseOr(cursor: QueryCursor): LogCondition {
  const parts = [parseAnd(cursor)];
  while (cursor.acceptWord('or')) parts.push(parseAnd(cursor));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { type: 'or', parts };
}

function parseAnd(cursor: QueryCursor): LogCondition {
  const parts = [parseTerm(cursor)];
  while (cursor.acceptWord('and')) parts.push(parseTerm(cursor));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { type: 'and', parts };
}

const MAX_NESTING = 20;

function parseTerm(cursor: QueryCursor): LogCondition {
  cursor.depth += 1;
  if (cursor.depth > MAX_NESTING) throw new QuerySyntaxError('the filter is nested too deeply', cursor.at);
  const term = parseUnnested(cursor);
  cursor.depth -= 1;
  return term;
}

function parseUnnested(cursor: QueryCursor): LogCondition {
  if (cursor.acceptWord('not')) return { type: 'not', part: parseTerm(cursor) };
  if (cursor.accept('(')) {
    const inner = parseOr(cursor);
    cursor.expect(')');
    return inner;
  }
  const field = cursor.word();
  if (cursor.acceptWord('not')) {
    if (!cursor.acceptWord('like')) throw cursor.unexpected();
    return { type: 'not', part: parsePattern(cursor, field) };
  }
  if (cursor.acceptWord('like') || cursor.accept('=~')) return parsePattern(cursor, field);
  for (const operator of ['!=', '<=', '>=', '=', '<', '>'] as const) {
    if (cursor.accept(operator)) return { type: 'compare', field, operator, value: cursor.literal() };
  }
  throw cursor.unexpected();
}

/** What stands after `like`: a regular expression, or a string to contain. */
function parsePattern(cursor: QueryCursor, field: string): LogCondition {
  const token = cursor.stringOrRegex();
  return token.pattern === undefined
    ? { type: 'contains', field, text: token.text }
    : { type: 'like', field, pattern: token.pattern };
}
