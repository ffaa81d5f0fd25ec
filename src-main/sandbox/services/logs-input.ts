import { z } from 'zod';

const GroupName = z.string().regex(/^[\w./#-]{1,512}$/);
const GroupIdentifier = z.string().min(1).max(2048);

export const StartQueryInput = z.strictObject({
  queryLanguage: z.literal('CWLI').optional(),
  logGroupName: GroupName.optional(),
  logGroupNames: z.array(GroupName).min(1).max(50).optional(),
  logGroupIdentifiers: z.array(GroupIdentifier).min(1).max(50).optional(),
  /** Epoch seconds, both inclusive. */
  startTime: z.int().min(0),
  endTime: z.int().min(0),
  queryString: z.string().max(10_000),
  limit: z.int().min(1).max(10_000).optional(),
});
export type StartQueryInput = z.infer<typeof StartQueryInput>;

export const GetQueryResultsInput = z.strictObject({ queryId: z.string().max(256) });

export const GetLogEventsInput = z.strictObject({
  logGroupName: GroupName.optional(),
  logGroupIdentifier: GroupIdentifier.optional(),
  logStreamName: z.string().regex(/^[^:*]{1,512}$/),
  /** Epoch milliseconds, [startTime, endTime). */
  startTime: z.int().min(0).optional(),
  endTime: z.int().min(0).optional(),
  nextToken: z.string().min(1).max(256).optional(),
  limit: z.int().min(1).max(10_000).default(10_000),
  startFromHead: z.boolean().default(false),
  unmask: z.literal(false).optional(),
});
export type GetLogEventsInput = z.infer<typeof GetLogEventsInput>;
