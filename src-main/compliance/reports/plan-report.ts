import { CausewayError } from '#shared/errors.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import type { CriterionRef } from '#shared/model/control.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { CONTROLS } from '../controls/controls.ts';
import type { EvaluationRequest } from '../evaluation/evaluation.ts';
import { periodEnd } from '../evaluation/periods.ts';
import { actionsFor, FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { collectorsFor, REPORT_KIND } from './report-kinds.ts';

/** Periods are listed one by one, and a document can say years of four digits only. */
const EARLIEST = '1970-01-01T00:00:00.000Z';
const LATEST = '2200-01-01T00:00:00.000Z';

export interface PlanFacts {
  /** Seq of the chain's newest record. */
  readonly last: number;
  /** Milliseconds UTC: a window that lies wholly after it is refused. Not given where a report is made again. */
  readonly now?: number | undefined;
  /**
   * Seq of the last record before a moment, 0 when there is none. Where it is given, a Type I report ends with the last
   * record before its moment, so that nothing later decides what was in place then.
   */
  readonly lastBefore?: ((time: string) => number) | undefined;
  /** A report made elsewhere may be of a zone this program's tables do not have: no figure depends on it. */
  readonly anyZone?: boolean | undefined;
}

/**
 * What has to be found out about a chain for a report. Depends on the request and on `last` alone.
 * @throws CausewayError `bad-input` for a request that no report can be made of, with what to do
 */
export function planReport(request: ReportRequest, { last, now, lastBefore, anyZone }: PlanFacts): EvaluationRequest {
  checkRequest(request, now);
  if (anyZone !== true) checkZone(request);
  const kind = REPORT_KIND[request.kind];
  const criteria = criteriaOf(request);
  const actions = kind.actions ?? inOrder([...actionsFor(criteria), ...kind.moreActions]);
  const asked = new Set(criteria.map(nameOf));
  const controls = CONTROLS.filter(
    (control) => kind.controls === 'all' || control.criteria.some((criterion) => asked.has(nameOf(criterion))),
  );
  return {
    window: request.window,
    actions: inOrder(actions),
    controls: controls.map(({ id }) => id),
    actors: request.filter?.actors ?? null,
    sample: request.sample ?? null,
    last: lastFor(request, last, lastBefore),
    collectors: collectorsFor(request, inOrder(actions)),
  };
}

function lastFor({ kind, window }: ReportRequest, last: number, lastBefore: PlanFacts['lastBefore']): number {
  if (kind !== 'soc2-type1' || lastBefore === undefined) return last;
  const found = lastBefore(window.to);
  if (found < 1) throw refused('before-chain', 'The chain begins after this moment. Choose a later one.');
  return Math.min(last, found);
}

/** The criteria a report speaks of, in the order of its frameworks. */
export function criteriaOf({ kind, criteria }: ReportRequest): readonly CriterionRef[] {
  const { frameworks, criteria: own } = REPORT_KIND[kind];
  const asked = criteria ?? own;
  const wanted = asked === null ? null : new Set(asked.map(nameOf));
  return frameworks.flatMap((framework) =>
    FRAMEWORK_DATA[framework].criteria
      .map(({ id }) => ({ framework, id }))
      .filter((ref) => wanted === null || wanted.has(nameOf(ref))),
  );
}

export function nameOf({ framework, id }: CriterionRef): string {
  return `${framework} ${id}`;
}

function inOrder(actions: readonly AuditAction[]): readonly AuditAction[] {
  const wanted = new Set(actions);
  return AUDIT_ACTIONS.filter((action) => wanted.has(action));
}

function checkRequest(request: ReportRequest, now: number | undefined): void {
  const { kind, window, criteria, incident, campaign } = request;
  const { frameworks, needs, title } = REPORT_KIND[kind];
  if (window.from >= window.to) {
    throw refused('window', 'The window does not end after it begins. Choose an end that is later than the beginning.');
  }
  if (now !== undefined && Date.parse(window.from) >= now) {
    const text = 'The window lies in the future, so there can be no evidence in it. Choose one that has begun.';
    throw refused('window-in-future', text);
  }
  if (
    window.from < EARLIEST ||
    window.to > LATEST ||
    Date.parse(window.to) > periodEnd(Date.parse(window.from), 'annual', 30)
  ) {
    throw refused('window-too-long', 'A window is of 30 years at most, between 1970 and 2200. Choose a shorter one.');
  }
  if (needs === 'incident' && incident === undefined) {
    throw refused('incident', 'An incident report is about one incident. Say which.');
  }
  if (needs === 'campaign' && campaign === undefined) {
    throw refused('campaign', 'An access review report is about one review. Say which.');
  }
  if ((needs !== 'incident' && incident !== undefined) || (needs !== 'campaign' && campaign !== undefined)) {
    throw refused('parameter', `The report “${title}” is not about one incident or review. Leave that parameter out.`);
  }
  for (const ref of criteria ?? []) {
    const known = frameworks.includes(ref.framework) && FRAMEWORK_DATA[ref.framework].criteria.some(isIt(ref));
    if (!known) throw refused('criteria', `${nameOf(ref)} is no criterion the report “${title}” can speak of.`);
  }
}

const isIt =
  (ref: CriterionRef) =>
  ({ id }: { readonly id: string }): boolean =>
    id === ref.id;

function checkZone({ zone }: ReportRequest): void {
  if (isZone(zone)) return;
  throw refused('zone', `${zone} is no time zone that is known here. Use a name as Europe/Istanbul, or UTC.`);
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function refused(reason: string, text: string): CausewayError {
  return new CausewayError('bad-input', text, { reason });
}
