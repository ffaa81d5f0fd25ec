import type { AuditStore } from '#main/audit/store.ts';
import type { evaluate } from '#main/compliance/evaluation/evaluate.ts';
import { evaluateSource } from '#main/compliance/evaluation/evaluate-records.ts';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { buildReport } from '#main/compliance/reports/build-report.ts';
import { fillDisclosures, showDisclosed } from '#main/compliance/reports/disclosures.ts';
import { type PlanFacts, planReport } from '#main/compliance/reports/plan-report.ts';
import { signReport } from '#main/compliance/reports/sign-report.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportDocument, ReportKind, ReportRequest, SignedReport } from '#shared/model/report.ts';
import { STORY_CAMPAIGN, STORY_INCIDENT, STORY_WINDOW } from './evidence-story.ts';

export const MADE: ReportDocument['made'] = {
  at: '2026-09-01T00:00:00.000Z',
  by: 'u-00000000000a',
  device: 'dev-1',
  build: { name: 'causeway', version: '1.0.0' },
};

/** What is asked about the story: everything, with a sample and with names. */
export function storyRequest(kind: ReportKind, more: Partial<ReportRequest> = {}): ReportRequest {
  return {
    kind,
    window: STORY_WINDOW,
    zone: 'Europe/Istanbul',
    disclose: true,
    sample: { number: '20260901', profile: HOUSE_PROFILE },
    ...(kind === 'incident' ? { incident: STORY_INCIDENT } : {}),
    ...(kind === 'access-review' ? { campaign: STORY_CAMPAIGN } : {}),
    ...more,
  };
}

/** A report on a store, as the console makes it, but on this thread. */
export async function makeDocument(
  store: AuditStore,
  request: ReportRequest,
  facts: Partial<PlanFacts> = {},
): Promise<ReportDocument> {
  const plan = planReport(request, { last: store.head().seq, ...facts });
  const source = { kind: 'store' as const, address: store.reader() };
  const evaluation = await evaluateSource(PRODUCT_RULES, source, plan, () => undefined);
  return fillDisclosures(buildReport(request, evaluation, MADE), (seq, path) => {
    const found = store.disclosures(seq).find((value) => value.path === path);
    return found === undefined ? null : showDisclosed(found.value);
  });
}

export async function makeReport(
  store: AuditStore,
  request: ReportRequest,
  facts: Partial<PlanFacts> = {},
): Promise<SignedReport> {
  return signReport(store, await makeDocument(store, request, facts));
}

/** Counts on this thread: a report is computed again without waiting for one to start. */
export const evaluateHere: typeof evaluate = async (source, request, { onProgress } = {}) =>
  evaluateSource(PRODUCT_RULES, source, request, onProgress ?? (() => undefined));
