import type { ControlStatus } from '#shared/model/control.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import { controlOf } from '../controls/controls.ts';
import { DAY } from '../controls/record-values.ts';
import { dueAfter } from '../evaluation/periods.ts';
import type { StatusFacts } from '../evaluation/rules.ts';

/** A self-check says something about now for so long. Milliseconds. */
const CHECK_COUNTS_MS = 8 * DAY;
const MOST_REASONS = 16;
const LONGEST_REASON = 1000;

export interface JudgedStatus {
  readonly status: ControlStatus;
  /** Why, in sentences. */
  readonly reasons: readonly string[];
}

type Facts = StatusFacts & { readonly due: number | null };

/**
 * The status of a control, from what the chain says of it. Nobody types it in, but for `not-applicable`, which is a
 * person's word on record. The same facts give the same status.
 */
export function judgeStatus(given: StatusFacts): JudgedStatus {
  const due = given.due === undefined ? dueByToday(given) : given.due;
  const facts = { ...given, due, open: given.open.filter(({ kind }) => kind !== 'missed-period') };
  const definition = controlOf(facts.control);
  if (definition === undefined) return { status: 'gap', reasons: ['This version knows no such control.'] };
  const said = appliesNot(definition, facts) ? facts.entry?.notApplicable : null;
  const judged =
    said != null
      ? {
          status: 'not-applicable' as const,
          reasons: [`Said to be not applicable, on record since ${day(said.time)}.`],
        }
      : definition.kind === 'technical'
        ? judgeTechnical(definition, facts)
        : judgeOrganizational(facts);
  const reasons = judged.reasons.slice(0, MOST_REASONS).map((reason) => reason.slice(0, LONGEST_REASON).toWellFormed());
  return { status: judged.status, reasons };
}

/** Of the console's own controls one applies unless it is not there: nobody's word stands over what it found itself. */
function appliesNot({ kind }: ControlDefinition, { entry }: Facts): boolean {
  return kind === 'organizational' || entry?.check?.result === 'absent';
}

function judgeTechnical(definition: ControlDefinition, { entry, frequency, last, due, open, at }: Facts): JudgedStatus {
  const reasons: string[] = [];
  if (definition.selfCheck) {
    const check = entry?.check ?? null;
    if (check === null) return { status: 'gap', reasons: ['No self-check of it is on record.'] };
    if (check.result === 'absent') return { status: 'gap', reasons: [`It is not there: ${check.detail}`] };
    if (check.result === 'fails') return { status: 'gap', reasons: [`Its self-check fails: ${check.detail}`] };
    if (check.result === 'partial') reasons.push(`Its self-check holds in part: ${check.detail}`);
    if (at - Date.parse(check.time) > CHECK_COUNTS_MS) {
      reasons.push(`Its newest self-check, of ${day(check.time)}, is older than 8 days.`);
    }
  }
  if (last === null) {
    if (definition.needsOccurrence || frequency !== 'event') reasons.push('No record shows it operating yet.');
  } else if (isStale(due, at)) {
    reasons.push(`It was last seen operating on ${day(last.time)}, longer ago than its cadence (${frequency}).`);
  }
  if (open.length > 0) reasons.push(countOpen(open.length));
  if (reasons.length > 0) return { status: 'partial', reasons };
  const seen = last === null ? '' : ` It was last seen operating on ${day(last.time)}.`;
  return { status: 'in-place', reasons: [`Its self-check holds, and no exception is open.${seen}`] };
}

function judgeOrganizational({ entry, frequency, last, due: next, open, at }: Facts): JudgedStatus {
  const owner = entry?.owner ?? null;
  const nobody = entry?.ownerLeft ? 'Nobody owns it: its owner was removed from the workspace.' : 'Nobody owns it.';
  const due = entry?.due ?? null;
  if (owner === null && last === null) {
    return { status: 'gap', reasons: ['Nobody owns it, and it was never done on record.'] };
  }
  const reasons: string[] = [];
  if (owner === null) reasons.push(nobody);
  if (last === null) reasons.push('It was never done on record.');
  else if (isStale(next, at)) {
    reasons.push(`It was last done on ${day(last.time)}, longer ago than its cadence (${frequency}).`);
  }
  if (isOverdue(due, at)) reasons.push(`It was due on ${day(due)}.`);
  if (open.length > 0) reasons.push(countOpen(open.length));
  if (reasons.length > 0 || last === null) return { status: 'partial', reasons };
  const done = `It is owned, and was last done on ${day(last.time)}, within its cadence (${frequency}).`;
  return { status: 'in-place', reasons: [done] };
}

function dueByToday({ last, frequency }: StatusFacts): number | null {
  return last === null ? null : dueAfter({ frequency, cadence: [] }, Date.parse(last.time));
}

/**
 * Whether the newest occurrence is longer ago than the cadence allows: the next had to be by `due`. A missed period that
 * nothing has caught up with is always over that too, so that a status does not hang on where a window begins.
 */
export function isStale(due: number | null, at: number): boolean {
  return due !== null && at > due;
}

export function isOverdue(due: string | null, at: number): due is string {
  return due !== null && at > Date.parse(due);
}

function countOpen(count: number): string {
  return count === 1 ? 'One exception is open.' : `${count} exceptions are open.`;
}

const day = (time: string): string => time.slice(0, 10);
