/** A query Insights could not compile; `at` is the offset of the offending character. */
export class QuerySyntaxError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = 'QuerySyntaxError';
    this.at = at;
  }
}

export interface Token {
  readonly type: 'word' | 'string' | 'regex' | 'symbol';
  readonly text: string;
  readonly at: number;
  readonly pattern?: RegExp;
}

const SPACE = /\s+/y;
const WORD = /[@A-Za-z0-9_.+-]+/y;
const STRING = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y;
const REGEX = /\/((?:[^/\\\n]|\\.)+)\/(i?)/y;
const SYMBOL = /=~|!=|<=|>=|[=<>|,()*]/y;
const QUOTED_FIELD = /`([^`]+)`/y;

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (expression: RegExp) => {
    expression.lastIndex = at;
    return expression.exec(text);
  };
  while (at < text.length) {
    const found = match(SPACE) ?? match(WORD) ?? match(STRING) ?? match(REGEX) ?? match(QUOTED_FIELD) ?? match(SYMBOL);
    if (found === null) throw new QuerySyntaxError(`unexpected '${text[at]}'`, at);
    const token = readToken(found, at);
    if (token !== undefined) tokens.push(token);
    at += found[0].length;
  }
  return tokens;
}

function readToken(found: RegExpExecArray, at: number): Token | undefined {
  const [whole, first, second] = found;
  if (/^\s/.test(whole)) return undefined;
  if (whole.startsWith('"') || whole.startsWith("'")) {
    return { type: 'string', text: (first ?? second ?? '').replace(/\\(.)/g, '$1'), at };
  }
  if (whole.startsWith('`')) return { type: 'word', text: first ?? '', at };
  if (whole.startsWith('/')) {
    return { type: 'regex', text: whole, at, pattern: compilePattern(first ?? '', second ?? '', at) };
  }
  return { type: /^[@A-Za-z0-9_.+-]/.test(whole) ? 'word' : 'symbol', text: whole, at };
}

const MAX_PATTERN = 512;

/** `(?i)` in front means what it means in Insights. How long it may match is bounded where the query runs. */
function compilePattern(source: string, flag: string, at: number): RegExp {
  const insensitive = source.startsWith('(?i)');
  const body = insensitive ? source.slice(4) : source;
  if (body.length > MAX_PATTERN) throw new QuerySyntaxError('the regular expression is too long', at);
  try {
    return new RegExp(body, insensitive || flag === 'i' ? 'i' : '');
  } catch {
    throw new QuerySyntaxError('the regular expression cannot be read', at);
  }
}
