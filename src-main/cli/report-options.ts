import type { ParseArgsConfig } from 'node:util';
import { addMonths, startOfDay } from '#shared/calendar.ts';
import { CriterionRef, FRAMEWORKS, HOUSE_PROFILE, type SampleProfile } from '#shared/model/control.ts';
import { REPORT_KINDS, type ReportKind, ReportRequest, type Window } from '#shared/model/report.ts';
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

/** How a window is said, and what it is where it is not. */
export const WINDOW_USAGE = '[--from TIME] [--to TIME] [--months N]';

export const WINDOW_MEANING = `         without --to the window ends where today begins in UTC, so that it is the same all day, or now where --from is
         of today; without --from it is N months long (3)`;

export const REPORT_USAGE = `${WINDOW_USAGE} [--zone NAME] [--criteria FRAMEWORK:ID,...]
         [--actor ID,...] [--incident ID] [--review ID] [--number DIGITS] [--disclose]
         days and times are UTC; --zone names one that is shown besides
${WINDOW_MEANING}; of a Type I, incident or access-review report it ends now`;

/** About what is there now: an incident of today is in its report. */
const UP_TO_NOW: readonly string[] = ['soc2-type1', 'incident', 'access-review'] satisfies readonly ReportKind[];

interface WindowTerms {
  /** Milliseconds. */
  readonly now: number;
  /** Ends now, and not where today begins. */
  readonly upToNow?: boolean | undefined;
}

/**
 * The observation window: of whole days of UTC, up to the last midnight and three months long, unless it is said otherwise.
 * One that ended now would be another one at each call, with another population and another sample. A sentence when it is wrong.
 */
export function readWindow(typed: Typed, { now, upToNow }: WindowTerms): Window | string {
  const to = timeOf(typed.text('to')) ?? null;
  const from = timeOf(typed.text('from')) ?? null;
  if ((typed.text('to') !== undefined && to === null) || (typed.text('from') !== undefined && from === null)) {
    return 'a time is written like 2026-03-01T12:00:00Z, a day like 2026-03-01';
  }
  const months = Number(typed.text('months') ?? '3');
  if (!Number.isInteger(months) || months < 1 || months > 120) return '--months is a number from 1 to 120';
  if (from !== null && typed.text('months') !== undefined) return '--from and --months say the same thing twice';
  const midnight = startOfDay(now);
  const beganToday = from !== null && Date.parse(from) >= midnight;
  const end = to ?? new Date(upToNow || beganToday ? now : midnight).toISOString();
  return { from: from ?? new Date(addMonths(Date.parse(end), -months)).toISOString(), to: end };
}

export const SAMPLE_NUMBER = '--number is 1 to 20 digits, thrown or picked by the auditor';

export function isSampleNumber(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}

/** What is asked for, or a sentence saying what is wrong. The report's kind is `kind`. */
export function readReportRequest(
  kind: string,
  typed: Typed,
  { now, profile }: { readonly now: number; readonly profile?: SampleProfile },
): ReportRequest | string {
  if (!REPORT_KINDS.some((known) => known === kind)) return `there is no report "${kind}": ${REPORT_KINDS.join(', ')}`;
  const window = readWindow(typed, { now, upToNow: UP_TO_NOW.includes(kind) });
  if (typeof window === 'string') return window;
  const criteria = typed.texts('criteria').map(readCriterion);
  if (criteria.includes(null)) return `a criterion is written like soc2:CC6.1; frameworks: ${FRAMEWORKS.join(', ')}`;
  const actors = typed.texts('actor');
  const number = typed.text('number');
  if (number !== undefined && !isSampleNumber(number)) return SAMPLE_NUMBER;
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
