import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import { ControlId } from '#shared/model/control.ts';
import { isByConsole, REGISTER_FRAMEWORK } from '../controls/define-test.ts';
import type { ChainEntry } from '../evaluation/evidence-test.ts';
import { foldControl, leaveOwnerless } from './fold-control.ts';
import { foldCampaign } from './fold-review.ts';
import type { RegisterEntry, RegisterState } from './register-state.ts';
import { SAMPLE_DRAW } from './sample-draw.ts';

/** The records the register is made of. */
export const REGISTER_ACTIONS = [
  'tenant.control_updated',
  'tenant.report_generated',
  'tenant.user_removed',
] as const satisfies readonly AuditAction[];

/** Far more than there are: a file may name any number of controls. */
const MOST_CONTROLS = 500;
const MOST_REPORTS = 200;
const MOST_NOTES = 200;

/** A record of the register, its data of their schema. */
export interface RegisterRecord {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
  readonly control: string;
  readonly data: AuditData<'tenant.control_updated'>;
}

export type ControlChange = NonNullable<AuditData<'tenant.control_updated'>['change']>;

/** The register before the first record. */
export function beginRegister(): RegisterState {
  return { controls: {}, campaigns: [], plan: null, sampleProfile: null, notes: [], bundles: [], reports: [] };
}

/**
 * The register after one more record. What is not of its schema, failed, was denied or is about something else changes
 * nothing. The state given is not changed.
 */
export function takeRegister(state: RegisterState, entry: ChainEntry): RegisterState {
  const { record } = entry;
  if (record.outcome !== 'success') return state;
  switch (record.action) {
    case 'tenant.control_updated':
      return takeUpdate(state, entry);
    case 'tenant.report_generated':
      return takeReport(state, entry);
    case 'tenant.user_removed':
      return takeRemoved(state, entry);
    default:
      return state;
  }
}

function takeUpdate(state: RegisterState, { seq, record }: ChainEntry): RegisterState {
  if (record.data.framework !== REGISTER_FRAMEWORK) return state;
  const data = AUDIT_DATA['tenant.control_updated'].safeParse(record.data);
  const change = data.data?.change;
  if (!data.success || change === undefined || !maySay(record, change.kind)) return state;
  const taken: RegisterRecord = {
    seq,
    time: record.time,
    by: record.actor.id,
    control: data.data.control,
    data: data.data,
  };
  switch (change.kind) {
    case 'plan':
      if (change.start === undefined || change.weeks === undefined) return state;
      return { ...state, plan: { start: change.start, weeks: change.weeks, seq } };
    case 'sample-profile':
      return change.profile === undefined ? state : { ...state, sampleProfile: change.profile };
    case 'auditor-notes': {
      const { bundle, notes, key, accepted = 0, flagged = 0, questions = 0 } = change;
      if (bundle === undefined || notes === undefined || key === undefined) return state;
      const one = { seq, time: record.time, bundle, notes, key, accepted, flagged, questions };
      return { ...state, notes: [one, ...state.notes].slice(0, MOST_NOTES) };
    }
    case 'bundle': {
      const { manifest, reports = [] } = change;
      if (manifest === undefined) return state;
      const one = { seq, time: record.time, by: taken.by, manifest, reports };
      return { ...state, bundles: [one, ...state.bundles].slice(0, MOST_NOTES) };
    }
    case 'self-check':
      return (change.results ?? []).reduce(
        (now, result) => takeControl(now, { ...taken, control: result.control }, { ...change, results: [result] }),
        state,
      );
    case 'review-opened':
    case 'review-decided':
    case 'review-closed': {
      const campaigns = foldCampaign(state.campaigns, taken, change);
      return campaigns === state.campaigns ? state : takeControl({ ...state, campaigns }, taken, change);
    }
    case 'status':
    case 'owner':
    case 'cadence':
    case 'due':
    case 'performed':
    case 'not-applicable':
    case 'applicable':
      return takeControl(state, taken, change);
  }
}

/** What the console finds out is its own to say; what was done, and what becomes of access, is people's. */
function maySay(record: ChainEntry['record'], kind: ControlChange['kind']): boolean {
  if (kind === 'self-check' || kind === 'status') return isByConsole(record);
  return (kind !== 'performed' && kind !== 'review-decided') || record.actor.type === 'user';
}

/** Who has left answers for nothing any more. */
function takeRemoved(state: RegisterState, { seq, record }: ChainEntry): RegisterState {
  const { user } = record.data;
  const owned = Object.entries(state.controls).filter(([, { owner }]) => owner !== null && owner === user);
  if (owned.length === 0) return state;
  const told = { seq, time: record.time, by: record.actor.id };
  const after = owned.map(([id, entry]): readonly [string, RegisterEntry] => [id, leaveOwnerless(entry, told)]);
  return { ...state, controls: { ...state.controls, ...Object.fromEntries(after) } };
}

function takeControl(state: RegisterState, taken: RegisterRecord, change: ControlChange): RegisterState {
  // an id of the register's own form, so that no name out of a file is anything but a key of it
  if (!ControlId.safeParse(taken.control).success) return state;
  const before = Object.hasOwn(state.controls, taken.control) ? state.controls[taken.control] : undefined;
  if (before === undefined && Object.keys(state.controls).length >= MOST_CONTROLS) return state;
  const after = foldControl(before, taken, change);
  return after === null ? state : { ...state, controls: { ...state.controls, [taken.control]: after } };
}

function takeReport(state: RegisterState, { seq, record }: ChainEntry): RegisterState {
  const parsed = AUDIT_DATA['tenant.report_generated'].safeParse(record.data);
  if (!parsed.success || record.outcome !== 'success' || parsed.data.kind === SAMPLE_DRAW) return state;
  const { framework, from, to, format, digest, kind, document, exceptions, inScope } = parsed.data;
  const report = {
    seq,
    time: record.time,
    by: record.actor.id,
    kind: kind ?? '',
    framework,
    from,
    to,
    format,
    digest,
    document: document ?? null,
    exceptions: exceptions ?? null,
    inScope: inScope ?? null,
  };
  return { ...state, reports: [report, ...state.reports].slice(0, MOST_REPORTS) };
}
