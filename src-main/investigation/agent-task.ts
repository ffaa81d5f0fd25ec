import { CausewayError } from '#shared/errors.ts';
import { AGENT_OF_TASK, type TaskKind } from '#shared/model/task.ts';
import type { LeaseState } from '../credentials/lease.ts';
import { TASK_ACTIONS } from '../credentials/session-policy.ts';
import { errorName } from '../platform/aws-calls.ts';
import { canonicalDigest, responseDigest } from '../platform/digest.ts';
import { dispatchRequest } from '../policy/step-requests.ts';
import type { AgentReport, AgentTools } from './agents/agent.ts';
import { agentActor, type Case, linksOf, toTime } from './case.ts';
import { toFindings } from './findings.ts';
import { type AnalystTask, resourcesOf } from './permissions.ts';

/** What came of an agent's task. `gap` is the sentence that says what could not be established. */
export type AgentOutcome<T> =
  | { readonly ok: true; readonly report: AgentReport<T> }
  | { readonly ok: false; readonly error: unknown; readonly gap: string };

const MOST_FINDINGS = 150;

/**
 * One agent's task under its own lease: dispatched on record, lease issued, work done, findings on record, and the lease
 * revoked when the task ends, however it ends. Failures of the cloud come back as an outcome; a failure of the audit
 * trail, and a cancellation, are thrown: then nothing may go on.
 */
export async function runAgentTask<T>(
  work: Case,
  task: AnalystTask,
  run: (tools: AgentTools) => Promise<AgentReport<T>>,
): Promise<AgentOutcome<T>> {
  const agent = AGENT_OF_TASK[task];
  const startedAt = toTime(work.clock.now());
  work.live.progress(agent, { status: 'running', startedAt, activity: 'Waiting for its lease.' });
  try {
    const report = await underLease(work, task, run);
    work.live.progress(agent, { status: 'done', endedAt: toTime(work.clock.now()), activity: report.summary });
    return { ok: true, report };
  } catch (error) {
    const cancelled = work.signal.aborted;
    const failure = errorName(error);
    work.live.progress(agent, {
      status: cancelled ? 'cancelled' : 'failed',
      endedAt: toTime(work.clock.now()),
      activity: cancelled ? 'Cancelled.' : `Failed: ${failure}.`,
    });
    work.signal.throwIfAborted();
    if (endsInvestigation(error)) throw error;
    return { ok: false, error, gap: `What the ${agent} was to find could not be established (${failure}).` };
  }
}

async function underLease<T>(
  work: Case,
  task: AnalystTask,
  run: (tools: AgentTools) => Promise<AgentReport<T>>,
): Promise<AgentReport<T>> {
  const { environment, signal } = work;
  const agent = AGENT_OF_TASK[task];
  const resources = resourcesOf(task, {
    account: environment.account,
    region: environment.region,
    map: environment.serviceMap,
  });
  signal.throwIfAborted();
  await askDispatch(work, task);
  await recordDispatch(work, task, resources);
  const lease = await work.broker.issue({
    environment,
    task,
    agent,
    incident: work.incident.id,
    investigation: work.id,
    resources,
    onBehalfOf: work.onBehalfOf,
  });
  const count = () => ({ calls: lease.calls(), refused: lease.refused() });
  const stopCounting = lease.onCall(() => work.live.progress(agent, count()));
  const shown = { id: lease.id, expiresAt: toTime(lease.expiresAt) };
  work.live.progress(agent, { lease: { ...shown, state: 'active' } });
  let finished = false;
  try {
    const report = await run(toolsFor(work, task, lease.clients));
    await submitFindings(work, task, report);
    finished = true;
    return report;
  } finally {
    const reason = finished ? 'task-finished' : signal.aborted ? 'cancelled' : 'task-failed';
    stopCounting();
    try {
      await work.broker.revoke(lease, reason);
    } finally {
      work.live.progress(agent, { ...count(), lease: { ...shown, state: shownState(lease.state()) } });
    }
  }
}

/** A lease that ended is never shown as active, also when its end could not be recorded. */
export function shownState(state: LeaseState): LeaseState {
  return state === 'active' ? 'revoked' : state;
}

export function toolsFor(work: Case, task: TaskKind, clients: AgentTools['clients']): AgentTools {
  const { environment, signal, clock } = work;
  const agent = AGENT_OF_TASK[task];
  return {
    clients,
    map: environment.serviceMap,
    account: environment.account,
    region: environment.region,
    window: work.window,
    signal,
    keep: (operation, answer) => {
      const { digest, bytes } = responseDigest(answer);
      const collectedAt = toTime(clock.now());
      work.book.put({ digest, operation, agent, bytes: bytes.byteLength, collectedAt }, bytes);
      return { digest, value: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
    },
    say: (activity) => work.live.progress(agent, { activity: activity.slice(0, 500) }),
    wait: (ms) => clock.sleep(ms, signal),
  };
}

/** Whether the orchestrator may send an agent to this task. @throws CausewayError `denied`, `audit-unavailable` */
export async function askDispatch(work: Case, task: TaskKind): Promise<void> {
  await work.guard(dispatchRequest({ dispatcher: 'orchestrator', agent: AGENT_OF_TASK[task], task }), {
    actor: agentActor('orchestrator'),
    onBehalfOf: work.onBehalfOf,
    links: linksOf(work),
  });
}

async function recordDispatch(work: Case, task: AnalystTask, resources: readonly string[]): Promise<void> {
  const { from, to, logsFrom } = work.window;
  await work.audit.append({
    action: 'investigation.agent_dispatched',
    outcome: 'success',
    actor: agentActor('orchestrator'),
    onBehalfOf: work.onBehalfOf,
    target: { type: 'investigation', id: work.id },
    links: linksOf(work),
    data: {
      agent: AGENT_OF_TASK[task],
      task,
      actions: [...TASK_ACTIONS[task]],
      resources: resources.slice(0, 64),
      argumentsDigest: canonicalDigest({ task, signal: work.incident.signal, from, to, logsFrom }).digest,
    },
  });
}

async function submitFindings<T>(work: Case, task: AnalystTask, report: AgentReport<T>): Promise<void> {
  const agent = AGENT_OF_TASK[task];
  const findings = toFindings(work, agent, report.findings).slice(0, MOST_FINDINGS);
  const cited = findings.flatMap(({ claim }) => claim.citations.map(({ digest }) => digest));
  await work.audit.append({
    action: 'investigation.findings_submitted',
    outcome: 'success',
    actor: agentActor(agent),
    onBehalfOf: work.onBehalfOf,
    target: { type: 'investigation', id: work.id },
    links: linksOf(work),
    data: {
      agent,
      findings: findings.length,
      findingsDigest: canonicalDigest(findings).digest,
      evidence: [...new Set(cited)].sort().slice(0, 500),
      summary: report.summary.slice(0, 1000),
    },
  });
  work.live.update({ findings: [...work.live.current.findings, ...findings].sort(byAgent) });
}

/** Agents finish in any order; findings are shown in one. */
function byAgent(a: { readonly agent: string }, b: { readonly agent: string }): number {
  return a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0;
}

/** What is not the cloud's doing: without a record nothing may happen, and a defect must not look like a gap. */
function endsInvestigation(error: unknown): boolean {
  if (!(error instanceof CausewayError)) return false;
  switch (error.code) {
    case 'audit-unavailable':
    case 'audit-broken':
    case 'disk-full':
    case 'read-only':
    case 'keychain-unavailable':
    case 'internal':
      return true;
    default:
      return false;
  }
}
