import { crosswalk } from '../../frameworks/crosswalk.ts';
import { calendar, controlTable, populationTable, rulesTable } from '../blocks/control-blocks.ts';
import { coverageBars, coverageOf, coverageTable } from '../blocks/coverage-blocks.ts';
import type { BuildContext } from '../build-context.ts';
import type { KindContent } from './kind-content.ts';
import { atAGlance } from './soc2-type2.ts';

/** Annex A control by control, with what SOC 2 asks for alike. */
export function iso27001(context: BuildContext): KindContent {
  const coverage = coverageOf(context);
  const alike = {
    label: 'SOC 2 asks alike',
    text: ({ framework, id }: Parameters<typeof crosswalk>[0]) =>
      crosswalk({ framework, id })
        .filter((ref) => ref.framework === 'soc2')
        .map((ref) => ref.id)
        .join(', '),
  };
  return {
    blocks: [
      atAGlance(context, coverage),
      coverageBars('coverage', coverage, 'iso27001'),
      coverageTable('criteria', coverage, 'iso27001', alike),
      controlTable('controls', 'Controls of the register that serve Annex A', context, context.controls),
      calendar('calendar', context.controls),
      populationTable('populations', context.controls),
      rulesTable('rules', context.controls),
    ],
  };
}
