import type { CedarProblem } from './cedar-rules.ts';

/**
 * How deep a policy may be nested: in brackets, and in an `if` within another. Cedar walks through both by calling itself,
 * and some 120 levels end its memory.
 */
export const DEEPEST = 32;
/** How many operators and brackets one policy may have: a chain of them is nested as well, once it is read. */
const MOST_OPERATORS = 500;

/**
 * Comments and strings as Cedar skips them (a comment ends at either sign of a new line), words, and single signs. A
 * quotation mark comes as a sign only when its string has no end.
 */
const TOKENS = /\/\/[^\n\r]*|"(?:\\[\s\S]|[^"\\])*"|\w+|[^\s\w]/gu;
const WORD_OPERATORS = new Set(['in', 'has', 'like', 'is', 'if', 'then', 'else', 'when', 'unless']);
const SIGN_OPERATORS = new Set([...'.!-+*/%=<>&|:([{@?']);

/** What makes a text too involved to be handed to Cedar; null when nothing does. Works without Cedar. */
export function excessOf(text: string): CedarProblem | null {
  const outer: number[] = []; // the depths around each open bracket
  let depth = 0;
  let operators = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token === '"') return excess('A string is not closed.', text, index);
    if (token === '(' || token === '[' || token === '{') {
      outer.push(depth);
      depth += 1;
    } else if (token === ')' || token === ']' || token === '}') {
      depth = outer.pop() ?? 0;
    } else if (token === 'if') {
      depth += 1;
    } else if (token === ';' && outer.length === 0) {
      depth = 0;
      operators = 0;
    }
    if (SIGN_OPERATORS.has(token) || WORD_OPERATORS.has(token)) operators += 1;
    if (depth > DEEPEST) return excess(`A policy may be nested ${DEEPEST} levels deep, not more.`, text, index);
    if (operators > MOST_OPERATORS) {
      return excess(`A policy may have ${MOST_OPERATORS} operators and brackets, not more. Split it.`, text, index);
    }
  }
  return null;
}

function excess(message: string, text: string, index: number): CedarProblem {
  return { message, line: text.slice(0, index).split('\n').length };
}
