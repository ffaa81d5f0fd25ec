import type { Block } from '#shared/model/report.ts';
import { column, row, status, table, text } from '../blocks/cells.ts';
import { controlTable, countStatus, rulesTable, statusFigures } from '../blocks/control-blocks.ts';
import { coverageBars, coverageOf, coverageTable } from '../blocks/coverage-blocks.ts';
import type { BuildContext, ReportControl } from '../build-context.ts';
import type { KindContent } from './kind-content.ts';

/** Designed and in place at one moment. */
export function soc2Type1(context: BuildContext): KindContent {
  const { controls } = context;
  const coverage = coverageOf(context);
  const technical = controls.filter(({ definition }) => definition.kind === 'technical');
  const organizational = controls.filter(({ definition }) => definition.kind === 'organizational');
  return {
    blocks: [
      readiness(context),
      statusFigures('technical-status', 'Technical controls', technical),
      statusFigures('organizational-status', 'Organizational controls', organizational),
      coverageBars('coverage', coverage, 'soc2'),
      gaps('technical-gaps', 'Technical gaps, and what would close them', technical),
      gaps('organizational-gaps', 'Organizational gaps, and what would close them', organizational),
      controlTable('controls', 'Controls at that moment', context, controls),
      coverageTable('criteria', coverage, 'soc2'),
      rulesTable('rules', controls),
    ],
  };
}

function readiness({ controls, evaluation, request, exceptions }: BuildContext): Block {
  const open = controls.filter(({ found }) => found.status === 'gap' || found.status === 'partial');
  const ready = countStatus(controls, 'in-place') + countStatus(controls, 'not-applicable');
  const { plan } = evaluation.register;
  const said =
    plan === null
      ? 'No plan towards it is on record.'
      : `A plan of ${plan.weeks} weeks from ${plan.start.slice(0, 10)} is on record (record ${plan.seq}).`;
  const verdict =
    open.length === 0
      ? `Every control of these criteria is in place, or said with a reason not to apply, as of record ${evaluation.range.last}.`
      : `${open.length} of ${controls.length} controls are not in place yet: an auditor would report on each of them.`;
  const unsolved = exceptions.filter(({ state }) => state === 'open').length;
  const at = text('readiness', 'Readiness', [
    `This report speaks of the moment ${request.window.to}. ${verdict}`,
    `${ready} of ${controls.length} controls are in place or do not apply; ${unsolved === 1 ? 'one exception is' : `${unsolved} exceptions are`} open. ${said}`,
  ]);
  return at;
}

function gaps(id: string, title: string, of: readonly ReportControl[]): Block {
  const open = of.filter(({ found }) => found.status === 'gap' || found.status === 'partial');
  return table({
    id,
    title,
    columns: [
      column('control', 'Control', 'id'),
      column('name', 'Name'),
      column('status', 'Status', 'state'),
      column('criteria', 'Criteria'),
      column('reasons', 'Why'),
      column('remedy', 'What would close it'),
      column('effort', 'Effort'),
    ],
    rows: open.map(({ definition, found }) =>
      row(definition.id, [
        definition.id,
        definition.name,
        status(found.status),
        definition.criteria
          .filter(({ framework }) => framework === 'soc2')
          .map(({ id: criterion }) => criterion)
          .join(', '),
        found.reasons.join(' '),
        definition.remedy,
        definition.effort,
      ]),
    ),
    empty: 'None.',
    note: 'Effort: S some days, M some weeks, L a month or more.',
  });
}
