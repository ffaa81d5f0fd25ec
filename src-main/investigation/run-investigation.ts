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
import type { PlannedServices } from './planned-services.ts';
import { proposePlan } from './propose.ts';
import { choosePlan, type PlanChoice } from './remediation/choose-plan.ts';
import { tryEach } from './try-each.ts';

/** An investigation that takes longer than this is stopped: a person is waiting. */
const LONGEST = 5 * 60_000;

export interface RunOptions {
  readonly broker: Pick<CredentialBroker, 'revokeAll'>;
  readonly guard: Guard;
  readonly engine: Pick<PolicyEngine, 'version' | 'approvalRule' | 'decide'>;
  readonly db: Pick<WorkspaceDb, 'nextId'>;
  readonly planned: PlannedServices;
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
  let completed = false;
  const orchestrator = agentActor('orchestrator');
  const move = (to: Incident['status'], reason: string) =>
    moveIncident(statusBook, work.incident.id, to, { actor: orchestrator, reason, investigation: work.id });
  try {
    await move('investigating', `${work.id} started.`);
    const { ranking, inspection, investigation } = await investigate(work);
    const services = new Map(inspection.services.map((service) => [service.service, service]));
    const [top] = investigation.hypotheses;
    const chosen: PlanChoice =
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
    const choice = chosen.plan === null ? chosen : options.planned.claim(work.id, chosen.plan);
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
    completed = true;
    const { needed } = work.live.current;
    const end = {
      status: 'completed' as const,
      endedAt: toTime(work.clock.now()),
      remediation,
      needed: choice.plan === null ? [choice.why, ...needed].slice(0, 16) : needed,
    };
    let kept = false;
    const next = () =>
      kept && remediation !== null
        ? move('awaiting-approval', `${remediation.id} waits for a decision.`)
        : move('needs-attention', kept ? (choice.why ?? 'No action is proposed.') : `${work.id} could not be kept.`);
    await tryEach([
      () => {
        work.live.update(end);
        kept = true;
      },
      // A proposal that waits while its incident seems to be investigated would be overlooked: this is tried twice.
      () =>
        next().catch((error: unknown) => {
          options.onError(error);
          return next();
        }),
    ]);
  } catch (error) {
    clearTimeout(timer);
    // Completed is on record: whatever failed after that, it has not become a failure.
    if (!completed) await endUnfinished(work, error, elapsed(), move);
    if (completed || !work.signal.aborted) options.onError(error);
  } finally {
    clearTimeout(timer);
    options.planned.release(work.id);
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
            actor: reason === 'user' ? (work.cancelled.by ?? work.onBehalfOf) : { type: 'system', id: 'console' },
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
