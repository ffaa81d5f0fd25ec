import type { Remediation } from '#shared/model/investigation.ts';
import { toolsFor } from './agent-task.ts';
import { readMetric } from './agents/metric-analyst.ts';
import type { Series } from './analysis/model.ts';
import { judgeRecovery, type Recovery } from './analysis/recovery.ts';
import { formatAmount } from './analysis/wording.ts';
import { agentActor, type Case, linksOf, toTime } from './case.ts';

/** What a check after an action found. Times are of the environment, epoch milliseconds. */
export interface Checked {
  readonly recovery: Recovery;
  readonly series: Series;
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the incident's own metric again under a new lease and compares it with what is usual.
 *
 * @param executedAt when the action was carried out, by the environment's clock.
 */
export async function checkOutcome(work: Case, remediation: Remediation, executedAt: number): Promise<Checked> {
  const { environment, incident, signal } = work;
  const { postCheck } = remediation.plan;
  const lease = await work.broker.issue({
    environment,
    task: 'metric-analysis',
    agent: 'metric-analyst',
    incident: incident.id,
    investigation: work.id,
    resources: ['*'],
    onBehalfOf: work.onBehalfOf,
  });
  let finished = false;
  try {
    const series = await readMetric(toolsFor(work, 'metric-analysis', lease.clients), postCheck.metric);
    const recovery = judgeRecovery({
      series,
      startedAt: Date.parse(incident.startedAt),
      executedAt,
      checkedUntil: work.window.to,
    });
    finished = true;
    return { recovery, series, from: executedAt, to: work.window.to };
  } finally {
    const reason = finished ? 'task-finished' : signal.aborted ? 'cancelled' : 'task-failed';
    await work.broker.revoke(lease, reason);
  }
}

/** Records the outcome. Measured values stand in records as decimals in text. */
export async function recordOutcome(
  work: Case,
  remediation: Remediation,
  checked: Checked,
  approval: string,
): Promise<void> {
  const { recovery, series } = checked;
  await work.audit.append({
    action: 'remediation.verified',
    outcome: recovery.verdict === 'recovered' ? 'success' : 'failure',
    actor: agentActor('metric-analyst'),
    onBehalfOf: work.onBehalfOf,
    target: { type: 'remediation', id: remediation.id },
    links: { ...linksOf(work), remediation: remediation.id, approval, request: remediation.requestHash },
    data: {
      planDigest: remediation.planDigest,
      verdict: recovery.verdict,
      service: series.service,
      metric: series.key,
      unit: series.unit,
      before: toDecimal(recovery.before),
      after: toDecimal(recovery.after),
      usualLow: toDecimal(recovery.usual.low),
      usualHigh: toDecimal(recovery.usual.high),
      points: recovery.points,
      from: toTime(checked.from),
      to: toTime(checked.to),
      evidence: [...new Set(series.source.map(({ digest }) => digest))].slice(0, 16),
    },
  });
}

/** At most six fraction digits; null when there is no such number. */
export function toDecimal(value: number): string | null {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return null;
  const text = value.toFixed(6).replace(/\.?0+$/, '');
  return text === '-0' || text === '' ? '0' : text;
}

/** The result as the window shows it. */
export function toResult({ recovery, series, to }: Checked): NonNullable<Remediation['result']> {
  const show = (value: number) => (Number.isFinite(value) ? formatAmount(value, series.unit) : 'unknown').slice(0, 64);
  return {
    verdict: recovery.verdict,
    text: recovery.reason.slice(0, 1000),
    before: show(recovery.before),
    after: show(recovery.after),
    usualLow: show(recovery.usual.low),
    usualHigh: show(recovery.usual.high),
    checkedAt: toTime(to),
  };
}
