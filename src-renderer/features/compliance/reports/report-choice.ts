import { addMonths, startOfDay } from '#shared/calendar.ts';
import type { ReviewView } from '#shared/ipc/compliance-views.ts';
import { type CriterionRef, HOUSE_PROFILE, type SampleProfile } from '#shared/model/control.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { ReportKind, ReportRequest, Window } from '#shared/model/report.ts';
import { REPORT_TERMS } from './report-words.ts';

export const SPANS = [3, 6, 9, 12] as const;
export type Span = (typeof SPANS)[number] | 'own';

/** A window as it is chosen: so many months back, or two days, both included. Days are those of UTC, `2026-11-20`. */
export interface WindowChoice {
  readonly span: Span;
  readonly from: string;
  readonly to: string;
}

/** What has been chosen of a report so far; what its kind does not ask for is kept, in case it is asked for again. */
export interface ReportChoice {
  readonly kind: ReportKind;
  readonly window: WindowChoice;
  /** The day a Type I report speaks of. */
  readonly date: string;
  /** null: all of them. */
  readonly criteria: readonly CriterionRef[] | null;
  readonly incident: string;
  readonly campaign: string;
  readonly sampled: boolean;
  readonly number: string;
  readonly profile: SampleProfile;
  readonly filtered: boolean;
  readonly actors: readonly string[];
  readonly disclose: boolean;
}

/** What a choice is turned into a request with. `now` in milliseconds. */
export interface ChoiceFacts {
  readonly now: number;
  readonly zone: string;
  readonly incidents: readonly Incident[];
  readonly reviews: readonly ReviewView[];
}

/** What cannot be asked for yet, and at which field. */
export interface ChoiceProblem {
  readonly at: 'window' | 'date' | 'criteria' | 'incident' | 'campaign' | 'number' | 'actors';
  readonly text: string;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

export function beginWindow(now: number): WindowChoice {
  const to = dayOf(now - DAY);
  return { span: 12, from: dayOf(addMonths(startOfDay(now), -12)), to };
}

export function beginChoice(now: number): ReportChoice {
  return {
    kind: 'soc2-type2',
    window: beginWindow(now),
    date: dayOf(now),
    criteria: null,
    incident: '',
    campaign: '',
    sampled: false,
    number: '',
    profile: HOUSE_PROFILE,
    filtered: false,
    actors: [],
    disclose: false,
  };
}

/** The window of a choice; whole days of UTC, the last one included, never after now. Or what is wrong with it. */
export function windowOf(choice: WindowChoice, now: number): Window | string {
  if (choice.span !== 'own') {
    const to = startOfDay(now);
    return { from: iso(addMonths(to, -choice.span)), to: iso(to) };
  }
  const from = parseDay(choice.from);
  const last = parseDay(choice.to);
  if (from === null) return 'Its first day is missing.';
  if (last === null) return 'Its last day is missing.';
  if (last < from) return 'Its last day is before its first.';
  if (from > now) return 'It has not begun: there is nothing to report on.';
  return { from: iso(from), to: iso(endOf(last, now)) };
}

/** The request of a choice, or the first thing that is missing of it. */
export function requestOf(choice: ReportChoice, facts: ChoiceFacts): ReportRequest | ChoiceProblem {
  const { frameworks, sample } = REPORT_TERMS[choice.kind];
  const time = timeOf(choice, facts);
  if ('text' in time) return time;
  const base = { kind: choice.kind, window: time, zone: facts.zone, disclose: choice.disclose };
  const more: Partial<ReportRequest> = {};
  if (frameworks.length > 0 && choice.criteria !== null) {
    const criteria = choice.criteria.filter(({ framework }) => frameworks.includes(framework));
    if (criteria.length === 0) return { at: 'criteria', text: 'No criterion is chosen.' };
    more.criteria = criteria;
  }
  if (choice.kind === 'incident') more.incident = choice.incident;
  if (choice.kind === 'access-review') more.campaign = choice.campaign;
  if (sample && choice.sampled) {
    if (!isNumber(choice.number)) {
      return { at: 'number', text: 'The auditor’s number is missing: 1 to 20 figures.' };
    }
    more.sample = { number: choice.number, profile: choice.profile };
  }
  if (choice.filtered) {
    if (choice.actors.length === 0) return { at: 'actors', text: 'Nobody is chosen.' };
    more.filter = { actors: [...choice.actors] };
  }
  return { ...base, ...more };
}

export function isProblem(asked: ReportRequest | ChoiceProblem): asked is ChoiceProblem {
  return 'text' in asked;
}

export const isNumber = (typed: string): boolean => /^\d{1,20}$/.test(typed);

function timeOf(choice: ReportChoice, { now, incidents, reviews }: ChoiceFacts): Window | ChoiceProblem {
  switch (REPORT_TERMS[choice.kind].time) {
    case 'window': {
      const window = windowOf(choice.window, now);
      return typeof window === 'string' ? { at: 'window', text: window } : window;
    }
    case 'date': {
      const day = parseDay(choice.date);
      if (day === null) return { at: 'date', text: 'The date is missing.' };
      if (day > now) return { at: 'date', text: 'This day has not come: nothing can be in place on it yet.' };
      const to = endOf(day, now);
      return { from: iso(addMonths(startOfDay(day) + DAY, -12)), to: iso(to) };
    }
    case 'subject':
      return choice.kind === 'incident'
        ? incidentWindow(incidents, choice.incident, now)
        : reviewWindow(reviews, choice.campaign, now);
  }
}

function incidentWindow(incidents: readonly Incident[], id: string, now: number): Window | ChoiceProblem {
  const incident = incidents.find((known) => known.id === id);
  if (incident === undefined) return { at: 'incident', text: 'No incident is chosen.' };
  const began = Math.min(Date.parse(incident.startedAt), Date.parse(incident.openedAt));
  return { from: iso(startOfDay(began)), to: iso(minuteOf(now)) };
}

function reviewWindow(reviews: readonly ReviewView[], id: string, now: number): Window | ChoiceProblem {
  const review = reviews.find((known) => known.id === id);
  if (review === undefined) return { at: 'campaign', text: 'No campaign is chosen.' };
  const end = review.closed === null ? minuteOf(now) : endOf(Date.parse(review.closed), now);
  return { from: iso(startOfDay(Date.parse(review.opened))), to: iso(end) };
}

/** The day in UTC: `2026-11-20`. */
export function dayOf(time: number): string {
  return iso(time).slice(0, 10);
}

/** The end of a day, or this minute while it is not over. */
function endOf(time: number, now: number): number {
  const end = startOfDay(time) + DAY;
  return end <= now ? end : minuteOf(now);
}

const minuteOf = (time: number): number => Math.floor(time / MINUTE) * MINUTE;

const iso = (time: number): string => new Date(time).toISOString();

function parseDay(day: string): number | null {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00.000Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
