import { canonicalBytes } from '#main/audit/canonical.ts';
import { hashRecord } from '#main/audit/hash.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { SAMPLE_DRAW } from '#main/compliance/register/sample-draw.ts';
import { REPORT_KIND } from '#main/compliance/reports/report-kinds.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import type { ReportRequest } from '#shared/model/report.ts';

/** What a sample was drawn with: over which records, and the seed that came of head and number. */
export interface Draw {
  readonly request: ReportRequest;
  readonly seed: string;
  readonly range: { readonly first: number; readonly last: number };
}

/**
 * Puts on record that a sample was drawn. The seed depends on the head of the chain, which grows with anything that is
 * recorded: whoever draws until the sample is to their liking leaves a record of each draw, and reports list them.
 * @throws CausewayError `audit-unavailable`: what is not on record is not shown
 */
export async function recordDraw(
  audit: Pick<AuditStore, 'append'>,
  by: Principal,
  { request, seed, range }: Draw,
): Promise<void> {
  const { kind, window, criteria, sample } = request;
  if (sample === undefined) return;
  const parameters = hashRecord(canonicalBytes({ window, criteria: criteria ?? null, sample }));
  await appendOrRefuse(
    audit,
    {
      action: 'tenant.report_generated',
      outcome: 'success',
      actor: actorOf(by),
      device: deviceOf(by),
      target: { type: 'report', id: SAMPLE_DRAW },
      data: {
        framework: REPORT_KIND[kind].frameworks.join('+'),
        ...window,
        format: `number ${sample.number}`,
        digest: seed,
        kind: SAMPLE_DRAW,
        parameters,
        range,
      },
    },
    'so the sample is not shown',
  );
}
