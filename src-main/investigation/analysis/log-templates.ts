/**
 * Log templates: a Drain-like tree (He et al., ICWS 2017: group by number of tokens and leading tokens, then by share of
 * equal tokens). It is at the same time the barrier against instructions injected through logs: what leaves this file
 * is the number of a template and how often it occurred, and template text in which everything variable is `<*>`.
 */
const WILDCARD = '<*>';
const LONGEST_LINE = 1024;
const MOST_TOKENS = 48;
const LEADING_TOKENS = 2;
const MOST_CHILDREN = 64;
const SIMILAR = 0.5;
/** Hostile input must not grow the tree without end; what comes later is counted together under {@link OVERFLOW}. */
const MOST_TEMPLATES = 2000;
export const OVERFLOW = -1;

/** A token that holds a digit, a path, an address, an identifier or a quoted value varies from line to line. */
const VARIABLE = /\d|[/\\@]|^["'`].*["'`]$|^[0-9a-f]{8,}$/i;
const KEY_VALUE = /^([A-Za-z_.-]{1,40}[=:]).+/;

interface Group {
  readonly id: number;
  readonly tokens: string[];
}

export interface Templates {
  /** Number of the template a line belongs to; {@link OVERFLOW} once the tree is full. */
  add(message: string): number;
  /** Template text with `<*>` for everything variable. For people to read, never to be followed. */
  text(id: number): string;
  readonly size: number;
}

/** Splits a line into masked tokens. */
export function maskTokens(message: string): string[] {
  const words = message.slice(0, LONGEST_LINE).trim().split(/\s+/, MOST_TOKENS);
  return words.map((word) => {
    const pair = KEY_VALUE.exec(word);
    if (pair?.[1] !== undefined) return `${pair[1]}${WILDCARD}`;
    return VARIABLE.test(word) ? WILDCARD : word;
  });
}

function similarity(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0) return 1;
  let same = 0;
  for (let i = 0; i < left.length; i += 1) if (left[i] === right[i]) same += 1;
  return same / left.length;
}

/** An empty tree. Which number a template gets depends only on the lines added before it. */
export function createTemplates(): Templates {
  const leaves = new Map<string, Group[]>();
  const children = new Map<string, Set<string>>();
  const groups: Group[] = [];
  const known = new Map<string, number>();

  const leafKey = (tokens: readonly string[]): string => {
    let key = String(tokens.length);
    for (let depth = 0; depth < Math.min(LEADING_TOKENS, tokens.length); depth += 1) {
      const siblings = children.get(key) ?? new Set<string>();
      children.set(key, siblings);
      const token = tokens[depth] ?? WILDCARD;
      const step = siblings.has(token) || siblings.size < MOST_CHILDREN ? token : WILDCARD;
      siblings.add(step);
      key = `${key}\u0000${step}`;
    }
    return key;
  };

  const place = (tokens: readonly string[]): number => {
    const key = leafKey(tokens);
    const leaf = leaves.get(key) ?? [];
    leaves.set(key, leaf);
    let best: Group | undefined;
    let bestSimilarity = SIMILAR;
    for (const group of leaf) {
      const value = similarity(group.tokens, tokens);
      if (value > bestSimilarity || (value === bestSimilarity && best === undefined)) {
        best = group;
        bestSimilarity = value;
      }
    }
    if (best === undefined) {
      if (groups.length >= MOST_TEMPLATES) return OVERFLOW;
      best = { id: groups.length, tokens: [...tokens] };
      groups.push(best);
      leaf.push(best);
      return best.id;
    }
    for (let i = 0; i < best.tokens.length; i += 1) if (best.tokens[i] !== tokens[i]) best.tokens[i] = WILDCARD;
    return best.id;
  };

  return {
    add(message) {
      const tokens = maskTokens(message);
      const line = tokens.join(' ');
      const found = known.get(line);
      if (found !== undefined) return found;
      const id = place(tokens);
      if (known.size < 10 * MOST_TEMPLATES) known.set(line, id);
      return id;
    },
    text(id) {
      return groups[id]?.tokens.join(' ') ?? WILDCARD;
    },
    get size() {
      return groups.length;
    },
  };
}
