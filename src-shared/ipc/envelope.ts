import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';

/** What crosses IPC when a call fails: never a stack, never a cause. `ref` finds the log line. */
export const IpcError = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string().max(2000),
  ref: z.string().max(64),
});
export type IpcError = z.infer<typeof IpcError>;

export type IpcResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: IpcError };
