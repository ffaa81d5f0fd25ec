import { MACHINE_FORMATS, type MachineFormat } from '#shared/ipc/compliance-channels.ts';
import type { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import { FrameworkId } from '#shared/model/control.ts';
import type { Reperformed, ReportKind } from '#shared/model/report.ts';
import type { StateWord } from '../../../format/words.ts';

export const FRAMEWORK_NAMES: Readonly<Record<FrameworkId, string>> = {
  soc2: 'SOC 2',
  iso27001: 'ISO/IEC 27001:2022',
  gdpr: 'GDPR',
  lgpd: 'LGPD',
  kvkk: 'KVKK',
  tisax: 'TISAX',
};

/** A framework by its id in a record; one that is not known here stays as it is. */
export function frameworkName(id: string): string {
  const known = FrameworkId.safeParse(id);
  return known.success ? FRAMEWORK_NAMES[known.data] : id;
}

/** What a kind of report is for, and what has to be chosen for it. */
export interface ReportTerms {
  readonly name: string;
  readonly text: string;
  /** Whose criteria may be chosen; none where the report is about something else. */
  readonly frameworks: readonly FrameworkId[];
  /** A span of time, a single date, or as long as what it is about took. */
  readonly time: 'window' | 'date' | 'subject';
  readonly sample: boolean;
}

export const REPORT_TERMS: Readonly<Record<ReportKind, ReportTerms>> = {
  'soc2-type2': {
    name: 'SOC 2 Type II',
    text: 'How each control operated over 3 to 12 months: occurrences expected and actual, deviations, a sample.',
    frameworks: ['soc2'],
    time: 'window',
    sample: true,
  },
  'soc2-type1': {
    name: 'SOC 2 Type I readiness',
    text: 'Whether each control is designed and in place on one date.',
    frameworks: ['soc2'],
    time: 'date',
    sample: false,
  },
  iso27001: {
    name: 'ISO/IEC 27001:2022',
    text: 'Evidence for the controls of Annex A over a window.',
    frameworks: ['iso27001'],
    time: 'window',
    sample: true,
  },
  'gdpr-lgpd': {
    name: 'GDPR and LGPD',
    text: 'Evidence for the articles on security, requests of persons, and accountability.',
    frameworks: ['gdpr', 'lgpd'],
    time: 'window',
    sample: true,
  },
  kvkk: {
    name: 'KVKK',
    text: 'Evidence for the duties of the Turkish law: security, requests, disposal, notification.',
    frameworks: ['kvkk'],
    time: 'window',
    sample: true,
  },
  incident: {
    name: 'Incident',
    text: 'One incident from its alarm to the end, with everything on record about it.',
    frameworks: [],
    time: 'subject',
    sample: false,
  },
  'access-review': {
    name: 'Access review',
    text: 'One campaign: the frozen population, each decision, who took it and what came of it.',
    frameworks: [],
    time: 'subject',
    sample: false,
  },
  approvals: {
    name: 'Approvals',
    text: 'Each guarded change of a window: who asked, who decided, and that they were not the same.',
    frameworks: [],
    time: 'window',
    sample: false,
  },
};

export const FINDING_WORDS: Readonly<Record<PreflightFinding['level'], StateWord>> = {
  'sent-back': { word: 'Would be sent back', tone: 'bad', shape: 'cross' },
  'asked-about': { word: 'Would be asked about', tone: 'warn', shape: 'diamond' },
};

export const REPERFORMED_WORDS: Readonly<Record<Reperformed['verdict'], StateWord>> = {
  agrees: { word: 'Agrees', tone: 'good', shape: 'check' },
  differs: { word: 'Differs', tone: 'bad', shape: 'cross' },
  'cannot-tell': { word: 'Cannot be told', tone: 'warn', shape: 'diamond' },
};

export const CHECK_WORDS: Readonly<Record<Reperformed['checks'][number]['state'], StateWord>> = {
  holds: { word: 'Holds', tone: 'good', shape: 'check' },
  fails: { word: 'Fails', tone: 'bad', shape: 'cross' },
  open: { word: 'Open', tone: 'warn', shape: 'ring' },
};

interface MachineTerms {
  readonly name: string;
  readonly text: string;
}
export const MACHINE_TERMS: Readonly<Record<MachineFormat, MachineTerms>> = {
  'oscal-assessment-results': {
    name: 'OSCAL assessment results',
    text: 'Findings by control: satisfied or not, with their observations.',
  },
  'oscal-assessment-plan': {
    name: 'OSCAL assessment plan',
    text: 'What the results above are results of. They refer to it by name.',
  },
  'oscal-component-definition': {
    name: 'OSCAL component definition',
    text: 'The control register: each control, its criteria and its status.',
  },
  'oscal-poam': { name: 'OSCAL plan of action and milestones', text: 'The gaps, each with what would close it.' },
  'ocsf-findings': { name: 'OCSF compliance findings', text: 'One finding a line, for a security data lake.' },
};

/** How a format is called in the list of what was made; one that is not known here stays as it is. */
export function formatName(format: string): string {
  const machine = MACHINE_FORMATS.find((known) => known === format);
  return machine === undefined ? format.toUpperCase() : MACHINE_TERMS[machine].name;
}
