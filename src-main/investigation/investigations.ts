import { CausewayError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import type { CredentialBroker } from '../credentials/broker.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import type { WaitingClock } from '../platform/clock.ts';
import { unlessDamaged, type WorkspaceDb } from '../platform/workspace-db.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Guard } from '../policy/guard.ts';
import { METHOD } from './analysis/rank.ts';
import type { Case } from './case.ts';
import { agentActor, toTime } from './case.ts';
import { createEvidenceBook } from './evidence/evidence-book.ts';
import { notBegun, remediationOf } from './execution-record.ts';
import { followApproval } from './follow-approval.ts';
import { moveIncident, type StatusBook } from './incident-status.ts';
import { createLiveInvestigation } from './live-investigation.ts';
import { emptyInvestigation, windowOf } from './new-investigation.ts';
import { recordStart } from './orchestrator.ts';
import { createPlannedServices } from './planned-services.ts';
import { runInvestigation } from './run-investigation.ts';

export interface InvestigationsOptions {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly broker: CredentialBroker;
  readonly guard: Guard;
  readonly engine: Pick<PolicyEngine, 'version' | 'approvalRule' | 'decide'>;
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
  /** `by`: who cancels it; whoever it was done for, when nobody is named. */
  cancel(id: string, reason: 'user' | 'shutdown', by?: Actor): Promise<Investigation>;
  /** The state now: of a running one, what it has reached. */
  get(id: string): Investigation;
  settled(id: string): Promise<Investigation>;
  /**
   * Goes on after an approval: execution, check, status.
   * @throws CausewayError `conflict` when the console is closing, `not-found` when the environment is gone
   */
  followApproval(id: string, approval: string, onBehalfOf: Actor): void;
  /** Puts on record that an approval is not gone on with: nothing was sent, and a person is needed. */
  abandonApproval(id: string, approval: string, onBehalfOf: Actor, why: unknown): Promise<void>;
  /** A remediation whose state changed elsewhere (decided, expired). */
  noteRemediation(id: string, remediation: Remediation): void;
  readonly statusBook: StatusBook;
  /** Stops everything that runs and waits for it; nothing begins any more. */
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
  const closing = new CausewayError('cancelled', 'The console is closing.', { reason: 'shutdown' });
  let stopping = false;
  const planned = createPlannedServices(
    () => db.listUnfinished().map(({ id }) => get(id)),
    () => clock.now(),
  );
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
      guard: options.guard,
      environment,
      clock,
      incident,
      id,
      onBehalfOf,
      live,
      book,
      window,
      signal: abort.signal,
      cancelled: { by: null },
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
        if (running.get(work.id) === entry) running.delete(work.id);
      });
    const entry: Running = { work, abort, done };
    running.set(work.id, entry);
    if (stopping) abort.abort(closing); // it has begun on record: it ends there, too
  }

  async function start(incidentId: string, onBehalfOf: Actor): Promise<Investigation> {
    const incident = db.getIncident(incidentId);
    if (incident.status === 'resolved') {
      throw new CausewayError('conflict', `${incidentId} is resolved. If the signal is back, import its new alarm.`, {
        reason: 'resolved',
      });
    }
    const { investigation } = incident;
    const busy = investigation === null ? null : unlessDamaged(() => get(investigation));
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

  function demandOpen(): void {
    if (stopping)
      throw new CausewayError('conflict', 'The console is closing; nothing was begun.', { reason: 'closing' });
  }

  async function begin(incident: Incident, onBehalfOf: Actor): Promise<Investigation> {
    demandOpen();
    options.environment(incident.environment);
    const id = db.nextId('inv');
    const initial = emptyInvestigation(id, incident.id, toTime(clock.now()));
    const { work, abort } = open(incident, initial, onBehalfOf);
    await recordStart(work, METHOD);
    db.putInvestigation(initial);
    db.putIncident({ ...db.getIncident(incident.id), investigation: id });
    run(work, abort, () => runInvestigation(work, abort, { ...options, planned }, statusBook));
    options.publish(initial);
    return initial;
  }

  return {
    start,
    get,
    statusBook,
    cancel: async (id, reason, by) => {
      const found = running.get(id);
      const current = get(id);
      if (found === undefined || current.status !== 'running') {
        throw new CausewayError('conflict', `${id} is not running any more.`, { reason: 'not-running' });
      }
      found.work.cancelled.by = by ?? null;
      found.abort.abort(new CausewayError('cancelled', 'The investigation was cancelled.', { reason }));
      await found.done;
      return get(id);
    },
    settled: async (id) => {
      while (running.has(id)) await running.get(id)?.done;
      return get(id);
    },
    followApproval: (id, approval, onBehalfOf) => {
      demandOpen();
      const investigation = get(id);
      const incident = db.getIncident(investigation.incident);
      const { work, abort } = open(incident, investigation, onBehalfOf);
      run(work, abort, () => followApproval({ ...work, openEvidence: openEvidence(db) }, approval, statusBook));
    },
    abandonApproval: async (id, approval, onBehalfOf, why) => {
      const investigation = get(id);
      const remediation = remediationOf(investigation);
      const reason = why instanceof CausewayError ? why.message : 'What follows an approval could not be begun.';
      const { incident } = investigation;
      await audit.append(notBegun(investigation, remediation, approval, onBehalfOf, reason));
      noteRemediation(id, { ...remediation, status: 'failed', failure: reason.slice(0, 1000) });
      await moveIncident(statusBook, incident, 'needs-attention', {
        actor: agentActor('orchestrator'),
        reason: `${remediation.id} was not carried out.`,
        investigation: id,
      });
    },
    noteRemediation,
    stopAll: async () => {
      stopping = true;
      for (const { abort } of running.values()) abort.abort(closing);
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };

  function noteRemediation(id: string, remediation: Remediation): void {
    const current = running.get(id)?.work.live;
    if (current !== undefined) current.update({ remediation });
    else {
      const next = { ...db.getInvestigation(id), remediation };
      db.putInvestigation(next);
      options.publish(next);
    }
  }
}

/** One that is kept as running but does not run could not be ended when the disk failed; it may be followed by another. */
function isUnfinished(investigation: Investigation, isRunning: boolean): boolean {
  return isRunning || investigation.remediation?.status === 'proposed';
}

function openEvidence(db: WorkspaceDb): (digest: string) => unknown {
  return (digest) => JSON.parse(new TextDecoder().decode(db.readEvidence(digest).content)) as unknown;
}
