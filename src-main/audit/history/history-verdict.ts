import type { HistoryBreak } from '#shared/ipc/verification-views.ts';
import type { ProblemCode, Verdict } from '#shared/model/verdict.ts';
import { MAX_PROBLEMS, printable } from '../problems.ts';
import type { History } from './history.ts';

/** A verdict that names every break of the history as well, whatever the verification found by itself. */
export function withHistory(verdict: Verdict, history: Pick<History, 'problems'>): Verdict {
  const breaks = history.problems().map(({ code, message, seq }) => {
    const problem = { line: 0, code, message: printable(message) };
    return seq === null ? problem : { ...problem, seq };
  });
  if (breaks.length === 0) return verdict;
  return {
    ...verdict,
    verdict: verdict.verdict === 'valid' ? 'invalid' : verdict.verdict,
    problems: [...breaks, ...verdict.problems].slice(0, MAX_PROBLEMS),
    problemCount: verdict.problemCount + breaks.length,
  };
}

/** The code of section 6 under which a verification names a break. */
export function codeOf(kind: HistoryBreak['kind']): ProblemCode {
  switch (kind) {
    case 'schema-changed':
      return 'schema';
    case 'checkpoint-missing':
    case 'checkpoint-unreadable':
      return 'checkpoint';
    case 'tree-damaged':
      return 'root';
    case 'rolled-back':
    case 'forked':
    case 'head-damaged':
    case 'first-record':
    case 'records-altered':
      return 'not-extension';
  }
}
