import type { CriterionRow, PreflightFinding, ReadinessPlan, ReviewView } from '#shared/ipc/compliance-views.ts';
import type {
  CheckResult,
  ControlKind,
  ControlStatus,
  CriterionRef,
  Effort,
  FrameworkId,
  Frequency,
  ReviewDecision,
} from '#shared/model/control.ts';
import type { ReportException, ReportState } from '#shared/model/report.ts';
import type { StateWord } from '../../format/words.ts';

export const CONTROL_WORDS: Readonly<Record<ControlStatus, StateWord>> = {
  'in-place': { word: 'In place', tone: 'good', shape: 'check' },
  partial: { word: 'Partial', tone: 'warn', shape: 'diamond' },
  gap: { word: 'Gap', tone: 'bad', shape: 'cross' },
  'not-applicable': { word: 'Not applicable', tone: 'calm', shape: 'dash' },
};

/** Before anything is counted: a gap would say more than is known. */
export const UNCOUNTED: StateWord = { word: 'Not known yet', tone: 'calm', shape: 'ring' };

/** The question its reasons answer. */
export const WHY_TITLES: Readonly<Record<ControlStatus, string>> = {
  'in-place': 'Why it is in place',
  partial: 'Why it is partial',
  gap: 'Why it is a gap',
  'not-applicable': 'Why it does not apply',
};

export const KIND_NAMES: Readonly<Record<ControlKind, string>> = {
  technical: 'Technical',
  organizational: 'Organizational',
};

export const FREQUENCY_NAMES: Readonly<Record<Frequency, string>> = {
  event: 'each time',
  daily: 'daily',
  weekly: 'weekly',
  monthly: 'monthly',
  quarterly: 'quarterly',
  semiannual: 'twice a year',
  annual: 'yearly',
};

export const EFFORT_NAMES: Readonly<Record<Effort, string>> = {
  S: 'S · days',
  M: 'M · weeks',
  L: 'L · a month and more',
};

/** Short, as they stand before a criterion: "SOC 2 CC6.1". */
export const FRAMEWORK_MARKS: Readonly<Record<FrameworkId, string>> = {
  soc2: 'SOC 2',
  iso27001: 'ISO 27001',
  gdpr: 'GDPR',
  lgpd: 'LGPD',
  kvkk: 'KVKK',
  tisax: 'TISAX',
};

export function printCriterion({ framework, id }: CriterionRef): string {
  return `${FRAMEWORK_MARKS[framework]} ${id}`;
}

/** The first of several, and how many more there are: the whole list stands where the control is open. */
export function printCriteria(criteria: readonly CriterionRef[]): string {
  const [first] = criteria;
  if (first === undefined) return 'none';
  return criteria.length === 1 ? printCriterion(first) : `${printCriterion(first)} and ${criteria.length - 1} more`;
}

/** Of a period in which a control was to be seen operating. */
export const PERIOD_WORDS: Readonly<Partial<Record<ReportState, StateWord>>> = {
  met: { word: 'Ran', tone: 'good', shape: 'check' },
  late: { word: 'Late', tone: 'warn', shape: 'diamond' },
  missed: { word: 'Missed', tone: 'bad', shape: 'cross' },
  'not-due': { word: 'To come', tone: 'calm', shape: 'ring' },
  'no-data': { word: 'Not in force', tone: 'calm', shape: 'dash' },
};

export const CRITERION_WORDS: Readonly<Record<CriterionRow['state'], StateWord>> = {
  evidenced: { word: 'With evidence', tone: 'good', shape: 'check' },
  designed: { word: 'Designed, no record', tone: 'warn', shape: 'diamond' },
  nothing: { word: 'Nothing', tone: 'bad', shape: 'cross' },
};

export const CHECK_WORDS: Readonly<Record<CheckResult, StateWord>> = {
  holds: { word: 'Holds', tone: 'good', shape: 'check' },
  partial: { word: 'Holds in part', tone: 'warn', shape: 'diamond' },
  fails: { word: 'Fails', tone: 'bad', shape: 'cross' },
  absent: { word: 'Not in this build', tone: 'bad', shape: 'dash' },
};

export const EXCEPTION_WORDS: Readonly<Record<ReportException['state'], StateWord>> = {
  open: { word: 'Open', tone: 'bad', shape: 'bang' },
  fixed: { word: 'Fixed', tone: 'good', shape: 'check' },
};

export const REVIEW_WORDS: Readonly<Record<ReviewView['state'], StateWord>> = {
  open: { word: 'Open', tone: 'accent', shape: 'ring' },
  overdue: { word: 'Overdue', tone: 'bad', shape: 'bang' },
  closed: { word: 'Closed', tone: 'good', shape: 'check' },
};

export const DECISION_WORDS: Readonly<Record<ReviewDecision, StateWord>> = {
  keep: { word: 'Keep', tone: 'good', shape: 'check' },
  change: { word: 'Change the role', tone: 'warn', shape: 'diamond' },
  revoke: { word: 'Revoke', tone: 'bad', shape: 'cross' },
};

export type PlanItem = ReadinessPlan['tracks'][number]['items'][number];
export const ITEM_WORDS: Readonly<Record<PlanItem['state'], StateWord>> = {
  done: { word: 'Done', tone: 'good', shape: 'check' },
  'under-way': { word: 'Under way', tone: 'accent', shape: 'dot' },
  late: { word: 'Late', tone: 'bad', shape: 'bang' },
  'to-come': { word: 'To come', tone: 'calm', shape: 'ring' },
};

export const FINDING_WORDS: Readonly<Record<PreflightFinding['level'], StateWord>> = {
  'sent-back': { word: 'Would be sent back', tone: 'bad', shape: 'cross' },
  'asked-about': { word: 'Would be asked about', tone: 'warn', shape: 'diamond' },
};

/** `missed-period` as people read it: "missed period". */
export function printKind(kind: string): string {
  return kind.replaceAll('-', ' ');
}
