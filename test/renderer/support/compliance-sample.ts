import type { ComplianceOverview, ControlRow, PeriodCell } from '#shared/ipc/compliance-views.ts';
import type { ControlKind, ControlStatus, CriterionRef, FrameworkId, Frequency } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import { PERSON } from './sample-access.ts';

/** What the Compliance screen is given in tests: plainly made up, and the same each time. */
export interface SampleSize {
  readonly controls: number;
  readonly exceptions: number;
  readonly subjects: number;
  /** Words as long as people and attackers make them. */
  readonly long?: boolean;
  /** While the records are counted for the first time. */
  readonly uncounted?: boolean;
}

export const LITTLE: SampleSize = { controls: 16, exceptions: 9, subjects: 6 };
export const MUCH: SampleSize = { controls: 60, exceptions: 20_000, subjects: 2000 };
export const LONG: SampleSize = { controls: 12, exceptions: 40, subjects: 12, long: true };
export const NOTHING: SampleSize = { controls: 0, exceptions: 0, subjects: 0 };

export const DAY = 86_400_000;
export const NOW = Date.parse('2026-11-20T10:00:00.000Z');
export const FROM = Date.parse('2025-11-20T00:00:00.000Z');
export const TO = Date.parse('2026-11-20T00:00:00.000Z');
export const LAST = 48_211;
export const DIGEST = 'ab'.repeat(32);
export const LONG_WORD = 'Übertragungsprotokollierungsverantwortlichkeitsnachweis'.repeat(3);
export const at = (time: number) => new Date(time).toISOString();

const NAMES: readonly (readonly [string, string, ControlKind, Frequency])[] = [
  ['AC-01', 'Roles decide what each person may do', 'technical', 'daily'],
  ['AC-02', 'Sessions end by themselves', 'technical', 'event'],
  ['AC-03', 'Access ends when somebody leaves', 'technical', 'event'],
  ['AC-04', 'API keys are limited and expire', 'technical', 'weekly'],
  ['AC-05', 'Temporary credentials only', 'technical', 'daily'],
  ['AU-01', 'The audit chain holds', 'technical', 'daily'],
  ['AU-02', 'Witnesses have seen the chain', 'technical', 'weekly'],
  ['CM-01', 'Changes need an approval', 'technical', 'event'],
  ['CR-01', 'Secrets are enveloped', 'technical', 'event'],
  ['BK-01', 'Backups are restored for proof', 'technical', 'weekly'],
  ['OR-01', 'A security owner is named', 'organizational', 'annual'],
  ['OR-02', 'Policies are reviewed and published', 'organizational', 'annual'],
  ['OR-03', 'Risks are assessed', 'organizational', 'semiannual'],
  ['OR-04', 'Access is reviewed', 'organizational', 'quarterly'],
  ['OR-05', 'Vendors are listed and assessed', 'organizational', 'annual'],
  ['OR-06', 'People are trained', 'organizational', 'annual'],
];
const STATUSES: readonly ControlStatus[] = ['in-place', 'in-place', 'partial', 'in-place', 'gap', 'in-place'];
const REASONS: Readonly<Record<ControlStatus, readonly string[]>> = {
  'in-place': [],
  partial: ['One exception is open.', 'The newest self-check holds in part only.'],
  gap: ['Nobody answers for it.', 'It was never recorded as done.'],
  'not-applicable': ['A person said so, with a justification on record.'],
};
export const CRITERIA: readonly CriterionRef[] = [
  { framework: 'soc2', id: 'CC6.1' },
  { framework: 'soc2', id: 'CC6.3' },
  { framework: 'soc2', id: 'CC7.2' },
  { framework: 'iso27001', id: 'A.8.15' },
  { framework: 'gdpr', id: '32' },
];

function weeksOf(seed: number): readonly PeriodCell[] {
  return Array.from({ length: 53 }, (_, week) => {
    const from = FROM + week * 7 * DAY;
    const dice = (week * 7 + seed * 13) % 29;
    const state =
      week > 50 ? 'not-due' : week < seed % 5 ? 'no-data' : dice === 3 ? 'missed' : dice === 7 ? 'late' : 'met';
    const count = state === 'met' ? 1 + (dice % 6) : state === 'late' ? 1 : 0;
    return { from: at(from), to: at(Math.min(from + 7 * DAY, TO + 6 * DAY)), count, state };
  });
}

export function controlRow(index: number, size: SampleSize): ControlRow {
  const [id, name, kind, frequency] = NAMES[index % NAMES.length] ?? ['AC-01', 'A control', 'technical', 'daily'];
  const status = index === 5 ? 'not-applicable' : (STATUSES[index % STATUSES.length] ?? 'partial');
  const expected = kind === 'technical' ? 364 - index : 4;
  return {
    id: index < NAMES.length ? id : `${id.slice(0, 2)}-${String(10 + index)}`,
    name: size.long === true ? `${name} ${LONG_WORD}`.slice(0, 120) : name,
    kind,
    status,
    reasons: [...REASONS[status]],
    frequency,
    owner: index % 3 === 1 ? null : { id: PERSON.id, name: size.long === true ? LONG_WORD.slice(0, 100) : PERSON.name },
    due: kind === 'organizational' ? at(NOW + (index % 2 === 0 ? 20 : -20) * DAY) : null,
    overdue: kind === 'organizational' && index % 2 === 1,
    criteria: [...CRITERIA.slice(0, 1 + (index % CRITERIA.length))],
    occurrences: { expected, actual: expected - (index % 4) },
    last: index % 6 === 4 ? null : { seq: LAST - index * 17, time: at(NOW - index * DAY) },
    weeks: [...weeksOf(index)],
    exceptions: { open: index % 6 === 2 ? 1 : 0, fixed: index % 2 },
  };
}

export function sampleControls(size: SampleSize): readonly ControlRow[] {
  return Array.from({ length: size.controls }, (_, index) => controlRow(index, size));
}

const FRAMEWORK_NAMES: readonly (readonly [FrameworkId, string, number, number, number])[] = [
  ['soc2', 'SOC 2 Trust Services Criteria', 61, 48, 6],
  ['iso27001', 'ISO/IEC 27001:2022 Annex A', 93, 51, 12],
  ['gdpr', 'GDPR', 13, 8, 3],
  ['lgpd', 'LGPD', 12, 7, 2],
  ['kvkk', 'KVKK', 10, 5, 2],
  ['tisax', 'TISAX (VDA ISA 6)', 41, 19, 7],
];

export function counting(size: SampleSize): ComplianceOverview['counting'] {
  return size.uncounted === true
    ? { asOf: null, running: { done: 12_000, total: LAST } }
    : { asOf: { seq: LAST, time: at(NOW) }, running: null };
}

export function sampleOverview(size: SampleSize): ComplianceOverview {
  const open = Math.min(3, size.exceptions);
  const none = size.controls === 0;
  return {
    counting: counting(size),
    window: { from: at(FROM), to: at(TO) },
    frameworks: FRAMEWORK_NAMES.map(([id, name, criteria, evidenced, designed]) => ({
      id,
      name,
      criteria,
      evidenced: none ? 0 : evidenced,
      designed: none ? 0 : designed,
      nothing: none ? criteria : criteria - evidenced - designed,
    })),
    controls: [...sampleControls(size)],
    exceptions: { open, fixed: size.exceptions - open },
    occurrences: none ? { expected: 0, actual: 0 } : { expected: 3871, actual: 3806 },
  };
}

export function sampleExceptions(size: SampleSize): readonly ReportException[] {
  const kinds = ['missed-period', 'late-revocation', 'no-approval', 'own-approval'];
  return Array.from({ length: size.exceptions }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? 'missed-period';
    const control = NAMES[index % NAMES.length]?.[0] ?? null;
    const seq = kind === 'missed-period' ? null : LAST - index * 2;
    const open = index < 3;
    return {
      id: `${control}:${kind}:${seq ?? at(TO - index * DAY)}`,
      control,
      kind,
      text:
        size.long === true
          ? `Access was not revoked in time after ${LONG_WORD} left the workspace ${'and nobody saw it '.repeat(12)}`
          : `Access was revoked ${3 + (index % 40)} hours after the role had ended`,
      seq: seq === null || seq < 1 ? null : seq,
      time: at(NOW - index * 3_600_000),
      state: open ? 'open' : 'fixed',
      fixedBy: open ? null : Math.max(1, LAST - index),
    };
  });
}
