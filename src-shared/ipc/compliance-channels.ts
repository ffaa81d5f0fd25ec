import { z } from 'zod';
import { Reauthentication } from '../model/access.ts';
import { ControlId, CriterionRef, FrameworkId, Frequency, ReviewDecision, SampleProfile } from '../model/control.ts';
import { Digest } from '../model/evidence.ts';
import { Reperformed, ReportException, ReportRequest, SignedReport } from '../model/report.ts';
import { Cancellable, type ChannelTerms, Justification, Nothing } from './channel-terms.ts';
import {
  AuditorNote,
  BundleView,
  ComplianceOverview,
  ControlDetail,
  FrameworkDetail,
  MadeReport,
  NotesView,
  PreflightFinding,
  ProfileView,
  ReadinessPlan,
  ReviewView,
  SampleSheet,
  TakeNotesResult,
} from './compliance-views.ts';

const Time = z.iso.datetime({ precision: 3 });
const Control = z.strictObject({ control: ControlId });
const SavedFile = z.strictObject({ file: z.string().max(4096), bytes: z.int(), digest: Digest });

/** What a person may change about a control. Its status is none of it. */
export const ControlUpdate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('owner'), owner: z.string().max(128).nullable() }),
  z.strictObject({ kind: z.literal('cadence'), frequency: Frequency }),
  z.strictObject({ kind: z.literal('due'), due: Time.nullable() }),
  z.strictObject({ kind: z.literal('not-applicable'), justification: Justification }),
  z.strictObject({ kind: z.literal('applicable') }),
]);
export type ControlUpdate = z.infer<typeof ControlUpdate>;

export const REPORT_FORMATS = ['html', 'pdf', 'json'] as const;
export const MACHINE_FORMATS = [
  'oscal-assessment-results',
  'oscal-assessment-plan',
  'oscal-component-definition',
  'oscal-poam',
  'ocsf-findings',
] as const;
export const MachineFormat = z.enum(MACHINE_FORMATS);
export type MachineFormat = z.infer<typeof MachineFormat>;

/** The control register, evidence reports, access reviews, and what goes to an auditor and comes back. */
export const COMPLIANCE_CHANNELS = {
  'compliance.overview': { access: 'compliance.read', input: Nothing, output: ComplianceOverview },
  'compliance.framework': {
    access: 'compliance.read',
    input: z.strictObject({ framework: FrameworkId }),
    output: FrameworkDetail,
  },
  'compliance.control': { access: 'compliance.read', input: Control, output: ControlDetail },
  'compliance.exceptions': {
    access: 'compliance.read',
    input: Nothing,
    output: z.array(ReportException).max(20_000),
  },
  'compliance.updateControl': {
    access: 'compliance.manage',
    input: z.strictObject({ control: ControlId, update: ControlUpdate }),
    output: ControlDetail,
  },
  /** Opens the file dialog when `attach`, for the files that show it; on record with their digests. */
  'compliance.perform': {
    access: 'compliance.manage',
    input: z.strictObject({ control: ControlId, on: Time, note: Justification, attach: z.boolean() }),
    output: Cancellable(ControlDetail),
  },
  'compliance.saveAttachment': {
    access: 'reports.make',
    input: z.strictObject({ digest: Digest }),
    output: Cancellable(SavedFile),
  },
  /** Runs the self-checks of the technical controls now. */
  'compliance.checkNow': { access: 'compliance.manage', input: Nothing, output: ComplianceOverview },
  'compliance.readiness': { access: 'compliance.read', input: Nothing, output: ReadinessPlan },
  'compliance.setPlan': {
    access: 'compliance.manage',
    input: z.strictObject({ start: Time, weeks: z.int().min(8).max(12) }),
    output: ReadinessPlan,
  },
  'reviews.list': { access: 'compliance.read', input: Nothing, output: z.array(ReviewView).max(200) },
  /** Freezes everybody who has access now. */
  'reviews.open': { access: 'compliance.manage', input: z.strictObject({ due: Time }), output: ReviewView },
  'reviews.decide': {
    access: 'access-reviews.decide',
    input: z.strictObject({
      campaign: z.string().max(64),
      subject: z.string().max(128),
      decision: ReviewDecision,
      note: Justification,
      reauthentication: Reauthentication,
    }),
    output: ReviewView,
  },
  'reviews.close': {
    access: 'compliance.manage',
    input: z.strictObject({ campaign: z.string().max(64) }),
    output: ReviewView,
  },
  'samples.profile': { access: 'compliance.read', input: Nothing, output: ProfileView },
  'samples.setProfile': { access: 'compliance.manage', input: SampleProfile, output: ProfileView },
  /** Draws as a Type II report with the same window would. */
  'samples.draw': {
    access: 'reports.make',
    input: z.strictObject({
      window: ReportRequest.shape.window,
      number: z.string().regex(/^\d{1,20}$/),
      profile: SampleProfile,
      criteria: z.array(CriterionRef).max(300).optional(),
    }),
    output: SampleSheet,
  },
  /** The worksheet of the sample drawn last, as a table (CSV) to be filled in. */
  'samples.saveWorksheet': { access: 'reports.make', input: Nothing, output: Cancellable(SavedFile) },
  /** What an auditor would send back of it, before it is made. */
  'reports.preflight': { access: 'compliance.read', input: ReportRequest, output: z.array(PreflightFinding).max(500) },
  /** Computes and signs it, with `reporting` events; nothing is on record before it is saved. */
  'reports.preview': { access: 'compliance.read', input: ReportRequest, output: SignedReport },
  'reports.cancel': { access: 'compliance.read', input: Nothing, output: Nothing },
  /** Opens the file dialog and writes the report previewed last, if this is its digest. */
  'reports.save': {
    access: 'reports.make',
    input: z.strictObject({ digest: Digest, format: z.enum(REPORT_FORMATS) }),
    output: Cancellable(SavedFile),
  },
  'reports.machine': {
    access: 'reports.make',
    input: z.strictObject({ format: MachineFormat, framework: FrameworkId, window: ReportRequest.shape.window }),
    output: Cancellable(SavedFile),
  },
  'reports.list': { access: 'compliance.read', input: Nothing, output: z.array(MadeReport).max(200) },
  /** Opens two file dialogs: the report, and the exported chain. For anybody, as an auditor has no account. */
  'reports.reperform': { access: 'public', input: Nothing, output: Cancellable(Reperformed) },
  'reports.cancelReperform': { access: 'public', input: Nothing, output: Nothing },
  /** Opens the folder dialog; makes the reports, exports the chain and writes everything into a new folder there. */
  'bundle.save': {
    access: 'reports.make',
    input: z.strictObject({
      reports: z.array(ReportRequest).min(1).max(16),
      /** Which sealed values the chain file opens: none, those the reports give in clear, all of them. */
      disclose: z.enum(['none', 'reports', 'all']),
      machine: z.boolean(),
    }),
    output: Cancellable(z.strictObject({ folder: z.string().max(4096), manifest: Digest, files: z.int() })),
  },
  /** Opens the folder dialog: a bundle as an auditor got it. */
  'bundle.open': { access: 'public', input: Nothing, output: Cancellable(BundleView) },
  /** Of the bundle opened last. */
  'bundle.reperform': { access: 'public', input: z.strictObject({ file: z.string().max(1024) }), output: Reperformed },
  /** Opens the file dialog and writes the notes on the bundle opened last, signed by this device's key. */
  'bundle.saveNotes': {
    access: 'public',
    input: z.strictObject({ auditor: z.string().trim().min(1).max(200), notes: z.array(AuditorNote).min(1).max(5000) }),
    output: Cancellable(z.strictObject({ file: z.string().max(4096), key: z.string().max(16) })),
  },
  'notes.list': { access: 'compliance.read', input: Nothing, output: z.array(NotesView).max(200) },
  /** Opens the file dialog. Of a key not seen before only in a second call, with the key's id as `trust`. */
  'notes.take': {
    access: 'reports.make',
    input: z.strictObject({ trust: z.string().max(16).optional() }),
    output: Cancellable(TakeNotesResult),
  },
  /**
   * Makes the example workspace with a year of plainly synthetic history, and opens it; `loading` events tell how far it
   * is. Fails with `cancelled` when it is stopped meanwhile.
   */
  'example.load': {
    access: 'public',
    input: Nothing,
    output: z.strictObject({ tenant: z.string().max(64), email: z.string().max(254), password: z.string().max(256) }),
  },
  /** Nothing is left of what was being made. */
  'example.cancelLoad': { access: 'public', input: Nothing, output: Nothing },
} as const satisfies Readonly<Record<string, ChannelTerms>>;
