import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { Coverage, Standing } from '#shared/ipc/verification-views.ts';
import { formatCount, formatPlural } from '../format/numbers.ts';

/** Something found in the own chain that a person has to be told of until they say they have seen it. */
export interface Alarm {
  readonly id: string;
  readonly text: string;
  /** The record it leads to. */
  readonly seq: number | null;
  /** The file with everything found, signed; null when there is none. */
  readonly bundle: string | null;
}

/** As many alarms as stand on a screen at once; they are kept in the coverage's problems besides. */
const MOST = 3;

/** The alarms after one more was told of: newest first, the same text once. */
export function addAlarm(alarms: readonly Alarm[], event: Extract<ConsoleEvent, { type: 'alert' }>): readonly Alarm[] {
  const { text, seq, bundle } = event;
  const others = alarms.filter((alarm) => alarm.text !== text);
  return [{ id: `alert ${text}`, text, seq, bundle }, ...others].slice(0, MOST);
}

/**
 * What continuous verification already knew when the window opened, as an alarm: an event sent before the page was there
 * would be lost. Null when nothing is wrong, and when an acknowledgement says that it is known.
 */
export function alarmOfCoverage(coverage: Coverage | null, standing: Standing | null): Alarm | null {
  if (coverage === null || standing === null || standing.state !== 'whole') return null;
  const problem = coverage.problems.find(({ code }) => code !== 'time');
  if (problem === undefined) return null;
  const where = problem.seq === undefined ? 'The audit trail' : `Record ${formatCount(problem.seq)} of the audit trail`;
  const more = coverage.problemCount > 1 ? ` ${formatPlural(coverage.problemCount, 'problem')} in all.` : '';
  return {
    id: `coverage ${coverage.problemCount}`,
    text: `${where} does not hold: ${problem.message}.${more}`,
    seq: problem.seq ?? null,
    bundle: null,
  };
}

/** Breaks nobody took note of yet. */
export function countOpenBreaks(standing: Standing): number {
  return standing.breaks.filter(({ acknowledged }) => acknowledged === null).length;
}
