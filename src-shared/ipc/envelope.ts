import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';

/** What crosses IPC when a call fails: never a stack, never a cause. `ref` finds the log line. */
export const IpcError = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string().max(2000),
  ref: z.string().max(64),
  /** The moment before which asking again is in vain: a lockout is counted down to it. */
  until: z.iso.datetime({ precision: 3 }).optional(),
});
export type IpcError = z.infer<typeof IpcError>;

export type IpcResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: IpcError };
