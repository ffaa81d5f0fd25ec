import { z } from 'zod';

/** Problem codes of the chain format, section 6. `time` is a warning; every other one makes a file invalid. */
export const ProblemCode = z.enum([
  'unreadable',
  'not-canonical',
  'schema',
  'hash',
  'chain',
  'sequence',
  'key',
  'signature',
  'time',
  'root',
  'checkpoint',
  'digest',
  'disclosure',
  'not-extension',
  'pin',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

export const Problem = z.strictObject({
  line: z.int().min(0),
  seq: z.int().optional(),
  code: ProblemCode,
  message: z.string().max(2000),
});
export type Problem = z.infer<typeof Problem>;

export const VerdictWord = z.enum(['valid', 'invalid', 'unreadable']);
export type VerdictWord = z.infer<typeof VerdictWord>;

/** The one object `causeway verify --json` prints (chain format, section 6). `null` where the file did not tell. */
export const Verdict = z.strictObject({
  verdict: VerdictWord,
  file: z.string(),
  chain: z.string().nullable(),
  tenant: z.string().nullable(),
  selection: z.string().nullable(),
  records: z.int(),
  first: z.int().nullable(),
  last: z.int().nullable(),
  head: z.string().nullable(),
  root: z.string().nullable(),
  keys: z.array(z.strictObject({ id: z.string(), alg: z.string(), fromSeq: z.int(), records: z.int() })),
  /** The checkpoint's signature lines after the chain's own; `keyId` is 8 hexadecimal digits. A wrong one is a problem. */
  witnesses: z.array(
    z.strictObject({
      name: z.string(),
      keyId: z.string(),
      /** The witness's clock. */
      time: z.string().nullable(),
      state: z.enum(['verified', 'unknown-key']),
    }),
  ),
  sealed: z.strictObject({ disclosed: z.int(), withheld: z.int(), erased: z.int(), mismatched: z.int() }),
  problems: z.array(Problem),
  problemCount: z.int(),
  notProven: z.array(z.string()),
  /** There when the file has the chain's first record, and it says that everything in the chain is made up. */
  synthetic: z.literal(true).optional(),
  elapsedMs: z.int(),
});
export type Verdict = z.infer<typeof Verdict>;
