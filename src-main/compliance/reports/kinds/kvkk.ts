import { controlTable, rulesTable } from '../blocks/control-blocks.ts';
import { coverageBars, coverageOf, coverageTable } from '../blocks/coverage-blocks.ts';
import type { BuildContext } from '../build-context.ts';
import type { KindContent } from './kind-content.ts';
import {
  breachTable,
  disposalTable,
  exportTable,
  lateRequests,
  maskingTable,
  requestTable,
  retentionTable,
} from './privacy-blocks.ts';
import { atAGlance } from './soc2-type2.ts';

/** What happened to personal data, and the clocks of the KVKK. */
export function kvkk(context: BuildContext): KindContent {
  const coverage = coverageOf(context);
  const note = 'When a request arrived is not on record, so it cannot be told here whether the answer was in time.';
  const late = lateRequests(context, 'kvkk', 'kvkk-request');
  return {
    blocks: [
      atAGlance(context, coverage, late),
      requestTable('requests', context, 'kvkk', 'kvkk-request'),
      disposalTable('disposals', context, 'kvkk', 'kvkk-disposal-records'),
      breachTable('breaches', context, 'kvkk', 'kvkk-breach'),
      exportTable('exports', context, note),
      maskingTable('masking', context),
      retentionTable('retention', context),
      coverageBars('coverage', coverage, 'kvkk'),
      coverageTable('criteria', coverage, 'kvkk'),
      controlTable('controls', 'Controls that protect personal data', context, context.controls),
      rulesTable('rules', context.controls),
    ],
    exceptions: late,
  };
}
