import { CausewayError } from '#shared/errors.ts';

/** Whether the file system refused for want of space: the disk's, or the share of it that is a person's. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** What it is to a person that something was not written: `disk-full` or `read-only`, with a sentence of what to do. */
export function notWritten(text: string, cause: unknown): CausewayError {
  return new CausewayError(isFull(cause) ? 'disk-full' : 'read-only', text, { cause });
}
