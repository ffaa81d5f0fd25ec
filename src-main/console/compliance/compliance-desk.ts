import type { Unsound } from '#main/compliance/register/unsound.ts';
import type { ControlUpdate, MachineFormat, REPORT_FORMATS } from '#shared/ipc/compliance-channels.ts';
import type {
  AuditorNote,
  BundleView,
  ComplianceOverview,
  ControlDetail,
  FrameworkDetail,
  MadeReport,
  NotesView,
  PreflightFinding,
  ReadinessPlan,
  ReviewView,
  SampleSheet,
  TakeNotesResult,
} from '#shared/ipc/compliance-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { CriterionRef, FrameworkId, ReviewDecision, SampleProfile } from '#shared/model/control.ts';
import type { Reperformed, ReportException, ReportRequest, SignedReport, Window } from '#shared/model/report.ts';
import type { SavedFile } from '../save-file.ts';

export type ReportFormat = (typeof REPORT_FORMATS)[number];
/** Makes a PDF of a page. Only where there is a browser: without one that format is refused. */
export type PrintPage = (html: string) => Promise<Uint8Array>;
export type OnProgress = (done: number, total: number) => void;

/** A long computation: told how far it is, and ended by its signal with `cancelled`. */
export interface Watched {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** The control register, evidence reports and access reviews, as one person uses them. */
export interface ComplianceDesk {
  overview(): ComplianceOverview;
  framework(framework: FrameworkId): FrameworkDetail;
  control(control: string): ControlDetail;
  exceptions(): readonly ReportException[];
  /** Resolves when every record there is now was counted. */
  counted(): Promise<void>;
  updateControl(control: string, update: ControlUpdate): Promise<ControlDetail>;
  /** `files` are read and kept encrypted; their digests go on record. */
  perform(
    control: string,
    done: { readonly on: string; readonly note: string; readonly files: readonly string[] },
  ): Promise<ControlDetail>;
  saveAttachment(digest: string, file: string): Promise<SavedFile>;
  checkNow(): Promise<ComplianceOverview>;
  readiness(): ReadinessPlan;
  setPlan(plan: { readonly start: string; readonly weeks: number }): Promise<ReadinessPlan>;
  readonly reviews: ReviewDesk;
  readonly samples: SampleDesk;
  readonly reports: ReportDesk;
  readonly notes: NotesDesk;
}

export interface ReviewDesk {
  list(): readonly ReviewView[];
  open(due: string): Promise<ReviewView>;
  decide(asked: {
    readonly campaign: string;
    readonly subject: string;
    readonly decision: ReviewDecision;
    readonly note: string;
    readonly reauthentication: Reauthentication;
  }): Promise<ReviewView>;
  close(campaign: string): Promise<ReviewView>;
}

export interface SampleAsked {
  readonly window: Window;
  readonly number: string;
  readonly profile: SampleProfile;
  readonly criteria?: readonly CriterionRef[] | undefined;
}

export interface SampleDesk {
  profile(): { readonly profile: SampleProfile; readonly own: boolean };
  setProfile(profile: SampleProfile): Promise<{ readonly profile: SampleProfile; readonly own: boolean }>;
  /** On record, with its seed: a draw nobody likes is seen, too. */
  draw(asked: SampleAsked, watched?: Watched): Promise<SampleSheet>;
  cancel(): void;
  /** Of the sample drawn last. @throws CausewayError `not-found` */
  saveWorksheet(file: string): Promise<SavedFile>;
}

export interface BundleAsked {
  readonly reports: readonly ReportRequest[];
  readonly disclose: 'none' | 'reports' | 'all';
  readonly machine: boolean;
}

export interface BundleOptions extends Watched {
  readonly print?: PrintPage | undefined;
  /** Asked before anything is put on record: rejects when whoever asked for it may not any more. */
  readonly confirm?: (() => Promise<unknown>) | undefined;
}

export interface ReportDesk {
  preflight(request: ReportRequest): readonly PreflightFinding[];
  /** Computed and signed; nothing is on record. One at a time: another one is refused with `conflict`. */
  preview(request: ReportRequest, watched?: Watched): Promise<SignedReport>;
  cancel(): void;
  /** The report previewed last, when this is its digest. On record with the digest of the file. */
  save(digest: string, format: ReportFormat, file: string, print?: PrintPage): Promise<SavedFile>;
  machine(
    asked: { readonly format: MachineFormat; readonly framework: FrameworkId; readonly window: Window },
    file: string,
    watched?: Watched,
  ): Promise<SavedFile>;
  list(): readonly MadeReport[];
  /** What does not hold in the records, also as making the last report found it; null: nothing that is known. */
  unsound(): Unsound | null;
  /** A new folder in `parent`. */
  bundle(
    asked: BundleAsked,
    parent: string,
    options?: BundleOptions,
  ): Promise<{ readonly folder: string; readonly manifest: string; readonly files: number }>;
}

export interface NotesDesk {
  /** Newest first, as they are kept here. */
  list(): Promise<readonly NotesView[]>;
  take(file: string, trust?: string): Promise<TakeNotesResult>;
}

/** What an auditor can do without an account: nothing of a workspace is read or written. */
export interface AuditorDesk {
  openBundle(folder: string, watched?: Watched): Promise<BundleView>;
  /** A report of the bundle opened last, against its chain file. */
  reperformInBundle(file: string, watched?: Watched): Promise<Reperformed>;
  reperform(files: { readonly report: string; readonly chain: string }, watched?: Watched): Promise<Reperformed>;
  /** On the bundle opened last; signed with this device's key. */
  saveNotes(
    file: string,
    given: { readonly auditor: string; readonly notes: readonly AuditorNote[] },
  ): Promise<{ readonly file: string; readonly key: string }>;
}
