import type { ParseArgsConfig } from 'node:util';
import { addMonths } from '#shared/calendar.ts';
import { CriterionRef, FRAMEWORKS, HOUSE_PROFILE, type SampleProfile } from '#shared/model/control.ts';
import { REPORT_KINDS, ReportRequest, type Window } from '#shared/model/report.ts';
import { timeOf } from './time-option.ts';
import type { Typed } from './verbs.ts';

/** What says which report is meant; the same for one report and for a bundle of them. */
export const REPORT_OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  months: { type: 'string' },
  zone: { type: 'string' },
  criteria: { type: 'string', multiple: true },
  actor: { type: 'string', multiple: true },
  incident: { type: 'string' },
  review: { type: 'string' },
  number: { type: 'string' },
  disclose: { type: 'boolean' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

export const REPORT_USAGE = `[--from TIME] [--to TIME] [--months N] [--zone NAME] [--criteria FRAMEWORK:ID,...]
         [--actor ID,...] [--incident ID] [--review ID] [--number DIGITS] [--disclose]`;

/** The observation window: up to now and three months long unless it is said otherwise. A sentence when it is wrong. */
export function readWindow(typed: Typed, now: number): Window | string {
  const to = timeOf(typed.text('to')) ?? null;
  const from = timeOf(typed.text('from')) ?? null;
  if ((typed.text('to') !== undefined && to === null) || (typed.text('from') !== undefined && from === null)) {
    return 'a time is written like 2026-03-01T12:00:00Z, a day like 2026-03-01';
  }
  const months = Number(typed.text('months') ?? '3');
  if (!Number.isInteger(months) || months < 1 || months > 120) return '--months is a number from 1 to 120';
  if (from !== null && typed.text('months') !== undefined) return '--from and --months say the same thing twice';
  const end = to ?? new Date(now).toISOString();
  return { from: from ?? new Date(addMonths(Date.parse(end), -months)).toISOString(), to: end };
}

/** What is asked for, or a sentence saying what is wrong. The report's kind is `kind`. */
export function readReportRequest(
  kind: string,
  typed: Typed,
  { now, profile }: { readonly now: number; readonly profile?: SampleProfile },
): ReportRequest | string {
  if (!REPORT_KINDS.some((known) => known === kind)) return `there is no report "${kind}": ${REPORT_KINDS.join(', ')}`;
  const window = readWindow(typed, now);
  if (typeof window === 'string') return window;
  const criteria = typed.texts('criteria').map(readCriterion);
  if (criteria.includes(null)) return `a criterion is written like soc2:CC6.1; frameworks: ${FRAMEWORKS.join(', ')}`;
  const actors = typed.texts('actor');
  const number = typed.text('number');
  const request = ReportRequest.safeParse({
    kind,
    window,
    zone: typed.text('zone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(criteria.length === 0 ? {} : { criteria }),
    ...(actors.length === 0 ? {} : { filter: { actors } }),
    ...(typed.text('incident') === undefined ? {} : { incident: typed.text('incident') }),
    ...(typed.text('review') === undefined ? {} : { campaign: typed.text('review') }),
    ...(number === undefined ? {} : { sample: { number, profile: profile ?? HOUSE_PROFILE } }),
    disclose: typed.flag('disclose'),
  });
  if (request.success) return request.data;
  const [issue] = request.error.issues;
  return `--${String(issue?.path.at(-1) ?? 'from')} cannot be used like this: ${issue?.message ?? 'unknown'}`;
}

export function readCriterion(text: string): CriterionRef | null {
  const [framework, ...id] = text.split(':');
  return CriterionRef.safeParse({ framework, id: id.join(':') }).data ?? null;
}
