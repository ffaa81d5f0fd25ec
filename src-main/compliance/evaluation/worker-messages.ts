import { CausewayError, describeError, type ErrorCode } from '#shared/errors.ts';
import type { RecordSource } from './evaluate.ts';
import type { Evaluation, EvaluationRequest } from './evaluation.ts';

/** Between the program and its evaluating thread; both ends are this program, of one version. */
export interface EvaluatorTask {
  readonly source: RecordSource;
  readonly request: EvaluationRequest;
}

export interface Failure {
  readonly type: 'failed';
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly text: string;
}

export type FromEvaluator =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly evaluation: Evaluation }
  | Failure;

/** What went wrong, as a thread can say it. */
export function failure(error: unknown): Failure {
  if (error instanceof CausewayError) {
    return { type: 'failed', code: error.code, reason: error.reason, text: error.message };
  }
  const text = `The records could not be counted: ${describeError(error)}`;
  return { type: 'failed', code: 'internal', reason: undefined, text };
}

export function toError({ code, reason, text }: Failure): CausewayError {
  return new CausewayError(code, text, reason === undefined ? {} : { reason });
}
