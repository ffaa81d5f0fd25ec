import { z } from 'zod';
import { AuditAction } from './audit-actions.ts';
import { CriterionRef, FrameworkId, SampleProfile } from './control.ts';
import { Digest } from './evidence.ts';

/**
 * An evidence report as data (docs/evidence-reports.md): what is computed, signed, drawn, printed and re-performed. The
 * same chain and the same parameters give the same document but for `made`.
 */
const Time = z.iso.datetime({ precision: 3 });
/** What has no canonical form (RFC 8785, section 3.2.2.2) could not be signed: half of a surrogate pair is no text. */
const text = (longest: number) => z.string().max(longest).refine(isWellFormed, 'half of a character');
const isWellFormed = (value: string) => value.isWellFormed();
const Line = text(2000);
const Id = text(128).min(1);

export const REPORT_KINDS = [
  'soc2-type1',
  'soc2-type2',
  'gdpr-lgpd',
  'kvkk',
  'iso27001',
  'incident',
  'access-review',
  'approvals',
] as const;
export const ReportKind = z.enum(REPORT_KINDS);
export type ReportKind = z.infer<typeof ReportKind>;

export const Window = z.strictObject({ from: Time, to: Time }); // from included, to not
export type Window = z.infer<typeof Window>;

/** What a person asks for. The console adds the head of the chain (`asOf`) and what the frameworks say. */
export const ReportRequest = z.strictObject({
  kind: ReportKind,
  /** Observation window. A Type I report speaks of the moment `to`. */
  window: Window,
  /** IANA name, for showing times besides UTC. */
  zone: text(64).min(1),
  /** Only these criteria of the report's frameworks; absent: all of them. */
  criteria: z.array(CriterionRef).min(1).max(300).optional(),
  /** Narrows the population, never the exceptions: what it would have hidden is counted. */
  filter: z.strictObject({ actors: z.array(Id).min(1).max(100) }).optional(),
  /** Of the incident report. */
  incident: text(64).min(1).optional(),
  /** Of the access review report. */
  campaign: text(64).min(1).optional(),
  /** `number` is what the auditor typed, decimal digits. */
  sample: z.strictObject({ number: z.string().regex(/^\d{1,20}$/), profile: SampleProfile }).optional(),
  /** Whether sealed values (names, titles, justifications) are given in clear. */
  disclose: z.boolean(),
});
export type ReportRequest = z.infer<typeof ReportRequest>;

/** A state that is told by word and by colour. */
export const ReportState = z.enum([
  'in-place',
  'partial',
  'gap',
  'not-applicable',
  'met',
  'late',
  'missed',
  'not-due',
  'no-data',
  'open',
  'fixed',
  'holds',
  'fails',
  'info',
]);
export type ReportState = z.infer<typeof ReportState>;

/** A value that is sealed in the chain. `text` null: not given in this report, or erased. */
export const SealedCell = z.strictObject({
  sealed: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  seq: z.int().min(1),
  path: text(256),
  text: text(20_000).nullable(),
});
export type SealedCell = z.infer<typeof SealedCell>;
export const StateCell = z.strictObject({ state: ReportState, word: text(60) });
export type StateCell = z.infer<typeof StateCell>;
export const Cell = z.union([text(20_000), z.int(), z.null(), SealedCell, StateCell]);
export type Cell = z.infer<typeof Cell>;

/** `foreign`: written outside of the console, shown as text and marked so. `hash`: shortened, the whole value in its title. */
export const Column = z.strictObject({
  id: Id,
  label: text(80),
  kind: z.enum(['text', 'foreign', 'number', 'time', 'hash', 'state', 'seq', 'id']),
});
export type Column = z.infer<typeof Column>;

const block = <K extends string>(kind: K) => ({ block: z.literal(kind), id: Id, title: text(200) });
export const Block = z.discriminatedUnion('block', [
  z.strictObject({ ...block('text'), paragraphs: z.array(Line).max(100) }),
  /** Numbers to see at a glance, and facts in pairs. */
  z.strictObject({
    ...block('figures'),
    items: z
      .array(
        z.strictObject({
          id: Id,
          label: text(120),
          value: Cell,
          of: z.int().optional(), // "52 of 61"
          note: Line.optional(),
          kind: Column.shape.kind,
        }),
      )
      .max(60),
  }),
  z.strictObject({
    ...block('table'),
    columns: z.array(Column).min(1).max(16),
    rows: z.array(z.strictObject({ id: Id, cells: z.array(Cell).max(16) })).max(200_000),
    /** Said where there are no rows. */
    empty: Line,
    note: Line.optional(),
  }),
  /** Occurrences of controls over the window: one row a control, one square a period. */
  z.strictObject({
    ...block('calendar'),
    rows: z
      .array(
        z.strictObject({
          id: Id,
          label: text(200),
          periods: z.array(z.strictObject({ from: Time, to: Time, count: z.int(), state: ReportState })).max(400),
        }),
      )
      .max(200),
  }),
  /** Stacked bars, drawn to one scale. */
  z.strictObject({
    ...block('bars'),
    bars: z
      .array(
        z.strictObject({
          id: Id,
          label: text(200),
          parts: z.array(z.strictObject({ state: ReportState, value: z.int().min(0) })).max(8),
        }),
      )
      .max(100),
  }),
  /** What happened one after the other. */
  z.strictObject({
    ...block('timeline'),
    entries: z
      .array(
        z.strictObject({
          id: Id,
          seq: z.int().min(1),
          time: Time,
          who: text(200),
          text: Line,
          sealed: z.array(SealedCell).max(16),
          state: ReportState,
        }),
      )
      .max(20_000),
  }),
]);
export type Block = z.infer<typeof Block>;

/** Something that should not have been, or should have been and was not. */
export const ReportException = z.strictObject({
  id: Id, // "AC-03:late-revocation:812"
  control: text(64).nullable(),
  kind: text(64),
  text: Line,
  seq: z.int().min(1).nullable(),
  time: Time.nullable(),
  state: z.enum(['open', 'fixed']),
  fixedBy: z.int().min(1).nullable(),
});
export type ReportException = z.infer<typeof ReportException>;

/** Seqs as `1-5,8,10-12`, ascending. */
export const SeqRanges = z.string().regex(/^(\d+(-\d+)?(,\d+(-\d+)?)*)?$/);

export const ReportPopulation = z.strictObject({
  /** The chain's records this report was made over, all of them read. */
  range: z.strictObject({ first: z.int().min(1), last: z.int().min(0) }),
  head: Digest,
  /** The newest checkpoint up to there, where one is. */
  checkpoint: z.strictObject({ size: z.int().min(1), root: text(64), at: Time }).nullable(),
  records: z.int().min(0),
  inScope: z.int().min(0),
  excluded: z.array(z.strictObject({ reason: Line, count: z.int().min(0) })).max(20),
  /** Of the records in scope: RFC 6962 tree over their record hashes; null when there are none. */
  root: Digest.nullable(),
  /** The records in scope; null where they are too many to list (the root stands for them). */
  seqs: SeqRanges.nullable(),
  actions: z.array(AuditAction).max(67),
});
export type ReportPopulation = z.infer<typeof ReportPopulation>;

export const ReportSample = z.strictObject({
  /** SHA-256(head hash, 32 bytes ‖ the number, ASCII), lowercase hex. */
  seed: Digest,
  number: text(20),
  profile: SampleProfile,
  /** Of each control with a population. */
  drawn: z
    .array(
      z.strictObject({
        control: text(64),
        population: z.int().min(0),
        root: Digest.nullable(),
        /** What the profile asks for, and what there was to draw. */
        asked: z.int().min(0),
        seqs: z.array(z.int().min(1)).max(1000), // in the order drawn
      }),
    )
    .max(200),
});
export type ReportSample = z.infer<typeof ReportSample>;

/** Whether the records hold together: found while they were counted, not taken from elsewhere. */
export const ReportIntegrity = z.strictObject({
  state: z.enum(['holds', 'broken']),
  /** Hash and link of each record. */
  checked: z.int().min(0),
  problems: z.array(z.strictObject({ seq: z.int().min(0), text: Line })).max(100),
  problemCount: z.int().min(0),
  /** Breaks of the history that people acknowledged, on record. */
  acknowledged: z.array(z.strictObject({ seq: z.int().min(1), time: Time })).max(100),
});
export type ReportIntegrity = z.infer<typeof ReportIntegrity>;

export const ReportDocument = z.strictObject({
  causeway: z.literal('report/1'),
  kind: ReportKind,
  title: text(200).min(1),
  frameworks: z.array(z.strictObject({ id: FrameworkId, name: text(120), criteria: z.int() })).max(6),
  criteria: z.array(z.strictObject({ framework: FrameworkId, id: text(32), name: text(200) })).max(400),
  system: z.strictObject({ product: text(64), tenant: text(64), chain: text(64) }),
  window: Window,
  zone: text(64),
  /** Time of the newest record it was made over: with that record, all that can change a figure. */
  asOf: z.strictObject({ seq: z.int().min(1), time: Time }),
  query: z.strictObject({ request: ReportRequest, digest: Digest }), // SHA-256 of the request's canonical JSON
  /** Digest of the control definitions and evidence rules applied: another build may have others. */
  rules: z.strictObject({ version: text(64), digest: Digest }),
  inclusion: z.array(Line).max(100),
  exclusion: z.array(Line).max(100),
  population: ReportPopulation,
  integrity: ReportIntegrity,
  /** What an auditor would send back, said first. */
  warnings: z.array(Line).max(50),
  sample: ReportSample.nullable(),
  exceptions: z.array(ReportException).max(100_000),
  /** How many exceptions the filter would have hidden: they are listed all the same. */
  hiddenByFilter: z.int().min(0),
  blocks: z.array(Block).max(100),
  /** What it does not prove. */
  limits: z.array(Line).min(1).max(40),
  made: z.strictObject({
    at: Time,
    by: text(128),
    device: text(128),
    /** What contradicts the history of the chain by what the console knew from elsewhere: no chain file can tell it. */
    history: z.array(Line).min(1).max(20).optional(),
    build: z.strictObject({ name: text(64), version: text(64) }),
  }),
});
export type ReportDocument = z.infer<typeof ReportDocument>;

/** By the key that signs the chain. Over "causeway-report/1\n" ‖ SHA-256 of the document's canonical JSON in hex ‖ "\n". */
export const SignedReport = z.strictObject({
  document: ReportDocument,
  digest: Digest,
  signature: z.strictObject({
    key: z.string().regex(/^[0-9a-f]{16}$/),
    alg: z.enum(['Ed25519', 'ES256']),
    value: text(128),
  }),
});
export type SignedReport = z.infer<typeof SignedReport>;

/** What came of computing a report again from an exported chain. */
export const Reperformed = z.strictObject({
  verdict: z.enum(['agrees', 'differs', 'cannot-tell']),
  title: text(200),
  report: z.strictObject({ file: text(4096), digest: Digest }),
  chain: z.strictObject({
    file: text(4096),
    verdict: z.enum(['valid', 'invalid', 'unreadable']),
    detail: Line,
    records: z.int(),
  }),
  /** Each question that was asked, in order. */
  checks: z
    .array(z.strictObject({ id: Id, name: text(120), state: z.enum(['holds', 'fails', 'open']), detail: Line }))
    .max(20),
  /** Figures compared, and sealed values that this chain file does not disclose. */
  figures: z.int().min(0),
  notGiven: z.int().min(0),
  differences: z
    .array(z.strictObject({ where: Line, report: Line, recomputed: Line, seq: z.int().nullable() }))
    .max(1000),
  differenceCount: z.int().min(0),
});
export type Reperformed = z.infer<typeof Reperformed>;
