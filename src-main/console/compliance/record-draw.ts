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
export async function recordDraw(audit: Pick<AuditStore, 'append'>, by: Principal, draw: Draw): Promise<void> {
  await recordDraws(audit, by, [draw]);
}

/**
 * The same of what is made together, over one head: reports that draw with the same seed, of the same window and choice of
 * criteria, drew the same sample, and have one record.
 * @throws CausewayError `audit-unavailable`
 */
export async function recordDraws(
  audit: Pick<AuditStore, 'append'>,
  by: Principal,
  draws: readonly Draw[],
): Promise<void> {
  for (const { request, seed, range, frameworks } of together(draws)) {
    const { window, sample } = request;
    await appendOrRefuse(
      audit,
      {
        action: 'tenant.report_generated',
        outcome: 'success',
        actor: actorOf(by),
        device: deviceOf(by),
        target: { type: 'report', id: SAMPLE_DRAW },
        data: {
          framework: [...frameworks].join('+'),
          ...window,
          format: `number ${sample.number}`,
          digest: seed,
          kind: SAMPLE_DRAW,
          parameters: parametersOf(request),
          range,
        },
      },
      'so the sample is not shown',
    );
  }
}

type SampledRequest = ReportRequest & { readonly sample: NonNullable<ReportRequest['sample']> };

interface RecordedDraw extends Omit<Draw, 'request'> {
  readonly request: SampledRequest;
  /** Of all reports it is for. */
  readonly frameworks: Set<string>;
}

function together(draws: readonly Draw[]): Iterable<RecordedDraw> {
  const found = new Map<string, RecordedDraw>();
  for (const { request, seed, range } of draws) {
    if (!isSampled(request)) continue;
    const key = `${seed} ${parametersOf(request)}`;
    const known = found.get(key) ?? { request, seed, range, frameworks: new Set() };
    for (const framework of REPORT_KIND[request.kind].frameworks) known.frameworks.add(framework);
    found.set(key, known);
  }
  return found.values();
}

function isSampled(request: ReportRequest): request is SampledRequest {
  return request.sample !== undefined;
}

function parametersOf({ window, criteria, sample }: SampledRequest): string {
  return hashRecord(canonicalBytes({ window, criteria: criteria ?? null, sample }));
}
