import type { ControlStatus } from '#shared/model/control.ts';
import type { Block } from '#shared/model/report.ts';
import type { BuildContext, ReportControl } from '../build-context.ts';
import { column, FREQUENCY_WORDS, figure, row, state, status, table } from './cells.ts';
import { joinPeriods } from './join-periods.ts';

export function countStatus(controls: readonly ReportControl[], of: ControlStatus): number {
  return controls.filter(({ found }) => found.status === of).length;
}

/** How many controls have which status. */
export function statusFigures(id: string, title: string, controls: readonly ReportControl[]): Block {
  const all = controls.length;
  return {
    block: 'figures',
    id,
    title,
    items: [
      figure('in-place', 'In place', countStatus(controls, 'in-place'), { of: all }),
      figure('partial', 'Partial', countStatus(controls, 'partial'), { of: all }),
      figure('gap', 'Gap', countStatus(controls, 'gap'), { of: all }),
      figure('not-applicable', 'Not applicable', countStatus(controls, 'not-applicable'), { of: all }),
    ],
  };
}

/** Every control with its status and why. */
export function controlTable(
  id: string,
  title: string,
  { evaluation }: BuildContext,
  of: readonly ReportControl[],
): Block {
  return table({
    id,
    title,
    columns: [
      column('control', 'Control', 'id'),
      column('name', 'Name'),
      column('kind', 'Kind'),
      column('status', 'Status', 'state'),
      column('reasons', 'Why'),
      column('frequency', 'Cadence'),
      column('owner', 'Owner', 'id'),
      column('expected', 'Expected', 'number'),
      column('actual', 'Actual', 'number'),
      column('last', 'Last seen', 'time'),
      column('exceptions', 'Exceptions open', 'number'),
      column('fixed', 'Exceptions fixed', 'number'),
    ],
    rows: of.map(({ definition, found }) =>
      row(definition.id, [
        definition.id,
        definition.name,
        definition.kind,
        status(found.status),
        found.reasons.join(' '),
        FREQUENCY_WORDS[found.frequency],
        evaluation.register.controls[definition.id]?.owner ?? null,
        found.expected,
        found.actual,
        found.last?.time ?? null,
        found.exceptions.filter((exception) => exception.state === 'open').length,
        found.exceptions.filter((exception) => exception.state === 'fixed').length,
      ]),
    ),
    empty: 'No control is there for these criteria.',
    note: 'A status is computed from records up to the newest one this report was made over, by rules that are the same for everybody; nobody types it in. Expected and actual are periods of the cadence; of controls that operate each time, what happened and what should have happened besides.',
  });
}

/** What a control asks for and how records show it: with these rules anybody can count again. */
export function rulesTable(id: string, of: readonly ReportControl[]): Block {
  return table({
    id,
    title: 'Rules by which occurrences and deviations were told',
    columns: [
      column('control', 'Control', 'id'),
      column('objective', 'What it is there for'),
      column('occurrence', 'An occurrence is'),
      column('deviation', 'A deviation is'),
      column('actions', 'Of records'),
    ],
    rows: of.map(({ definition: { id: control, objective, test } }) =>
      row(control, [control, objective, test.occurrenceRule, test.deviationRule, test.actions.join(', ')]),
    ),
    empty: 'No control was counted.',
  });
}

/** Occurrences over the window, one row a control that has a cadence. */
export function calendar(id: string, of: readonly ReportControl[]): Block {
  return {
    block: 'calendar',
    id,
    title: 'Occurrences over the window, for controls with a cadence',
    rows: of
      .filter(({ found }) => found.periods.length > 0)
      .slice(0, 200)
      .map(({ definition, found }) => ({
        id: definition.id,
        label: `${definition.id} ${definition.name}, ${FREQUENCY_WORDS[found.frequency]}`,
        periods: joinPeriods(found.periods, 400),
      })),
  };
}

/** Periods met, missed and not due, of each control with a cadence. */
export function occurrenceBars(id: string, of: readonly ReportControl[]): Block {
  return {
    block: 'bars',
    id,
    title: 'Occurrences expected and actual',
    bars: of
      .filter(({ found }) => found.periods.length > 0)
      .slice(0, 100)
      .map(({ definition, found }) => ({
        id: definition.id,
        label: `${definition.id} ${definition.name}`,
        parts: (['met', 'missed', 'not-due', 'no-data'] as const).map((of) => ({
          state: of,
          value: found.periods.filter((period) => period.state === of).length,
        })),
      })),
  };
}

/** What was missed, each by itself. */
export function missedTable(id: string, of: readonly ReportControl[]): Block {
  return table({
    id,
    title: 'Periods that were missed',
    columns: [
      column('control', 'Control', 'id'),
      column('name', 'Name'),
      column('from', 'From', 'time'),
      column('to', 'To', 'time'),
      column('state', 'State', 'state'),
    ],
    rows: of.flatMap(({ definition, found }) =>
      found.periods
        .filter((period) => period.state === 'missed')
        .map(({ from, to }) =>
          row(`${definition.id}:${from}`, [definition.id, definition.name, from, to, state('missed', 'Missed')]),
        ),
    ),
    empty: 'No period of a cadence was missed.',
  });
}

/** The frozen population of each control. */
export function populationTable(id: string, of: readonly ReportControl[]): Block {
  return table({
    id,
    title: 'Population of each control',
    columns: [
      column('control', 'Control', 'id'),
      column('name', 'Name'),
      column('count', 'Records', 'number'),
      column('root', 'Merkle root', 'hash'),
      column('last', 'Newest', 'time'),
      column('seqs', 'Record numbers'),
    ],
    rows: of.map(({ definition, found }) =>
      row(definition.id, [
        definition.id,
        definition.name,
        found.population.count,
        found.population.root,
        found.last?.time ?? null,
        shortSeqs(found.population.seqs),
      ]),
    ),
    empty: 'No control was counted.',
    note: 'Occurrences in the window, by the rules of this report. The root is of an RFC 6962 tree whose leaves are the 32 bytes of each record’s hash, in order of the record numbers.',
  });
}

/** Characters of a cell; docs/evidence-reports.md, section 2, says how it is cut. */
const LONGEST = 4000;

export function shortSeqs(seqs: string | null): string {
  if (seqs === null) return 'too many to list; the root stands for them';
  if (seqs.length <= LONGEST) return seqs;
  return `${seqs.slice(0, seqs.lastIndexOf(',', LONGEST))}, and further ones; the root stands for all of them`;
}
