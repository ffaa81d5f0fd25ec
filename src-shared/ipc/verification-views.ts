import { z } from 'zod';
import { Digest } from '../model/evidence.ts';
import { Problem } from '../model/verdict.ts';

/** What the Verification screen shows: how the own history stands, how much of it was checked, and who else has seen it. */
const Time = z.iso.datetime({ precision: 3 });
const Line = z.string().max(500);

/** What a break in the own history is. */
export const BreakKind = z.enum([
  'rolled-back', // shorter than what a checkpoint kept elsewhere says
  'forked', // other records than those of a checkpoint kept elsewhere
  'head-damaged', // the newest record does not hold
  'first-record', // the chain does not begin as the keychain knows it
  'schema-changed', // the guards in the database are not what they were
  'tree-damaged',
  'checkpoint-missing',
  'checkpoint-unreadable',
  'records-altered', // found by reading everything again
]);
export type BreakKind = z.infer<typeof BreakKind>;

export const HistoryBreak = z.strictObject({
  id: z.string().max(64),
  kind: BreakKind,
  /** What was found and by what it shows, for people. */
  text: Line,
  foundAt: Time,
  /** Where the contradicting checkpoint is kept: 'keychain', a folder, a witness; null when the records contradict themselves. */
  source: Line.nullable(),
  /** First record concerned, where one can be named. */
  seq: z.int().min(1).nullable(),
  /** The signed bundle with everything found; null when it could not be written. */
  bundle: z.strictObject({ file: z.string().max(4096), digest: Digest }).nullable(),
  acknowledged: z.strictObject({ at: Time, seq: z.int(), by: z.string().max(128) }).nullable(),
});
export type HistoryBreak = z.infer<typeof HistoryBreak>;

/** `blocked`: nothing is written until the breaks are acknowledged. An acknowledged break stays listed for good. */
export const Standing = z.strictObject({
  state: z.enum(['whole', 'blocked', 'acknowledged']),
  breaks: z.array(HistoryBreak).max(200),
});
export type Standing = z.infer<typeof Standing>;

export const CoverageRange = z.strictObject({
  first: z.int().min(1),
  last: z.int().min(1),
  state: z.enum(['unchecked', 'checking', 'valid', 'invalid']),
  /** When the oldest part of it was checked. */
  checkedAt: Time.nullable(),
});
export type CoverageRange = z.infer<typeof CoverageRange>;

/** Continuous verification: which records were read again and checked, when, and what was found. */
export const Coverage = z.strictObject({
  records: z.int(),
  valid: z.int(), // records in ranges that hold
  invalid: z.int(),
  /** Adjacent ranges of one state are one; in order, without gaps. */
  ranges: z.array(CoverageRange).max(1000),
  /** When the longest-unchecked record was last checked; null when some never were. */
  oldest: Time.nullable(),
  running: z.boolean(),
  problems: z.array(Problem).max(1000),
  problemCount: z.int(),
});
export type Coverage = z.infer<typeof Coverage>;

export const SelfTest = z.strictObject({
  at: Time,
  sqlite: z.string().max(32),
  attacks: z.array(z.strictObject({ id: z.string().max(64), text: Line, held: z.boolean(), detail: Line })).max(64),
});
export type SelfTest = z.infer<typeof SelfTest>;

export const SigningKey = z.strictObject({
  id: z.string().max(64),
  alg: z.enum(['Ed25519', 'ES256']),
  fromSeq: z.int().min(1),
  /** The last seq it signed; null while it signs. */
  toSeq: z.int().nullable(),
  /** Where the private key is; null for one no longer used. */
  where: Line.nullable(),
});
export type SigningKey = z.infer<typeof SigningKey>;

export const WitnessFolder = z.strictObject({
  path: z.string().max(4096),
  state: z.enum(['current', 'behind', 'empty', 'unreachable', 'contradicts']),
  size: z.int().nullable(),
  at: Time.nullable(),
  detail: Line,
});
export type WitnessFolder = z.infer<typeof WitnessFolder>;

/** One cosignature of a checkpoint. `verified` by the key the witness gave when it was added. */
export const Cosignature = z.strictObject({
  witness: z.string().max(256),
  keyId: z.string().max(16),
  at: Time,
  state: z.enum(['verified', 'unknown-key', 'wrong']),
});
export type Cosignature = z.infer<typeof Cosignature>;

export const CheckpointRow = z.strictObject({
  size: z.int(),
  root: z.string().max(64),
  at: Time,
  keyId: z.string().max(64).nullable(),
  cosignatures: z.array(Cosignature).max(64),
});
export type CheckpointRow = z.infer<typeof CheckpointRow>;

/** A console or an auditor that cosigned this chain, or may. */
export const KnownWitness = z.strictObject({
  name: z.string().max(256),
  /** The note verifier key, `name+hash+key`, to be compared with what the witness says another way. */
  vkey: z.string().max(1024),
  lastSize: z.int().nullable(),
  lastAt: Time.nullable(),
});
export type KnownWitness = z.infer<typeof KnownWitness>;

/** A request to a witness, written to a file. */
export const WitnessRequestMade = z.strictObject({
  file: z.string().max(4096),
  /** Records of the checkpoint. */
  size: z.int(),
  /** Records the witness is believed to have seen; 0 for none. */
  old: z.int(),
});
export type WitnessRequestMade = z.infer<typeof WitnessRequestMade>;

/** What came of a request to this console as a witness: a person has to trust that chain first, or the answer's file. */
export const CosignResult = z.union([
  z.strictObject({
    /** To be compared with what the chain's owner says another way. `keyId`: of the key that chain began with. */
    needsTrust: z.strictObject({
      chain: z.string().max(64),
      tenant: z.string().max(64),
      keyId: z.string().max(64),
      size: z.int(),
    }),
  }),
  z.strictObject({
    needsTrust: z.null(),
    file: z.string().max(4096),
    chain: z.string().max(64),
    size: z.int(),
    root: z.string().max(64),
    vkey: z.string().max(1024),
  }),
]);
export type CosignResult = z.infer<typeof CosignResult>;

/** What came of a witness's answer: a person has to trust that witness first, or what its checkpoint has now. */
export const AddCosignatureResult = z.union([
  z.strictObject({
    needsTrust: z.strictObject({ name: z.string().max(512), keyId: z.string().max(16), vkey: z.string().max(1024) }),
  }),
  z.strictObject({ needsTrust: z.null(), size: z.int(), cosignatures: z.array(Cosignature).max(64) }),
]);
export type AddCosignatureResult = z.infer<typeof AddCosignatureResult>;
