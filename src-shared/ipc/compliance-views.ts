import { z } from 'zod';
import { AuditAction } from '../model/audit-actions.ts';
import {
  CheckResult,
  ControlId,
  ControlKind,
  ControlStatus,
  CriterionRef,
  Effort,
  FrameworkId,
  Frequency,
  ReviewDecision,
  SampleProfile,
} from '../model/control.ts';
import { Digest } from '../model/evidence.ts';
import { ReportException, ReportKind, ReportSample, ReportState, Window } from '../model/report.ts';
import { Problem, Verdict } from '../model/verdict.ts';

/** What the Compliance screen shows. */
const Time = z.iso.datetime({ precision: 3 });
const Line = z.string().max(2000);
const Seq = z.int().min(1);
/** Somebody by their id in records, with the name people know them by. */
const Who = z.strictObject({ id: z.string().max(128), name: z.string().max(256) });

/** How far the counting of evidence has come: the screen shows what is known, and goes on when there is more. */
export const Counting = z.strictObject({
  /** The newest record counted; null when nothing has been counted yet. */
  asOf: z.strictObject({ seq: Seq, time: Time }).nullable(),
  /** While newer ones are being counted. */
  running: z.strictObject({ done: z.int(), total: z.int() }).nullable(),
});
export type Counting = z.infer<typeof Counting>;

export const FrameworkSummary = z.strictObject({
  id: FrameworkId,
  name: z.string().max(120),
  criteria: z.int(),
  /** Criteria with records in the window; those a control is there for, without any; those with nothing. */
  evidenced: z.int(),
  designed: z.int(),
  nothing: z.int(),
});
export type FrameworkSummary = z.infer<typeof FrameworkSummary>;

export const PeriodCell = z.strictObject({ from: Time, to: Time, count: z.int(), state: ReportState });
export type PeriodCell = z.infer<typeof PeriodCell>;

export const ControlRow = z.strictObject({
  id: ControlId,
  name: z.string().max(120),
  kind: ControlKind,
  status: ControlStatus,
  reasons: z.array(Line).max(16),
  frequency: Frequency,
  owner: Who.nullable(),
  due: Time.nullable(),
  overdue: z.boolean(),
  criteria: z.array(CriterionRef).max(100),
  occurrences: z.strictObject({ expected: z.int(), actual: z.int() }),
  last: z.strictObject({ seq: Seq, time: Time }).nullable(),
  /** The window in weeks, oldest first. */
  weeks: z.array(PeriodCell).max(60),
  exceptions: z.strictObject({ open: z.int(), fixed: z.int() }),
});
export type ControlRow = z.infer<typeof ControlRow>;

export const ComplianceOverview = z.strictObject({
  counting: Counting,
  window: Window, // the last twelve months
  frameworks: z.array(FrameworkSummary).max(6),
  controls: z.array(ControlRow).max(200),
  exceptions: z.strictObject({ open: z.int(), fixed: z.int() }),
  occurrences: z.strictObject({ expected: z.int(), actual: z.int() }),
});
export type ComplianceOverview = z.infer<typeof ComplianceOverview>;

export const AttachmentView = z.strictObject({
  digest: Digest,
  /** null where it was erased. */
  name: z.string().max(256).nullable(),
  mediaType: z.string().max(128),
  bytes: z.int(),
  /** Whether the file is kept here. */
  kept: z.boolean(),
});
export type AttachmentView = z.infer<typeof AttachmentView>;

export const ControlDetail = z.strictObject({
  counting: Counting,
  control: ControlRow,
  objective: Line,
  /** In words: which records are occurrences, and what is a deviation. */
  occurrenceRule: Line,
  deviationRule: Line,
  actions: z.array(AuditAction).max(67),
  criteria: z.array(z.strictObject({ ...CriterionRef.shape, name: z.string().max(200), why: Line })).max(100),
  effort: Effort,
  /** What would close the gap. */
  remedy: Line,
  check: z.strictObject({ result: CheckResult, detail: Line, seq: Seq, time: Time }).nullable(),
  notApplicable: z.strictObject({ justification: z.string().max(20_000).nullable(), by: Who, time: Time }).nullable(),
  /** Days of the window with at least one occurrence. */
  days: z.array(z.strictObject({ day: z.iso.date(), count: z.int() })).max(400),
  /** Of its cadence, oldest first; empty when it is each time. */
  periods: z.array(PeriodCell).max(400),
  exceptions: z.array(ReportException).max(500),
  /** The newest occurrences. */
  evidence: z.array(z.strictObject({ seq: Seq, time: Time, action: AuditAction })).max(50),
  performed: z
    .array(
      z.strictObject({
        seq: Seq,
        time: Time,
        on: Time,
        by: Who,
        note: z.string().max(20_000).nullable(),
        attachments: z.array(AttachmentView).max(16),
      }),
    )
    .max(50),
  history: z.array(z.strictObject({ seq: Seq, time: Time, by: Who, text: Line })).max(100),
});
export type ControlDetail = z.infer<typeof ControlDetail>;

export const CriterionRow = z.strictObject({
  id: z.string().max(32),
  group: z.string().max(120),
  name: z.string().max(200),
  explanation: Line,
  state: z.enum(['evidenced', 'designed', 'nothing']),
  actions: z
    .array(z.strictObject({ action: AuditAction, why: Line, count: z.int(), lastSeq: z.int().nullable() }))
    .max(67),
  controls: z.array(z.strictObject({ id: ControlId, name: z.string().max(120), status: ControlStatus })).max(60),
  /** The criteria of other frameworks that ask for the same. */
  crosswalk: z.array(CriterionRef).max(60),
});
export type CriterionRow = z.infer<typeof CriterionRow>;

export const FrameworkDetail = z.strictObject({
  counting: Counting,
  framework: FrameworkSummary,
  source: Line,
  licence: Line,
  note: Line,
  criteria: z.array(CriterionRow).max(300),
});
export type FrameworkDetail = z.infer<typeof FrameworkDetail>;

export const ReviewView = z.strictObject({
  id: z.string().max(64),
  state: z.enum(['open', 'overdue', 'closed']),
  opened: Time,
  openedBy: Who,
  due: Time,
  closed: Time.nullable(),
  /** Root of the frozen population, and the record that froze it. */
  root: Digest,
  seq: Seq,
  subjects: z
    .array(
      z.strictObject({
        id: z.string().max(128),
        name: z.string().max(256),
        role: z.string().max(64),
        /** The role now; null when the person has no access any more. */
        roleNow: z.string().max(64).nullable(),
        /** Nobody reviews their own access, nor that of an alias or a key of theirs. */
        own: z.boolean(),
        decision: z
          .strictObject({
            decision: ReviewDecision,
            by: Who,
            time: Time,
            seq: Seq,
            note: z.string().max(20_000).nullable(),
          })
          .nullable(),
      }),
    )
    .max(2000),
});
export type ReviewView = z.infer<typeof ReviewView>;

export const PreflightFinding = z.strictObject({
  id: z.string().max(128),
  level: z.enum(['sent-back', 'asked-about']),
  text: Line,
  /** What to do about it. */
  remedy: Line,
  control: ControlId.nullable(),
});
export type PreflightFinding = z.infer<typeof PreflightFinding>;

export const ReadinessPlan = z.strictObject({
  counting: Counting,
  /** From a person's choice on record; else proposed, beginning today. */
  proposed: z.boolean(),
  start: Time,
  weeks: z.int(),
  today: Time,
  done: z.int(),
  total: z.int(),
  tracks: z
    .array(
      z.strictObject({
        track: ControlKind,
        items: z
          .array(
            z.strictObject({
              control: ControlId,
              name: z.string().max(120),
              criteria: z.array(CriterionRef).max(100),
              effort: Effort,
              status: ControlStatus,
              owner: Who.nullable(),
              remedy: Line,
              /** Weeks from the start, first included, last included. */
              fromWeek: z.int().min(1),
              toWeek: z.int().min(1),
              state: z.enum(['done', 'under-way', 'late', 'to-come']),
            }),
          )
          .max(200),
      }),
    )
    .max(2),
  findings: z.array(PreflightFinding).max(500),
});
export type ReadinessPlan = z.infer<typeof ReadinessPlan>;

/** A report or a machine-readable file that was made, as its record says. */
export const MadeReport = z.strictObject({
  seq: Seq,
  time: Time,
  by: Who,
  kind: ReportKind.nullable(), // null: of another kind, as OSCAL
  framework: z.string().max(64),
  from: Time,
  to: Time,
  format: z.string().max(64),
  digest: Digest,
  document: Digest.nullable(),
  inScope: z.int().nullable(),
  exceptions: z.int().nullable(),
});
export type MadeReport = z.infer<typeof MadeReport>;

/** A sample drawn, with what to look at of each record. */
export const SampleSheet = z.strictObject({
  asOf: z.strictObject({ seq: Seq, hash: Digest, time: Time }),
  /** There when everything in the chain is made up. */
  synthetic: Verdict.shape.synthetic,
  window: Window,
  sample: ReportSample,
  rows: z
    .array(
      z.strictObject({
        control: ControlId,
        name: z.string().max(120),
        order: z.int().min(1),
        seq: Seq,
        time: Time,
        action: AuditAction,
        outcome: z.string().max(16),
        actor: z.string().max(256),
        target: z.string().max(1024),
        hash: Digest,
      }),
    )
    .max(20_000),
});
export type SampleSheet = z.infer<typeof SampleSheet>;

export const ProfileView = z.strictObject({ profile: SampleProfile, own: z.boolean() });
export type ProfileView = z.infer<typeof ProfileView>;

/** A folder made for an auditor, as it was found. */
export const BundleView = z.strictObject({
  folder: z.string().max(4096),
  manifest: Digest,
  tenant: z.string().max(64),
  chain: z.string().max(64),
  madeAt: Time,
  /** The key it names, to be compared with what the chain's owner says another way: only where its signature `holds`. */
  key: z.strictObject({ id: z.string().max(16), alg: z.enum(['Ed25519', 'ES256']), holds: z.boolean() }),
  /** `broken-chain`: every file is as it was signed, and the chain it was made over does not verify. */
  verdict: z.enum(['complete', 'broken-chain', 'damaged']),
  problems: z.array(z.strictObject({ file: z.string().max(1024), text: Line })).max(1000),
  files: z
    .array(
      z.strictObject({
        file: z.string().max(1024),
        bytes: z.int(),
        digest: Digest,
        what: z.string().max(200),
        state: z.enum(['holds', 'changed', 'missing', 'unexpected']),
      }),
    )
    .max(1000),
  reports: z
    .array(
      z.strictObject({
        file: z.string().max(1024),
        kind: ReportKind,
        title: z.string().max(200),
        window: Window,
        digest: Digest,
        exceptions: z.array(ReportException).max(2000),
        /** How many exceptions and records drawn it has, where not all of them are listed here. */
        counts: z.strictObject({ exceptions: z.int().min(0), drawn: z.int().min(0) }).optional(),
        samples: z.array(z.strictObject({ control: z.string().max(64), seqs: z.array(Seq).max(1000) })).max(200),
      }),
    )
    .max(64),
  chainVerdict: z.strictObject({
    verdict: z.enum(['valid', 'invalid', 'unreadable']),
    problems: z.array(Problem).max(100),
    synthetic: Verdict.shape.synthetic,
  }),
});
export type BundleView = z.infer<typeof BundleView>;

/** What an auditor says about one thing in a bundle. */
export const AuditorNote = z.strictObject({
  /** `report`, `exception`, `sample`, `control`: what `id` names within the report of this digest. */
  about: z.strictObject({
    report: Digest,
    what: z.enum(['report', 'exception', 'sample', 'control']),
    id: z.string().min(1).max(200),
  }),
  verdict: z.enum(['accepted', 'flagged', 'question']),
  text: z.string().trim().max(4000),
});
export type AuditorNote = z.infer<typeof AuditorNote>;

export const NotesView = z.strictObject({
  seq: Seq.nullable(),
  at: Time,
  auditor: z.string().max(200),
  key: z.string().max(16),
  bundle: Digest,
  notes: z.array(AuditorNote).max(5000),
});
export type NotesView = z.infer<typeof NotesView>;

export const TakeNotesResult = z.union([
  z.strictObject({ needsTrust: z.strictObject({ auditor: z.string().max(200), key: z.string().max(16) }) }),
  z.strictObject({ needsTrust: z.null(), notes: NotesView }),
]);
export type TakeNotesResult = z.infer<typeof TakeNotesResult>;
