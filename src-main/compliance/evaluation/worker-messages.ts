import type { ErrorCode } from '#shared/errors.ts';
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
