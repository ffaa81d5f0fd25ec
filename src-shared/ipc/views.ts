import { z } from 'zod';
import { AUDIT_CATEGORIES, AuditAction } from '../model/audit-actions.ts';
import { ActorType, KeyAlgorithm, Outcome } from '../model/audit-record.ts';
import { Digest } from '../model/evidence.ts';
import { Incident } from '../model/incident.ts';
import { Investigation } from '../model/investigation.ts';
import { Verdict } from '../model/verdict.ts';

/** Shapes made for the window. Everything in them is data to be shown, nothing is to be trusted back. */
const Time = z.iso.datetime({ precision: 3 });

export const EnvironmentInfo = z.strictObject({
  id: z.string().max(64),
  title: z.string().max(200),
  kind: z.enum(['sandbox', 'aws']),
  account: z.string().max(64),
  region: z.string().max(32),
  system: z.string().max(128),
  services: z.int(),
  calls: z.array(z.tuple([z.string(), z.string()])).max(10_000),
  serviceNames: z.array(z.string()).max(500),
});
export type EnvironmentInfo = z.infer<typeof EnvironmentInfo>;

export const AppInfo = z.strictObject({
  name: z.string(),
  version: z.string(),
  tenant: z.string(),
  chain: z.string(),
  user: z.strictObject({ id: z.string(), name: z.string() }),
  device: z.strictObject({ id: z.string(), name: z.string() }),
  keychain: z.strictObject({ description: z.string(), durable: z.boolean() }),
  environments: z.array(EnvironmentInfo),
  policyVersion: Digest,
  /** Everything in the chain is made up: an example. */
  synthetic: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** One line of an incident's timeline, made from its chain records. `external` marks text from outside. */
export const TimelineEntry = z.strictObject({
  seq: z.int(),
  time: Time,
  action: AuditAction,
  outcome: Outcome,
  actor: z.string().max(200),
  text: z.string().max(500),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const IncidentDetail = z.strictObject({
  incident: Incident,
  investigation: Investigation.nullable(),
  timeline: z.array(TimelineEntry).max(2000),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

export const TrailQuery = z.strictObject({
  category: z.enum(AUDIT_CATEGORIES).optional(),
  action: AuditAction.optional(),
  outcome: Outcome.optional(),
  actor: z.string().max(128).optional(), // actor id
  target: z.string().max(1024).optional(), // target id
  incident: z.string().max(64).optional(),
  from: Time.optional(),
  to: Time.optional(),
  text: z.string().max(200).optional(), // words of ids and data; the last of each term may be a word's beginning
  before: z.int().min(1).optional(), // only records with a smaller seq (next page, newest first)
  limit: z.int().min(1).max(500),
});
export type TrailQuery = z.infer<typeof TrailQuery>;

export const TrailRow = z.strictObject({
  seq: z.int(),
  time: Time,
  action: AuditAction,
  outcome: Outcome,
  actorType: ActorType,
  actorId: z.string(),
  targetType: z.string(),
  targetId: z.string(),
  incident: z.string().nullable(),
  hash: Digest,
});
export type TrailRow = z.infer<typeof TrailRow>;

export const TrailPage = z.strictObject({
  rows: z.array(TrailRow).max(500),
  total: z.int(), // records matching the filter, whatever the page
  totalIs: z.enum(['exact', 'at-least', 'about']), // about: by the search index alone
  head: z.int(), // newest seq in the chain
  next: z.int().min(1).nullable(), // `before` of the next page; null: there is none
  searched: z.int().min(1), // the records from here on (below `before`) were looked at: 1, or where a text search paused
});
export type TrailPage = z.infer<typeof TrailPage>;

export const TrailCount = z.strictObject({
  count: z.int().min(0),
  countIs: z.enum(['exact', 'at-least', 'about']),
  next: z.int().min(1).nullable(), // `before` to go on counting with; null: this is all that can be counted
});
export type TrailCount = z.infer<typeof TrailCount>;

/** RFC 6962: hashes and root in base64, from the leaf up; `note` is the signed checkpoint. */
export const InclusionProof = z.strictObject({
  index: z.int().min(0),
  size: z.int().min(1),
  root: z.string(),
  hashes: z.array(z.string()).max(64),
  note: z.string(),
});
export type InclusionProof = z.infer<typeof InclusionProof>;

export const RecordDetail = z.strictObject({
  seq: z.int(),
  hash: Digest,
  sig: z.string(),
  bytes: z.string(), // the stored bytes as UTF-8 text
  prev: Digest,
  key: z.strictObject({ id: z.string(), alg: KeyAlgorithm.nullable() }), // null: no key of the chain has this id
  proof: InclusionProof.nullable(), // null: no checkpoint covers it yet, or it cannot be shown
  description: z.string(),
  disclosures: z.array(z.strictObject({ path: z.string(), value: z.string() })).max(64),
  checks: z
    .array(z.strictObject({ name: z.string(), state: z.enum(['holds', 'fails', 'open']), detail: z.string() }))
    .max(16), // bytes canonical and hash, link, signature, inclusion in the newest checkpoint
});
export type RecordDetail = z.infer<typeof RecordDetail>;

export const ChainStatus = z.strictObject({
  records: z.int(),
  head: Digest,
  keyId: z.string(),
  checkpoint: z.strictObject({ size: z.int(), root: z.string(), at: Time }).nullable(),
  verified: z
    .strictObject({ to: z.int(), at: Time, verdict: z.enum(['valid', 'invalid', 'unreadable']), problems: z.int() })
    .nullable(),
});
export type ChainStatus = z.infer<typeof ChainStatus>;

export const EvidenceRows = z.strictObject({
  digest: Digest,
  operation: z.string(),
  collectedAt: Time,
  bytes: z.int(),
  pointer: z.string(),
  from: z.int(),
  to: z.int(),
  total: z.int(),
  rows: z.array(z.string().max(2000)).max(200), // each row as text; written by the observed system, so possibly by an attacker
});
export type EvidenceRows = z.infer<typeof EvidenceRows>;

/**
 * What is to be exported. `chain` is all of it; `range` takes first and last, or from and to; `extract` a filter; the
 * formats for other programs take both, and without them everything.
 */
export const TrailExport = z.strictObject({
  format: z.enum(['chain', 'range', 'extract', 'ocsf', 'cef', 'csv']),
  first: z.int().min(1).optional(),
  last: z.int().min(1).optional(),
  from: Time.optional(),
  to: Time.optional(),
  query: TrailQuery.omit({ before: true, limit: true }).optional(),
  /** Of `chain` only: ends at the newest checkpoint a witness cosigned. */
  cosigned: z.boolean().optional(),
  disclose: z.boolean(),
});
export type TrailExport = z.infer<typeof TrailExport>;

export const ExportResult = z.strictObject({ file: z.string(), records: z.int(), digest: Digest, bytes: z.int() });
export type ExportResult = z.infer<typeof ExportResult>;

export const VerifyResult = z.union([
  z.strictObject({ cancelled: z.literal(true) }),
  z.strictObject({ cancelled: z.literal(false), verdict: Verdict }),
]);
export type VerifyResult = z.infer<typeof VerifyResult>;
