import type { Problem } from '#shared/model/verdict.ts';
import type { History } from '../history/history.ts';
import { printable } from '../problems.ts';
import type { SinceCheck } from './verify-since.ts';

const MOST_PROBLEMS = 1000;

/** Every break of the own history, acknowledged or not, as a verification names it: none of them is ever good again. */
export function historyProblems(history: Pick<History, 'problems'>): readonly Problem[] {
  return history.problems().map(({ code, message, seq }) => {
    const problem = { line: 0, code, message: printable(message) };
    return seq === null ? problem : { ...problem, seq };
  });
}

/** What was found, with the breaks before it. */
export function withBreaks<T extends { readonly problems: readonly Problem[]; readonly problemCount: number }>(
  found: T,
  breaks: readonly Problem[],
): T & { readonly problems: Problem[] } {
  const problems = [...breaks, ...found.problems].slice(0, MOST_PROBLEMS);
  return { ...found, problems, problemCount: found.problemCount + breaks.length };
}

/** A check of the newest records, which says nothing good of a history that is broken. */
export function sinceWithHistory(check: SinceCheck, history: Pick<History, 'problems'>): SinceCheck {
  const breaks = historyProblems(history);
  return { ...withBreaks(check, breaks), failures: check.failures + breaks.length };
}
