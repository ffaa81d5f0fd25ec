import type { Block, ReportException } from '#shared/model/report.ts';
import { figure } from '../blocks/cells.ts';
import {
  calendar,
  controlTable,
  missedTable,
  occurrenceBars,
  populationTable,
  rulesTable,
} from '../blocks/control-blocks.ts';
import { type Coverage, coverageBars, coverageOf, coverageTable } from '../blocks/coverage-blocks.ts';
import type { BuildContext } from '../build-context.ts';
import type { KindContent } from './kind-content.ts';

/** What operated over the window, how often it should have, and what deviated. */
export function soc2Type2(context: BuildContext): KindContent {
  const { controls } = context;
  const coverage = coverageOf(context);
  return {
    blocks: [
      atAGlance(context, coverage),
      calendar('calendar', controls),
      occurrenceBars('occurrences', controls),
      missedTable('missed', controls),
      controlTable('controls', 'Controls in the window', context, controls),
      populationTable('populations', controls),
      coverageBars('coverage', coverage, 'soc2'),
      coverageTable('criteria', coverage, 'soc2'),
      rulesTable('rules', controls),
    ],
  };
}

/** Figures of a report over a window. `own`: exceptions the report finds besides those of its controls. */
export function atAGlance(
  { controls, exceptions: ofControls }: BuildContext,
  coverage: readonly Coverage[],
  own: readonly ReportException[] = [],
): Block {
  const exceptions = [...ofControls, ...own];
  const cadenced = controls.filter(({ found }) => found.periods.length > 0);
  const sum = (pick: (found: (typeof controls)[number]['found']) => number) =>
    cadenced.reduce((total, { found }) => total + pick(found), 0);
  return {
    block: 'figures',
    id: 'glance',
    title: 'At a glance',
    items: [
      figure('criteria', 'Criteria with records', coverage.filter(({ state }) => state === 'evidenced').length, {
        of: coverage.length,
      }),
      figure('controls', 'Controls seen operating', controls.filter(({ found }) => found.population.count > 0).length, {
        of: controls.length,
      }),
      figure(
        'periods',
        'Periods met',
        sum(({ actual }) => actual),
        {
          of: sum(({ expected }) => expected),
          note: 'Of controls with a cadence; periods not over yet, or before a control was in force, do not count.',
        },
      ),
      figure('open', 'Exceptions open', exceptions.filter(({ state }) => state === 'open').length, {
        of: exceptions.length,
      }),
    ],
  };
}
