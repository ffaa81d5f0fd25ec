import { CausewayError } from '#shared/errors.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { errorName } from '../platform/aws-calls.ts';
import { askDispatch, shownState, toolsFor } from './agent-task.ts';
import { type CarriedOut, carryOut, type Made, StepFailed } from './agents/remediator.ts';
import { type Case, toTime } from './case.ts';
import { recordExecution, type StepCall, toStepCall } from './execution-record.ts';
import { shortName } from './inspection.ts';
import { demandFitting } from './stale-plan.ts';

export interface ApprovedWork extends Case {
  readonly openEvidence: (digest: string) => unknown;
}

/** What is known of an execution while it runs, also when it ends in an error. */
export interface ExecutionState {
  /** Whether anything was changed in the cloud. */
  made: Made;
  /** Whether its end is on record. */
  onRecord: boolean;
  /** The step that failed, from 1; 0 as long as nothing was sent. */
  step: number;
  /** What is known of that step, for people. */
  why: string | null;
  readonly calls: StepCall[];
}

export type Execution =
  /** `at`: when it was carried out, by the environment's clock. `difference`: what was replaced that the plan did not name. */
  | { readonly ok: true; readonly at: number; readonly difference: string | null }
  | { readonly ok: false; readonly made: Made; readonly at: number; readonly failure: string };

export function startExecution(): ExecutionState {
  return { made: 'no', onRecord: false, step: 0, why: null, calls: [] };
}

/**
 * Carries out an approved plan: a look whether it still fits, write lease against the approval record, the plan's steps,
 * record, lease revoked. What fails at the cloud or at the broker comes back as a failed execution, on record; a failing
 * audit trail throws, and `state` then tells what had been reached.
 */
export async function executeApproved(
  work: ApprovedWork,
  remediation: Remediation,
  approval: string,
  state: ExecutionState,
): Promise<Execution> {
  const started = work.clock.now();
  const elapsed = () => Math.max(0, work.clock.now() - started);
  const putOnRecord = async () => {
    const steps = state.calls.slice(0, 16);
    const { planDigest } = remediation;
    const data = { planDigest, steps, elapsedMs: elapsed() };
    await recordExecution(work, remediation, approval, 'remediation.executed', data);
    state.onRecord = true;
  };
  let fitting: ReadonlySet<string> = new Set();
  const reached: { done: CarriedOut | null } = { done: null };
  try {
    await askDispatch(work, 'remediation');
    fitting = await demandFitting(work, remediation.plan);
    work.signal.throwIfAborted();
    await underWriteLease(work, remediation, approval, state, async (done) => {
      reached.done = done;
      await putOnRecord();
    });
  } catch (error) {
    if (reached.done === null) return fail(work, remediation, approval, state, error, elapsed());
    // Carried out. Its record is tried once more; a lease whose end is not on record is ended again with the investigation.
    if (!state.onRecord) await putOnRecord();
  }
  return { ok: true, at: work.environment.clock.now(), difference: describeDifference(reached.done, fitting) };
}

async function fail(
  work: ApprovedWork,
  remediation: Remediation,
  approval: string,
  state: ExecutionState,
  error: unknown,
  elapsedMs: number,
): Promise<Execution> {
  const { step } = state;
  const why = state.why ?? describeRefusal(error);
  await recordExecution(work, remediation, approval, 'remediation.execution_failed', {
    planDigest: remediation.planDigest,
    failedStep: step,
    reason: why.slice(0, 1000),
    steps: state.calls.slice(0, 16),
    elapsedMs,
  });
  state.onRecord = true;
  work.live.progress('remediator', { status: 'failed', activity: 'The plan was not carried out in full.' });
  const failure = step === 0 ? why : `Step ${step} failed. ${why}`;
  return { ok: false, made: state.made, at: work.environment.clock.now(), failure };
}

const NOTHING_CHANGED = 'Nothing was changed.';

/** Why nothing was sent. */
function describeRefusal(error: unknown): string {
  const why = error instanceof CausewayError ? error.message : `Execution could not begin (${errorName(error)}).`;
  return why.includes(NOTHING_CHANGED) ? why : `${why} ${NOTHING_CHANGED}`;
}

function describeDifference(done: CarriedOut | null, fitting: ReadonlySet<string>): string | null {
  const other = (done?.replaced ?? []).filter((arn) => !fitting.has(arn));
  if (other.length === 0) return null;
  return `${[...new Set(other.map(shortName))].join(', ').slice(0, 600)} was replaced, too, which ran only after the plan had been compared.`;
}

async function underWriteLease(
  work: ApprovedWork,
  remediation: Remediation,
  approval: string,
  state: ExecutionState,
  onCarriedOut: (done: CarriedOut) => Promise<void>,
): Promise<void> {
  const { plan } = remediation;
  const { calls } = state;
  const lease = await work.broker.issue({
    environment: work.environment,
    task: 'remediation',
    agent: 'remediator',
    incident: work.incident.id,
    investigation: work.id,
    resources: plan.credentials.resources,
    onBehalfOf: work.onBehalfOf,
    approval: { hash: approval, remediation: remediation.id },
  });
  const shown = { id: lease.id, expiresAt: toTime(lease.expiresAt) };
  const count = () => ({ calls: lease.calls(), refused: lease.refused() });
  work.live.progress('remediator', { lease: { ...shown, state: 'active' } });
  const stop = lease.onCall((call) => {
    calls.push(toStepCall(call));
    work.live.progress('remediator', count());
  });
  let done = false;
  try {
    const tools = toolsFor(work, 'remediation', lease.clients);
    const carriedOut = await carryOut(plan, {
      clients: lease.clients,
      openEvidence: work.openEvidence,
      keep: (operation, answer) => tools.keep(operation, answer).value,
      say: tools.say,
      sent: lease.calls,
      signal: work.signal,
    });
    state.made = 'yes';
    done = true;
    await onCarriedOut(carriedOut);
  } catch (error) {
    if (error instanceof StepFailed) {
      // Noted before anything else can fail: what is known of a change must not be lost with the error.
      state.step = error.step;
      state.made = error.step > 1 ? 'yes' : error.made;
      state.why = error.message;
    }
    throw error;
  } finally {
    stop();
    try {
      await work.broker.revoke(lease, done ? 'task-finished' : 'task-failed');
    } finally {
      work.live.progress('remediator', {
        ...count(),
        lease: { ...shown, state: shownState(lease.state()) },
        status: done ? 'done' : 'failed',
        activity: done
          ? `${calls.length === 1 ? 'The one step' : `All ${calls.length} steps`} of the plan carried out.`
          : 'The plan was not carried out in full.',
        endedAt: toTime(work.clock.now()),
      });
    }
  }
}
