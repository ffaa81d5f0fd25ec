import type { ErrorCode } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { FullRequest } from '../verify-store.ts';
import type { Answer, Job } from './jobs.ts';

/** Between the program and its verifying thread; both ends are this program, of one version. */
export interface ToWorker {
  readonly id: number;
  readonly job: Job | { readonly kind: 'full'; readonly request: FullRequest };
}

export type FromWorker =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'verdict'; readonly id: number; readonly verdict: Verdict }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly reason: string | undefined;
      readonly message: string;
    };
