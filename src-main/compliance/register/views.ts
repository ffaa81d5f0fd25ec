import { CausewayError } from '#shared/errors.ts';
import type {
  ComplianceOverview,
  ControlDetail,
  ControlRow,
  Counting,
  MadeReport,
  ProfileView,
  ReviewView,
} from '#shared/ipc/compliance-views.ts';
import { type ControlId, HOUSE_PROFILE } from '#shared/model/control.ts';
import { type ReportException, ReportKind } from '#shared/model/report.ts';
import { controlOf } from '../controls/controls.ts';
import type { RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import { requireCriterion } from '../frameworks/frameworks.ts';
import { type ControlFacts, factsOf, factsOfControl, windowAt } from './control-facts.ts';
import { summariesOf } from './framework-view.ts';
import type { Campaign, RegisterEntry, RegisterState, SealedPlace } from './register-state.ts';
import { isOverdue } from './status.ts';

/** What a view needs besides what was counted. */
export interface ViewContext {
  readonly counting: Counting;
  /** Milliseconds, UTC. */
  readonly now: number;
  /** The name people know an account by. */
  readonly nameOf: (id: string) => string;
  /** A sealed value in clear; null where it was erased. */
  readonly disclosed: (seq: number, path: string) => string | null;
  /** Whether the file of an attachment is kept here. */
  readonly kept: (digest: string) => boolean;
}

const MOST_EXCEPTIONS = 20_000;
const MOST_EXCEPTIONS_OF_ONE = 500;
const LONGEST = 2000;

/** The register at a glance. `snapshot` null: nothing was counted yet. */
export function overviewOf(
  snapshot: RegisterSnapshot | null,
  counting: Counting,
  now: number,
  nameOf: (id: string) => string,
): ComplianceOverview {
  const facts = factsOf(snapshot, now);
  const rows = facts.map((one) => rowOf(one, now, nameOf));
  const total = (of: (row: ControlRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  return {
    counting,
    window: windowAt(now),
    frameworks: summariesOf(snapshot, facts),
    controls: rows,
    exceptions: { open: total((row) => row.exceptions.open), fixed: total((row) => row.exceptions.fixed) },
    occurrences: { expected: total((row) => row.occurrences.expected), actual: total((row) => row.occurrences.actual) },
  };
}

export function rowOf(facts: ControlFacts, now: number, nameOf: (id: string) => string): ControlRow {
  const { control, entry, counts, frequency, status, reasons, weeks, occurrences, exceptions } = facts;
  const owner = entry?.owner ?? null;
  const due = entry?.due ?? null;
  const open = exceptions.filter(({ state }) => state === 'open').length;
  return {
    id: control.id,
    name: control.name,
    kind: control.kind,
    status,
    reasons: [...reasons],
    frequency,
    owner: owner === null ? null : who(owner, nameOf),
    due,
    overdue: isOverdue(due, now),
    criteria: control.criteria.map(({ framework, id }) => ({ framework, id })),
    occurrences: { ...occurrences },
    last: counts.last === null ? null : { seq: counts.last.seq, time: counts.last.time },
    weeks: [...weeks],
    exceptions: { open, fixed: exceptions.length - open },
  };
}

/** @throws CausewayError `not-found` */
export function controlDetailOf(snapshot: RegisterSnapshot | null, id: ControlId, context: ViewContext): ControlDetail {
  const control = controlOf(id);
  if (control === undefined) {
    throw new CausewayError('not-found', `The register has no control ${id.slice(0, 64)}.`, { reason: 'control' });
  }
  const { counting, now, nameOf } = context;
  const facts = factsOfControl(control, snapshot, now);
  const { entry, counts, periods, days, exceptions } = facts;
  const { test } = control;
  return {
    counting,
    control: rowOf(facts, now, nameOf),
    objective: control.objective,
    occurrenceRule: test.occurrenceRule,
    deviationRule: test.deviationRule,
    actions: [...test.actions],
    criteria: control.criteria.map((one) => ({ ...one, name: requireCriterion(one).name })),
    effort: control.effort,
    remedy: control.remedy,
    check: checkOf(entry),
    notApplicable: notApplicableOf(entry, context),
    days: days.map((one) => ({ ...one })),
    periods: periods.map((one) => ({ ...one })).slice(-400),
    exceptions: exceptions.slice(0, MOST_EXCEPTIONS_OF_ONE),
    evidence: counts.newest.map(({ seq, time, action }) => ({ seq, time, action })),
    performed: performedOf(entry, context),
    history: (entry?.history ?? []).map(({ seq, time, by, kind, detail }) => ({
      seq,
      time,
      by: who(by, nameOf),
      text: `${HISTORY_WORDS[kind] ?? kind}: ${nameIn(kind, detail, nameOf)}`.slice(0, LONGEST),
    })),
  };
}

const HISTORY_WORDS: Readonly<Record<string, string>> = {
  'self-check': 'Self-check',
  status: 'Status',
  owner: 'Owner',
  cadence: 'Cadence',
  due: 'Due',
  performed: 'Performed',
  'not-applicable': 'Applicability',
  applicable: 'Applicability',
  'review-opened': 'Access review',
  'review-closed': 'Access review',
};

/** The owners of a change stand in the register as ids, as in the record. */
function nameIn(kind: string, detail: string, nameOf: (id: string) => string): string {
  if (kind !== 'owner') return detail;
  return detail
    .split(' to ')
    .map((id) => (id === 'nobody' ? id : nameOf(id)))
    .join(' to ');
}

function checkOf(entry: RegisterEntry | null): ControlDetail['check'] {
  const check = entry?.check ?? null;
  if (check === null) return null;
  const { result, detail, seq, time } = check;
  return { result, detail, seq, time };
}

function notApplicableOf(entry: RegisterEntry | null, context: ViewContext): ControlDetail['notApplicable'] {
  const said = entry?.notApplicable ?? null;
  if (said === null) return null;
  return {
    justification: clear(said.justification, context),
    by: who(said.by, context.nameOf),
    time: said.time,
  };
}

function performedOf(entry: RegisterEntry | null, context: ViewContext): ControlDetail['performed'] {
  return (entry?.performed ?? []).map(({ seq, time, on, by, note, attachments }) => ({
    seq,
    time,
    on,
    by: who(by, context.nameOf),
    note: clear(note, context),
    attachments: attachments.map(({ digest, mediaType, bytes, name }) => ({
      digest,
      mediaType,
      bytes,
      name: clear(name, context)?.slice(0, 256).toWellFormed() ?? null,
      kept: context.kept(digest),
    })),
  }));
}

/** Of all controls in the last twelve months, missed periods among them: open ones first, then the newest. */
export function exceptionsOf(
  snapshot: RegisterSnapshot | null,
  { now }: Pick<ViewContext, 'now'>,
): readonly ReportException[] {
  const all = factsOf(snapshot, now).flatMap(({ exceptions }) => exceptions);
  const open = all.filter(({ state }) => state === 'open').sort(newestFirst);
  const fixed = all.filter(({ state }) => state === 'fixed').sort(newestFirst);
  return [...open, ...fixed].slice(0, MOST_EXCEPTIONS);
}

function newestFirst(a: ReportException, b: ReportException): number {
  const [left, right] = [a.time ?? '', b.time ?? ''];
  if (left !== right) return left > right ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

export interface ReviewContext extends Pick<ViewContext, 'now' | 'nameOf' | 'disclosed'> {
  /** The role an account or key has now; null when it has no access any more. */
  readonly roleOf: (id: string) => string | null;
  /** Whether this account stands for whoever looks: then they may not decide on it. */
  readonly isOwn: (id: string) => boolean;
}

/** The newest first. */
export function reviewsOf(state: RegisterState, context: ReviewContext): ReviewView[] {
  return state.campaigns.slice(0, 200).map((campaign) => reviewOf(campaign, context));
}

function reviewOf(campaign: Campaign, context: ReviewContext): ReviewView {
  const { id, openedBy, opened, seq, due, root, subjects, closed } = campaign;
  const { now, nameOf, roleOf, isOwn } = context;
  return {
    id,
    state: closed !== null ? 'closed' : isOverdue(due, now) ? 'overdue' : 'open',
    opened,
    openedBy: who(openedBy, nameOf),
    due,
    closed: closed?.time ?? null,
    root,
    seq,
    subjects: subjects.map(({ id: subject, role, decision }) => ({
      id: subject,
      name: who(subject, nameOf).name,
      role,
      roleNow: roleOf(subject),
      own: isOwn(subject),
      decision:
        decision === null
          ? null
          : {
              decision: decision.decision,
              by: who(decision.by, nameOf),
              time: decision.time,
              seq: decision.seq,
              note: clear(decision.note, context),
            },
    })),
  };
}

/** Reports and machine-readable files that were made, the newest first. */
export function madeReportsOf(state: RegisterState, nameOf: (id: string) => string): MadeReport[] {
  return state.reports.map(({ by, kind, ...report }) => ({
    ...report,
    by: who(by, nameOf),
    kind: ReportKind.safeParse(kind).data ?? null,
  }));
}

/** The profile of the audit firm, or the one that is there as long as none was given. */
export function profileOf({ sampleProfile }: RegisterState): ProfileView {
  return { profile: sampleProfile ?? HOUSE_PROFILE, own: sampleProfile !== null };
}

export function who(id: string, nameOf: (id: string) => string): { id: string; name: string } {
  return { id: id.slice(0, 128), name: nameOf(id).slice(0, 256).toWellFormed() };
}

function clear({ seq, path }: SealedPlace, { disclosed }: Pick<ViewContext, 'disclosed'>): string | null {
  return disclosed(seq, path)?.slice(0, 20_000).toWellFormed() ?? null;
}
