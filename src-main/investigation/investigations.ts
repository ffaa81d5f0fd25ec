import { CausewayError, describeError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { AgentRun, Investigation, Remediation } from '#shared/model/investigation.ts';
import { AGENT_OF_TASK } from '#shared/model/task.ts';
import type { AuditStore } from '../audit/store.ts';
import type { CredentialBroker } from '../credentials/broker.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import type { WaitingClock } from '../platform/clock.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Guard } from '../policy/guard.ts';
import type { TelemetryWindow } from './agents/agent.ts';
import { METHOD } from './analysis/rank.ts';
import type { Case } from './case.ts';
import { agentActor, linksOf, toTime } from './case.ts';
import { createEvidenceBook } from './evidence/evidence-book.ts';
import { followApproval } from './follow-approval.ts';
import { moveIncident, type StatusBook } from './incident-status.ts';
import { createLiveInvestigation } from './live-investigation.ts';
import { investigate, recordStart } from './orchestrator.ts';
import { proposePlan } from './propose.ts';
import { choosePlan } from './remediation/choose-plan.ts';

const HOUR = 3_600_000;
const LOOKBACK = 72 * HOUR;
const LOG_LOOKBACK = 6 * HOUR;
/** An investigation that takes longer than this is stopped: a person is waiting. */
const LONGEST = 5 * 60_000;
const ANALYSTS = ['metric-analysis', 'log-analysis', 'infrastructure-inspection'] as const;

export interface InvestigationsOptions {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly broker: CredentialBroker;
  readonly guard: Guard;
  readonly engine: Pick<PolicyEngine, 'version' | 'approvalRule'>;
  readonly db: WorkspaceDb;
  readonly clock: WaitingClock;
  readonly environment: (id: string) => CloudEnvironment;
  readonly publishIncident: (incident: Incident) => void;
  readonly publish: (investigation: Investigation) => void;
  /** What went wrong behind a failure, for the log. */
  readonly onError: (error: unknown) => void;
}

export interface Investigations {
  start(incident: string, onBehalfOf: Actor): Promise<Investigation>;
  cancel(id: string, reason: 'user' | 'shutdown'): Promise<Investigation>;
  /** The state now: of a running one, what it has reached. */
  get(id: string): Investigation;
  settled(id: string): Promise<Investigation>;
  /** Goes on after an approval: execution, check, status. */
  followApproval(id: string, approval: string, onBehalfOf: Actor): void;
  /** A remediation whose state changed elsewhere (decided, expired). */
  noteRemediation(id: string, remediation: Remediation): void;
  readonly statusBook: StatusBook;
  /** Stops everything that runs and waits for it. */
  stopAll(): Promise<void>;
}

interface Running {
  readonly work: Case;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Everything that is investigated: what runs lives here, what has ended is read from the workspace. */
export function createInvestigations(options: InvestigationsOptions): Investigations {
  const { db, clock, audit } = options;
  const running = new Map<string, Running>();
  const starting = new Set<string>();
  const statusBook: StatusBook = {
    audit,
    read: (id) => db.getIncident(id),
    save: (incident) => db.putIncident(incident),
    publish: options.publishIncident,
  };
  const get = (id: string) => running.get(id)?.work.live.current ?? db.getInvestigation(id);

  function open(incident: Incident, initial: Investigation, onBehalfOf: Actor): { work: Case; abort: AbortController } {
    const environment = options.environment(incident.environment);
    const abort = new AbortController();
    const live = createLiveInvestigation(initial, {
      save: (investigation) => db.putInvestigation(investigation),
      publish: options.publish,
    });
    const book = createEvidenceBook(db, initial.evidence);
    const { broker } = options;
    const window = windowOf(incident, environment.clock.now());
    const { id } = initial;
    const work = {
      audit,
      broker,
      environment,
      clock,
      incident,
      id,
      onBehalfOf,
      live,
      book,
      window,
      signal: abort.signal,
    };
    return { work, abort };
  }

  /** Lets work run in the background. Whatever it throws has been recorded by then, or could not be: it goes to the log. */
  function run(work: Case, abort: AbortController, task: () => Promise<void>): void {
    const done = task()
      .catch(options.onError)
      .finally(() => {
        work.live.release();
        work.book.release();
        running.delete(work.id);
      });
    running.set(work.id, { work, abort, done });
  }

  async function start(incidentId: string, onBehalfOf: Actor): Promise<Investigation> {
    const incident = db.getIncident(incidentId);
    const busy = incident.investigation === null ? null : get(incident.investigation);
    if (starting.has(incidentId)) {
      throw new CausewayError('conflict', `An investigation of ${incidentId} is just being started.`, {
        reason: 'investigating',
      });
    }
    if (busy !== null && isUnfinished(busy, running.has(busy.id))) {
      throw new CausewayError('conflict', `${incident.id} is already being handled by ${busy.id}.`, {
        reason: 'investigating',
      });
    }
    starting.add(incidentId);
    try {
      return await begin(incident, onBehalfOf);
    } finally {
      starting.delete(incidentId);
    }
  }

  async function begin(incident: Incident, onBehalfOf: Actor): Promise<Investigation> {
    options.environment(incident.environment);
    const id = db.nextId('inv');
    const initial = emptyInvestigation(id, incident.id, toTime(clock.now()));
    const { work, abort } = open(incident, initial, onBehalfOf);
    await recordStart(work, METHOD);
    db.putInvestigation(initial);
    db.putIncident({ ...db.getIncident(incident.id), investigation: id });
    run(work, abort, () => runInvestigation(work, abort, options, statusBook));
    options.publish(initial);
    return initial;
  }

  return {
    start,
    get,
    statusBook,
    cancel: async (id, reason) => {
      const found = running.get(id);
      const current = get(id);
      if (found === undefined || current.status !== 'running') {
        throw new CausewayError('conflict', `${id} is not running any more.`, { reason: 'not-running' });
      }
      found.abort.abort(new CausewayError('cancelled', 'The investigation was cancelled.', { reason }));
      await found.done;
      return get(id);
    },
    settled: async (id) => {
      while (running.has(id)) await running.get(id)?.done;
      return get(id);
    },
    followApproval: (id, approval, onBehalfOf) => {
      const investigation = get(id);
      const incident = db.getIncident(investigation.incident);
      const { work, abort } = open(incident, investigation, onBehalfOf);
      run(work, abort, () => followApproval({ ...work, openEvidence: openEvidence(db) }, approval, statusBook));
    },
    noteRemediation: (id, remediation) => {
      const current = running.get(id)?.work.live;
      if (current !== undefined) current.update({ remediation });
      else {
        const next = { ...db.getInvestigation(id), remediation };
        db.putInvestigation(next);
        options.publish(next);
      }
    },
    stopAll: async () => {
      const reason = new CausewayError('cancelled', 'The console is closing.', { reason: 'shutdown' });
      for (const { abort } of running.values()) abort.abort(reason);
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
}

function isUnfinished(investigation: Investigation, isRunning: boolean): boolean {
  return isRunning || investigation.status === 'running' || investigation.remediation?.status === 'proposed';
}

function openEvidence(db: WorkspaceDb): (digest: string) => unknown {
  return (digest) => JSON.parse(new TextDecoder().decode(db.readEvidence(digest).content)) as unknown;
}

/** Three days back from the incident, in whole minutes, up to what the environment's clock has reached. */
export function windowOf(incident: Incident, now: number): TelemetryWindow {
  const startedAt = Date.parse(incident.startedAt);
  const minute = (time: number) => Math.floor(time / 60_000) * 60_000;
  const to = Math.max(minute(now), minute(startedAt) + 60_000);
  return { from: minute(startedAt) - LOOKBACK, to, logsFrom: minute(startedAt) - LOG_LOOKBACK };
}

function emptyInvestigation(id: string, incident: string, startedAt: string): Investigation {
  const waiting = (task: AgentRun['task']): AgentRun => ({
    agent: AGENT_OF_TASK[task],
    task,
    status: 'waiting',
    calls: 0,
    refused: 0,
    lease: null,
    activity: '',
    startedAt: null,
    endedAt: null,
  });
  return {
    id,
    incident,
    status: 'running',
    startedAt,
    endedAt: null,
    agents: ANALYSTS.map(waiting),
    findings: [],
    hypotheses: [],
    considered: 0,
    abstained: false,
    needed: [],
    method: null,
    evidence: [],
    remediation: null,
    failure: null,
  };
}

/** From the first agent to a proposal, an abstention, or the record of why there is neither. */
async function runInvestigation(
  work: Case,
  abort: AbortController,
  options: InvestigationsOptions,
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
  if (cancelled) {
    const reason = error.reason ?? 'user';
    work.live.update({ status: 'cancelled', endedAt, agents, evidence: [...work.book.list()].slice(0, 500) });
    await work.audit.append({
      action: 'investigation.cancelled',
      outcome: 'success',
      actor: reason === 'user' ? work.onBehalfOf : { type: 'system', id: 'console' },
      ...common,
      data: { reason, elapsedMs },
    });
    await move('open', `${work.id} was cancelled.`);
    return;
  }
  const failure = error instanceof CausewayError ? error.message : `The investigation failed: ${describeError(error)}`;
  const code = error instanceof CausewayError ? (error.reason ?? error.code) : 'internal';
  work.live.update({ status: 'failed', endedAt, agents, failure: failure.slice(0, 1000) });
  await work.audit.append({
    action: 'investigation.failed',
    outcome: 'failure',
    actor: agentActor('orchestrator'),
    ...common,
    data: { code: code.slice(0, 64), reason: failure.slice(0, 1000), elapsedMs },
  });
  await move('needs-attention', `${work.id} failed.`);
}
