import { CausewayError, describeError } from '#shared/errors.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import type { CredentialBroker } from '../credentials/broker.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Guard } from '../policy/guard.ts';
import { agentActor, type Case, linksOf, toTime } from './case.ts';
import { moveIncident, type StatusBook } from './incident-status.ts';
import { investigate } from './orchestrator.ts';
import { proposePlan } from './propose.ts';
import { choosePlan } from './remediation/choose-plan.ts';

/** An investigation that takes longer than this is stopped: a person is waiting. */
const LONGEST = 5 * 60_000;

export interface RunOptions {
  readonly broker: Pick<CredentialBroker, 'revokeAll'>;
  readonly guard: Guard;
  readonly engine: Pick<PolicyEngine, 'version' | 'approvalRule'>;
  readonly db: Pick<WorkspaceDb, 'nextId'>;
  readonly onError: (error: unknown) => void;
}

/** From the first agent to a proposal, an abstention, or the record of why there is neither. */
export async function runInvestigation(
  work: Case,
  abort: AbortController,
  options: RunOptions,
  statusBook: StatusBook,
): Promise<void> {
  const started = work.clock.now();
  const elapsed = () => Math.max(0, work.clock.now() - started);
  const timer = setTimeout(() => {
    abort.abort(
      new CausewayError('internal', 'The investigation took longer than five minutes.', { reason: 'timeout' }),
    );
  }, LONGEST);
  const orchestrator = agentActor('orchestrator');
  const move = (to: Incident['status'], reason: string) =>
    moveIncident(statusBook, work.incident.id, to, { actor: orchestrator, reason, investigation: work.id });
  try {
    await move('investigating', `${work.id} started.`);
    const { ranking, inspection, investigation } = await investigate(work);
    const services = new Map(inspection.services.map((service) => [service.service, service]));
    const [top] = investigation.hypotheses;
    const choice =
      top === undefined
        ? { plan: null, why: 'No action is proposed, because no cause could be named.' }
        : choosePlan(ranking, services, {
            remediation: options.db.nextId('rem'),
            investigation: work.id,
            hypothesis: top.id,
            incident: work.incident,
            account: work.environment.account,
            region: work.environment.region,
            map: work.environment.serviceMap,
            evidence: evidenceOf(investigation),
          });
    work.signal.throwIfAborted();
    clearTimeout(timer);
    const remediation = choice.plan === null ? null : await proposePlan(work, choice.plan, options);
    const result = remediation !== null ? 'proposed' : ranking.abstained ? 'abstained' : 'no-action';
    await work.audit.append({
      action: 'investigation.completed',
      outcome: 'success',
      actor: orchestrator,
      onBehalfOf: work.onBehalfOf,
      target: { type: 'investigation', id: work.id },
      links: linksOf(work),
      data: { result, systemCalls: countCalls(work), elapsedMs: elapsed() },
    });
    work.live.update({
      status: 'completed',
      endedAt: toTime(work.clock.now()),
      remediation,
      needed: choice.plan === null ? [choice.why, ...work.live.current.needed].slice(0, 16) : work.live.current.needed,
    });
    if (remediation !== null) await move('awaiting-approval', `${remediation.id} waits for a decision.`);
    else await move('needs-attention', choice.why ?? 'No action is proposed.');
  } catch (error) {
    clearTimeout(timer);
    await endUnfinished(work, error, elapsed(), move);
    if (!work.signal.aborted) options.onError(error);
  } finally {
    clearTimeout(timer);
    await options.broker.revokeAll({ investigation: work.id }, 'investigation-ended');
  }
}

function evidenceOf(investigation: Investigation): readonly string[] {
  const claims = investigation.hypotheses[0]?.for ?? [];
  return [...new Set(claims.flatMap((claim) => claim.citations.map(({ digest }) => digest)))].slice(0, 60);
}

function countCalls(work: Case): number {
  return work.live.current.agents.reduce((sum, agent) => sum + agent.calls, 0);
}

/** Puts the end of an investigation that did not complete on record, and the incident where a person sees it. */
async function endUnfinished(
  work: Case,
  error: unknown,
  elapsedMs: number,
  move: (to: Incident['status'], reason: string) => Promise<Incident>,
): Promise<void> {
  const cancelled = error instanceof CausewayError && error.code === 'cancelled' && work.signal.aborted;
  const endedAt = toTime(work.clock.now());
  const agents = work.live.current.agents.map((agent) =>
    agent.status === 'waiting' || agent.status === 'running'
      ? { ...agent, status: 'cancelled' as const, endedAt }
      : agent,
  );
  const common = {
    onBehalfOf: work.onBehalfOf,
    target: { type: 'investigation', id: work.id },
    links: linksOf(work),
  };
  const failure = error instanceof CausewayError ? error.message : `The investigation failed: ${describeError(error)}`;
  const reason = error instanceof CausewayError ? (error.reason ?? error.code) : 'internal';
  const evidence = [...work.book.list()].slice(0, 500);
  const steps = cancelled
    ? [
        () => work.live.end({ status: 'cancelled', endedAt, agents, evidence }),
        () =>
          work.audit.append({
            action: 'investigation.cancelled',
            outcome: 'success',
            actor: reason === 'user' ? work.onBehalfOf : { type: 'system', id: 'console' },
            ...common,
            data: { reason, elapsedMs },
          }),
        () => move('open', `${work.id} was cancelled.`),
      ]
    : [
        () => work.live.end({ status: 'failed', endedAt, agents, evidence, failure: failure.slice(0, 1000) }),
        () =>
          work.audit.append({
            action: 'investigation.failed',
            outcome: 'failure',
            actor: agentActor('orchestrator'),
            ...common,
            data: { code: reason.slice(0, 64), reason: failure.slice(0, 1000), elapsedMs },
          }),
        () => move('needs-attention', `${work.id} failed.`),
      ];
  await tryEach(steps);
}

/** Each step is tried, whatever became of those before; the first failure is thrown at the end. */
async function tryEach(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
