import type { IpcError } from '#shared/ipc/envelope.ts';

/** A failed call as the window shows it: what happened, in a sentence, and the reference that finds the log line. */
export class UiError extends Error {
  readonly code: IpcError['code'];
  readonly ref: string;
  /** The moment before which trying again is in vain; null when nothing was said of one. */
  readonly until: string | null;

  constructor(error: IpcError) {
    super(error.message);
    this.name = 'UiError';
    this.code = error.code;
    this.ref = error.ref;
    this.until = error.until ?? null;
  }
}

/** Anything thrown, as a UiError; what did not come from a call has no reference. */
export function toUiError(error: unknown): UiError {
  if (error instanceof UiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new UiError({ code: 'internal', message: `The window failed: ${detail}`.slice(0, 2000), ref: '' });
}

/** Whoever stops what was running knows that it ended: that is no failure. @throws UiError for any other one */
export function requireStopped(failure: unknown): void {
  const error = toUiError(failure);
  if (error.code !== 'cancelled') throw error;
}
