import { startOfDay } from '#shared/calendar.ts';
import type { PreflightFinding, ReadinessPlan } from '#shared/ipc/compliance-views.ts';
import type { ControlKind, CriterionRef, Effort } from '#shared/model/control.ts';
import { DAY } from '../controls/record-values.ts';
import type { RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import { type ControlFacts, factsOf } from './control-facts.ts';
import { findingsOf } from './findings.ts';
import { type ViewContext, who } from './views.ts';

/** As long as nobody chose: the path to a Type I report takes 8 to 12 weeks. */
const PROPOSED_WEEKS = 12;
/** As much as people do at once in a track. */
const LANES = 3;
const WEEK = 7 * DAY;
const TRACKS = ['technical', 'organizational'] as const satisfies readonly ControlKind[];

type Item = ReadinessPlan['tracks'][number]['items'][number];

/** The way from the gaps to a Type I report: what to close when, on two tracks, and how far it has come by the register. */
export function readinessOf(
  snapshot: RegisterSnapshot | null,
  context: Pick<ViewContext, 'counting' | 'now' | 'nameOf' | 'disclosed'>,
): ReadinessPlan {
  const { counting, now, nameOf } = context;
  const chosen = snapshot?.state.plan ?? null;
  const weeks = chosen?.weeks ?? PROPOSED_WEEKS;
  const start = chosen === null ? startOfDay(now) : Date.parse(chosen.start);
  // 1 to 2: the first; of a plan nobody has begun, nothing is under way by its week alone
  const week = chosen === null ? 0 : (now - start) / WEEK + 1;
  const wanted = factsOf(snapshot, now).filter((facts) => belongs(facts, chosen?.start ?? null));
  const tracks = TRACKS.map((track) => {
    const ordered = wanted.filter(({ control }) => control.kind === track).sort(moreFirst);
    const spans = schedule(
      ordered.map(({ control }) => control.effort),
      weeks,
    );
    const items = ordered.map((facts, index) =>
      itemOf(facts, spans[index] ?? { fromWeek: 1, toWeek: 1 }, week, nameOf),
    );
    return { track, items };
  });
  const items = tracks.flatMap((one) => one.items);
  return {
    counting,
    proposed: chosen === null,
    start: new Date(start).toISOString(),
    weeks,
    today: new Date(now).toISOString(),
    done: items.filter(({ state }) => state === 'done').length,
    total: items.length,
    tracks,
    findings: [...tooLong(items, weeks), ...findingsOf(snapshot, context)].slice(0, 500),
  };
}

/** What is not in place, and what came to be since the plan began: otherwise closing a gap would take it out of the plan. */
function belongs({ status, entry }: ControlFacts, start: string | null): boolean {
  if (status === 'not-applicable') return false;
  if (status !== 'in-place') return true;
  return (
    start !== null &&
    (entry?.history ?? []).some(
      ({ kind, detail, time }) => kind === 'status' && time >= start && detail.endsWith(' to in-place'),
    )
  );
}

/** The criteria it is for decide: those every SOC 2 report is about weigh most. Of equals, what takes less comes first. */
function moreFirst(a: ControlFacts, b: ControlFacts): number {
  const weight = weightOf(b.control.criteria) - weightOf(a.control.criteria);
  if (weight !== 0) return weight;
  const effort = EFFORTS[a.control.effort] - EFFORTS[b.control.effort];
  if (effort !== 0) return effort;
  return a.control.id < b.control.id ? -1 : 1;
}

const EFFORTS: Readonly<Record<Effort, number>> = { S: 1, M: 2, L: 3 };

export function weightOf(criteria: readonly CriterionRef[]): number {
  return criteria.reduce((sum, { framework, id }) => {
    if (framework !== 'soc2') return sum + 1;
    return sum + (id.startsWith('CC') ? 3 : 2);
  }, 0);
}

/** Weeks one thing takes. In a longer plan more time is taken for what is large. */
function weeksFor(effort: Effort, weeks: number): number {
  switch (effort) {
    case 'S':
      return 1;
    case 'M':
      return weeks >= 12 ? 3 : 2;
    case 'L':
      return weeks >= 12 ? 6 : weeks >= 10 ? 5 : 4;
  }
}

export interface Weeks {
  readonly fromWeek: number;
  readonly toWeek: number;
}

/**
 * At most three at once, each as early as it can be. When it all does not fit, each takes as little as its effort allows.
 * @param efforts in the order they are begun
 */
export function schedule(efforts: readonly Effort[], weeks: number): readonly Weeks[] {
  const roomy = place(efforts.map((effort) => weeksFor(effort, weeks)));
  const fits = roomy.every(({ toWeek }) => toWeek <= weeks);
  return fits ? roomy : place(efforts.map((effort) => weeksFor(effort, 8)));
}

function place(durations: readonly number[]): readonly Weeks[] {
  const free = Array.from({ length: LANES }, () => 1);
  return durations.map((duration) => {
    const fromWeek = Math.min(...free);
    free[free.indexOf(fromWeek)] = fromWeek + duration;
    return { fromWeek, toWeek: fromWeek + duration - 1 };
  });
}

function itemOf(facts: ControlFacts, { fromWeek, toWeek }: Weeks, week: number, nameOf: (id: string) => string): Item {
  const { control, status, entry } = facts;
  const owner = entry?.owner ?? null;
  const begun = week >= fromWeek || (status === 'partial' && owner !== null);
  const state = status === 'in-place' ? 'done' : week >= toWeek + 1 ? 'late' : begun ? 'under-way' : 'to-come';
  return {
    control: control.id,
    name: control.name,
    criteria: control.criteria.map(({ framework, id }) => ({ framework, id })),
    effort: control.effort,
    status,
    owner: owner === null ? null : who(owner, nameOf),
    remedy: control.remedy,
    fromWeek,
    toWeek,
    state,
  };
}

function tooLong(items: readonly Item[], weeks: number): PreflightFinding[] {
  const last = items.reduce((most, { toWeek }) => Math.max(most, toWeek), 0);
  if (last <= weeks) return [];
  return [
    {
      id: 'plan-too-long',
      level: 'asked-about',
      text: `With three things at once in each track, this takes ${last} weeks, not ${weeks}.`,
      remedy: 'Put more people on it, begin with what weighs most, or say of what does not apply why.',
      control: null,
    },
  ];
}
