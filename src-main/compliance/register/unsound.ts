import type { ControlId } from '#shared/model/control.ts';
import type { ReportException, ReportIntegrity } from '#shared/model/report.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import type { JudgedStatus } from './status.ts';

/** The control whose objective is that history cannot be changed: what does not hold is an exception of it. */
const APPEND_ONLY = 'AU-01';
const KIND = 'integrity';
const REASON = 'The history it is counted from does not verify.';
const MOST_LISTED = 100;
const MOST_REASONS = 16;
const LONGEST = 1900;

/** What does not hold in the records something is counted from. */
export interface Unsound {
  /** `seq` null: it is about the chain, and no single record. */
  readonly problems: readonly { readonly seq: number | null; readonly text: string }[];
  /** In all, listed or not. */
  readonly count: number;
}

/**
 * What counting found, and what the console knew from elsewhere. A break that people acknowledged is none of it: what is
 * there since then is what it was counted from. An acknowledgement heals no record: one that is still altered is found again.
 * @param history what contradicts the chain and nobody acknowledged
 * @returns null when all of it holds
 */
export function unsoundOf(
  { problems, problemCount }: ReportIntegrity,
  history: readonly string[] = [],
): Unsound | null {
  const found = [
    ...problems.map(({ seq, text }) => ({ seq: seq === 0 ? null : seq, text })),
    ...history.map((text) => ({ seq: null, text })),
  ];
  const count = problemCount + history.length;
  return count === 0 ? null : { problems: found, count };
}

/** A status as it can be said: nothing counted from what does not verify is better than partial. */
export function heedUnsound(control: ControlId, judged: JudgedStatus, unsound: Unsound | null): JudgedStatus {
  if (unsound === null) return judged;
  const { status, reasons } = judged;
  const open =
    unsound.count === 1
      ? 'One problem with its records is open.'
      : `${unsound.count} problems with its records are open.`;
  const own = control === APPEND_ONLY;
  // that no exception is open is no longer so
  const kept = own && status === 'in-place' ? [] : reasons;
  return {
    status: status === 'in-place' ? 'partial' : status,
    reasons: [REASON, ...(own ? [open] : []), ...kept].slice(0, MOST_REASONS),
  };
}

/** Each problem as an open exception of the control over an unchanged history; nothing of any other control. */
export function integrityExceptions(control: ControlId, unsound: Unsound | null): readonly ReportException[] {
  if (unsound === null || control !== APPEND_ONLY) return [];
  const { problems, count } = unsound;
  const times = new Map<number | null, number>();
  const open = (place: string, seq: number | null, text: string): ReportException => ({
    id: `${APPEND_ONLY}:${KIND}:${place}`,
    control,
    kind: KIND,
    text: text.slice(0, LONGEST).toWellFormed(),
    seq,
    time: null,
    state: 'open',
    fixedBy: null,
  });
  const listed = problems.slice(0, MOST_LISTED).map(({ seq, text }) => {
    const time = (times.get(seq) ?? 0) + 1;
    times.set(seq, time);
    return open(`${seq ?? 'chain'}${time === 1 ? '' : `.${time}`}`, seq, text);
  });
  const further = count - listed.length;
  return further <= 0
    ? listed
    : [...listed, open('further', null, `${further} further problems were found with the records.`)];
}

/** An evaluation whose statuses and exceptions say what its own integrity, and what is known from elsewhere, leaves of them. */
export function heedIntegrity(evaluation: Evaluation, history: readonly string[] | undefined): Evaluation {
  const unsound = unsoundOf(evaluation.integrity, history);
  if (unsound === null) return evaluation;
  const controls = evaluation.controls.map((found) => ({
    ...found,
    ...heedUnsound(found.control, { status: found.status, reasons: found.reasons }, unsound),
    exceptions: [...integrityExceptions(found.control, unsound), ...found.exceptions],
  }));
  return { ...evaluation, controls };
}
