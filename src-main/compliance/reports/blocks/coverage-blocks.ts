import type { CriterionRef, FrameworkId } from '#shared/model/control.ts';
import type { Block, StateCell } from '#shared/model/report.ts';
import { evidenceFor, FRAMEWORK_DATA, keyOf } from '../../frameworks/frameworks.ts';
import type { BuildContext, ReportCriterion } from '../build-context.ts';
import { column, count, row, STATUS_WORDS, state, table } from './cells.ts';

export type CoverageState = 'evidenced' | 'designed' | 'nothing';

/** What there is for one criterion. */
export interface Coverage {
  readonly criterion: ReportCriterion;
  readonly state: CoverageState;
  /** Records in the window, of the actions that are evidence for it. */
  readonly records: number;
  readonly why: string;
  readonly controls: string;
}

const WORDS: Readonly<Record<CoverageState, StateCell>> = {
  evidenced: state('info', 'Records in the window'),
  designed: state('partial', 'Control, no records'),
  nothing: state('gap', 'Nothing here'),
};

/** Per criterion: records in the window, else a control that is there for it, else nothing. No filter narrows it. */
export function coverageOf({ criteria, evaluation, controls }: BuildContext): readonly Coverage[] {
  return criteria.map((criterion) => {
    const evidence = evidenceFor(criterion)
      .map(({ action, why }) => ({ action, why, records: evaluation.actions[action]?.window ?? 0 }))
      .filter(({ records }) => records > 0)
      .sort((one, other) => other.records - one.records || (one.action < other.action ? -1 : 1));
    const records = evidence.reduce((sum, found) => sum + found.records, 0);
    const own = controls.filter(({ definition }) => definition.criteria.some(is(criterion)));
    return {
      criterion,
      state: records > 0 ? 'evidenced' : own.length > 0 ? 'designed' : 'nothing',
      records,
      why: evidence.map(({ action, why, records: number }) => `${action} (${number}): ${why}`).join(' '),
      controls: own.map(({ definition, found }) => `${definition.id} ${STATUS_WORDS[found.status]}`).join(', '),
    };
  });
}

const is = (ref: CriterionRef) => (other: CriterionRef) => keyOf(ref) === keyOf(other);

/** Bars by group of a framework: how many of its criteria have records, only a control, nothing. */
export function coverageBars(id: string, coverage: readonly Coverage[], framework: FrameworkId): Block {
  const of = coverage.filter(({ criterion }) => criterion.framework === framework);
  const groups = [...new Set(of.map(({ criterion }) => criterion.group))];
  return {
    block: 'bars',
    id,
    title: `${FRAMEWORK_DATA[framework].name}: criteria with records, with a control only, with nothing`,
    bars: groups.slice(0, 100).map((group, index) => {
      const number = (state: CoverageState) =>
        of.filter((found) => found.criterion.group === group && found.state === state).length;
      return {
        id: `group-${index + 1}`,
        label: group,
        parts: [
          { state: 'info', value: number('evidenced') },
          { state: 'partial', value: number('designed') },
          { state: 'gap', value: number('nothing') },
        ],
      };
    }),
  };
}

/** One row a criterion. `more`: a further column, such as the crosswalk. */
export function coverageTable(
  id: string,
  coverage: readonly Coverage[],
  framework: FrameworkId,
  more?: { readonly label: string; readonly text: (criterion: ReportCriterion) => string },
): Block {
  const of = coverage.filter(({ criterion }) => criterion.framework === framework);
  return table({
    id,
    title: `${FRAMEWORK_DATA[framework].name}: criteria and what there is for them`,
    columns: [
      column('criterion', 'Criterion', 'id'),
      column('name', 'Name'),
      column('state', 'In this window', 'state'),
      column('records', 'Records', 'number'),
      column('controls', 'Controls'),
      column('why', 'Of what they are evidence'),
      ...(more === undefined ? [] : [column('more', more.label)]),
    ],
    rows: of.map((found) =>
      row(found.criterion.id, [
        found.criterion.id,
        found.criterion.name,
        WORDS[found.state],
        found.records,
        found.controls,
        found.why,
        ...(more === undefined ? [] : [more.text(found.criterion)]),
      ]),
    ),
    empty: 'No criterion of it was asked for.',
    note: `Names are this product’s own words. A record in the window is evidence of what it says; it does not by itself meet a criterion. A record is counted for each criterion it is evidence for: ${count(of.length, 'criterion', 'criteria')}.`,
  });
}
