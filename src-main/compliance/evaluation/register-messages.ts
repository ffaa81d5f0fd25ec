import type { ReaderAddress } from '#main/audit/reading/record-reader.ts';
import type { RegisterSnapshot } from './register-snapshot.ts';
import type { Failure } from './worker-messages.ts';

/** Between the register keeper and its thread; both ends are this program, of one version. */
export interface CounterTask {
  readonly address: ReaderAddress;
  /** What was counted before, as JSON; null: nothing, or nothing that could be read. */
  readonly saved: string | null;
}

/** `save`: with what is needed to go on from there. */
export interface ToCounter {
  readonly type: 'grow';
  readonly save: boolean;
}

export type FromCounter =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly type: 'counted';
      readonly snapshot: RegisterSnapshot;
      /** JSON, where it was asked for, or much was counted. */
      readonly saved: string | null;
      /** Whether there is more to count. */
      readonly more: boolean;
    }
  /** Everything there was when it looked. */
  | { readonly type: 'caught-up'; readonly seq: number }
  | Failure;
