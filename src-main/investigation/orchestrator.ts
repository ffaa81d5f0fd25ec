import type { Investigation } from '#shared/model/investigation.ts';
import { canonicalDigest } from '../platform/digest.ts';
import { type AgentOutcome, runAgentTask } from './agent-task.ts';
import { type Inspection, inspectInfrastructure } from './agents/infrastructure-inspector.ts';
import { analyseLogs } from './agents/log-analyst.ts';
import { analyseMetrics } from './agents/metric-analyst.ts';
import type { LogLine, Ranking, Series, Signal } from './analysis/model.ts';
import { rankCauses } from './analysis/rank.ts';
import { agentActor, type Case, linksOf, toTime } from './case.ts';
import { citedDigests, toHypotheses, toRatio } from './hypotheses.ts';

/** What an investigation found, before anything is proposed. */
export interface Investigated {
  readonly ranking: Ranking;
  readonly inspection: Inspection;
  readonly investigation: Investigation;
}

const MOST_NEEDED = 16;

/**
 * Sends the three analysts out at the same time, each with its own lease, and ranks what they bring. The orchestrator
 * itself never holds a lease. An analyst that fails leaves a gap that is said; only when the cloud answered none of them
 * does the investigation fail, with the first error.
 */
export async function investigate(work: Case): Promise<Investigated> {
  const signal = toSignal(work);
  const tasks = [
    runAgentTask(work, 'metric-analysis', (tools) => analyseMetrics(tools, signal)),
    runAgentTask(work, 'log-analysis', analyseLogs),
    runAgentTask(work, 'infrastructure-inspection', inspectInfrastructure),
  ] as const;
  // Also when one of them has to end everything, the others give their leases back before that.
  await Promise.allSettled(tasks);
  const [metrics, logs, infrastructure] = await Promise.all(tasks);
  work.signal.throwIfAborted();
  const outcomes: readonly AgentOutcome<unknown>[] = [metrics, logs, infrastructure];
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed !== undefined && !failed.ok && outcomes.every((outcome) => !outcome.ok)) throw failed.error;

  const series: readonly Series[] = metrics.ok ? metrics.report.output : [];
  const lines: readonly LogLine[] = logs.ok ? logs.report.output : [];
  const inspection: Inspection = infrastructure.ok ? infrastructure.report.output : { services: [], changes: [] };
  const ranking = rankCauses({
    map: work.environment.serviceMap,
    signal,
    series,
    logs: lines,
    changes: inspection.changes,
  });
  const hypotheses = toHypotheses(ranking, series, work.book.resolves);
  const gaps = outcomes.flatMap((outcome) => (outcome.ok ? outcome.report.gaps : [outcome.gap]));
  const investigation = work.live.update({
    hypotheses: [...hypotheses],
    considered: ranking.considered,
    abstained: ranking.abstained,
    needed: [...new Set([...gaps, ...ranking.needed])].map((text) => text.slice(0, 500)).slice(0, MOST_NEEDED),
    method: { ...ranking.method },
    evidence: [...work.book.list()].slice(0, 500),
  });
  await recordRanking(work, ranking, investigation);
  return { ranking, inspection, investigation };
}

function toSignal(work: Case): Signal {
  const { incident, window } = work;
  return {
    service: incident.signal.service,
    metricKey: incident.signal.metric,
    kind: incident.signal.kind,
    startedAt: Date.parse(incident.startedAt),
    observedUntil: window.to,
  };
}

async function recordRanking(work: Case, ranking: Ranking, investigation: Investigation): Promise<void> {
  await work.audit.append({
    action: 'investigation.hypotheses_ranked',
    outcome: 'success',
    actor: agentActor('orchestrator'),
    onBehalfOf: work.onBehalfOf,
    target: { type: 'investigation', id: work.id },
    links: linksOf(work),
    data: {
      method: { ...ranking.method },
      considered: ranking.considered,
      abstained: ranking.abstained,
      threshold: toRatio(ranking.threshold),
      hypotheses: investigation.hypotheses.map((hypothesis) => ({
        id: hypothesis.id,
        rank: hypothesis.rank,
        service: hypothesis.service,
        detector: hypothesis.detector,
        confidence: hypothesis.confidence,
        evidence: citedDigests(hypothesis).slice(0, 64),
      })),
      rankingDigest: canonicalDigest(ranking).digest,
    },
  });
}

/** Records that an investigation began and what it will look at. */
export async function recordStart(
  work: Case,
  method: { readonly name: string; readonly version: string },
): Promise<void> {
  const { serviceMap } = work.environment;
  await work.audit.append({
    action: 'investigation.started',
    outcome: 'success',
    actor: work.onBehalfOf,
    target: { type: 'investigation', id: work.id },
    links: linksOf(work),
    data: {
      environment: work.environment.id,
      from: toTime(work.window.from),
      to: toTime(work.window.to),
      services: serviceMap.services.length,
      method: { ...method },
      mapDigest: canonicalDigest(serviceMap).digest,
    },
  });
}
