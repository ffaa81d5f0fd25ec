import { z } from 'zod';

/** Epoch seconds, possibly fractional, as AWS JSON carries times; in milliseconds afterwards. */
const EpochSeconds = z
  .number()
  .min(0)
  .max(253_402_300_799)
  .transform((seconds) => Math.round(seconds * 1000));

const Dimensions = z
  .array(z.strictObject({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30)
  .default([]);

const Period = z
  .int()
  .min(60)
  .max(86_400 * 30)
  .multipleOf(60);

const MetricQuery = z.strictObject({
  Id: z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/),
  Label: z.string().max(2048).optional(),
  ReturnData: z.boolean().default(true),
  MetricStat: z.strictObject({
    Metric: z.strictObject({
      Namespace: z.string().min(1).max(255),
      MetricName: z.string().min(1).max(255),
      Dimensions,
    }),
    Period,
    Stat: z.string().min(1).max(32),
    Unit: z.string().min(1).max(32).optional(),
  }),
});
export type MetricQuery = z.infer<typeof MetricQuery>;

export const GetMetricDataInput = z.strictObject({
  MetricDataQueries: z.array(MetricQuery).min(1).max(500),
  StartTime: EpochSeconds,
  EndTime: EpochSeconds,
  NextToken: z.string().min(1).max(4096).optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: z.int().min(1).max(100_800).default(100_800),
});
export type GetMetricDataInput = z.infer<typeof GetMetricDataInput>;

export const GetMetricStatisticsInput = z.strictObject({
  Namespace: z.string().min(1).max(255),
  MetricName: z.string().min(1).max(255),
  Dimensions,
  StartTime: EpochSeconds,
  EndTime: EpochSeconds,
  Period,
  Statistics: z
    .array(z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']))
    .min(1)
    .max(5)
    .optional(),
  ExtendedStatistics: z.array(z.string().min(1).max(16)).min(1).max(10).optional(),
  Unit: z.string().min(1).max(32).optional(),
});
export type GetMetricStatisticsInput = z.infer<typeof GetMetricStatisticsInput>;
