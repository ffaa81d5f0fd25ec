import { z } from 'zod';
import type { Access } from '../model/access.ts';

/** What the contract says of a channel. */
export interface ChannelTerms {
  /** Who may ask: checked by the main process at every call. */
  readonly access: Access;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

export const Nothing = z.strictObject({});

/** The answer of a channel that opens a system dialog. */
export const Cancellable = <T extends z.ZodType>(value: T) =>
  z.union([z.strictObject({ cancelled: z.literal(true) }), z.strictObject({ cancelled: z.literal(false), value })]);

/** Why somebody does something that matters: never shorter than a sentence. */
export const Justification = z.string().trim().min(10).max(2000);
