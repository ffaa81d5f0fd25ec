import { controlTable, rulesTable } from '../blocks/control-blocks.ts';
import { coverageBars, coverageOf, coverageTable } from '../blocks/coverage-blocks.ts';
import type { BuildContext } from '../build-context.ts';
import { clockOf, sayLimit } from '../clocks.ts';
import type { KindContent } from './kind-content.ts';
import {
  breachTable,
  exportTable,
  lateRequests,
  maskingTable,
  requestTable,
  retentionTable,
} from './privacy-blocks.ts';
import { atAGlance } from './soc2-type2.ts';

/** What happened to personal data, and the clocks of both laws. */
export function gdprLgpd(context: BuildContext): KindContent {
  const coverage = coverageOf(context);
  const access = clockOf('lgpd', 'lgpd-access');
  const note = `${access.name} under LGPD: ${sayLimit(access.limit)} (${access.source}); under GDPR one month. When a request for access arrived is not on record, so it cannot be told here whether the answer was in time.`;
  const late = lateRequests(context, 'gdpr', 'gdpr-request');
  return {
    blocks: [
      atAGlance(context, coverage, late),
      requestTable('requests', context, 'gdpr', 'gdpr-request'),
      exportTable('exports', context, note),
      breachTable('breaches-gdpr', context, 'gdpr', 'gdpr-breach'),
      breachTable('breaches-lgpd', context, 'lgpd', 'lgpd-breach'),
      maskingTable('masking', context),
      retentionTable('retention', context),
      coverageBars('coverage-gdpr', coverage, 'gdpr'),
      coverageTable('criteria-gdpr', coverage, 'gdpr'),
      coverageBars('coverage-lgpd', coverage, 'lgpd'),
      coverageTable('criteria-lgpd', coverage, 'lgpd'),
      controlTable('controls', 'Controls that protect personal data', context, context.controls),
      rulesTable('rules', context.controls),
    ],
    exceptions: late,
  };
}
