import { CausewayError } from '#shared/errors.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { AGENT_OF_TASK } from '#shared/model/task.ts';
import type { Made } from './agents/remediator.ts';
import { type ApprovedWork, type ExecutionState, executeApproved, startExecution } from './carry-out.ts';
import { agentActor, toTime } from './case.ts';
import { recordExecution, remediationOf } from './execution-record.ts';
import { moveIncident, type StatusBook } from './incident-status.ts';
import { type Checked, checkOutcome, recordOutcome, toResult } from './post-check.ts';
import { tryEach } from './try-each.ts';

/**
 * What follows an approval: the plan is carried out, the incident's own metric is read again after the time the plan
 * names, and the incident is resolved or handed to a person. Every end is on record; leases end with their task.
 */
export async function followApproval(work: ApprovedWork, approval: string, statusBook: StatusBook): Promise<void> {
  const { live } = work;
  const move = (to: Incident['status'], reason: string) =>
    moveIncident(statusBook, work.incident.id, to, {
      actor: agentActor('orchestrator'),
      reason,
      investigation: work.id,
    });
  const set = (change: Partial<Remediation>) =>
    remediationOf(live.update({ remediation: { ...remediationOf(live.current), ...change } }));
  const state = startExecution();
  let verified = false;
  try {
    showRemediator(work);
    let remediation = set({ status: 'executing' });
    await move('remediating', `${remediation.id} was approved.`);
    const execution = await executeApproved(work, remediation, approval, state);
    if (execution.ok) {
      remediation = set({ status: 'executed' });
      if (execution.difference !== null) await move('needs-attention', `${remediation.id}: ${execution.difference}`);
    } else {
      remediation = set({ status: 'failed', failure: execution.failure.slice(0, 1000) });
      await move('needs-attention', describeFailed(remediation.id, execution.made));
      if (execution.made === 'no') return;
    }
    // Also of a change that may have been made it is worth knowing what came of it.
    const checked = await waitAndCheck(work, remediation, execution.at);
    await recordOutcome(work, remediation, checked, approval);
    verified = true;
    const { verdict } = checked.recovery;
    const finish = async () => {
      if (!execution.ok || execution.difference !== null) return; // it stays with a person, whatever the signal does
      if (verdict === 'recovered') await move('resolved', `${work.incident.signal.metric} is back in its usual range.`);
      else await move('needs-attention', `After ${remediation.id} the signal is ${verdict}.`);
    };
    await tryEach([
      () => live.update({ evidence: [...work.book.list()].slice(0, 500) }),
      () => set({ ...(execution.ok ? { status: 'verified' } : {}), result: toResult(checked) }),
      () => finish().catch(finish), // an incident left as being remediated would be overlooked: this is tried twice
    ]);
  } catch (error) {
    if (verified) throw error; // the outcome is on record, and it stands
    await endInDoubt(work, approval, state, error, set, move).catch((cause: unknown) => {
      throw new AggregateError([error, cause], 'a remediation failed, and so did putting that on record');
    });
    throw error;
  } finally {
    await work.broker.revokeAll({ investigation: work.id }, 'investigation-ended');
  }
}

function describeFailed(remediation: string, made: Made): string {
  if (made === 'no') return `${remediation} could not be carried out.`;
  if (made === 'yes') return `${remediation} was carried out in part.`;
  return `Whether ${remediation} was carried out is not known.`;
}

/** Puts what is known where people see it: on record, with the investigation and in the incident's status. */
async function endInDoubt(
  work: ApprovedWork,
  approval: string,
  state: ExecutionState,
  error: unknown,
  set: (change: Partial<Remediation>) => Remediation,
  move: (to: Incident['status'], reason: string) => Promise<Incident>,
): Promise<void> {
  const why = error instanceof CausewayError ? error.message : 'What came of the remediation could not be established.';
  const current = remediationOf(work.live.current);
  const done = current.failure ?? state.why ?? (state.made === 'no' ? null : WHAT_WAS_DONE[state.made]);
  const failure = [done, why]
    .filter((text) => text !== null)
    .join(' ')
    .slice(0, 1000);
  const carriedOut = state.made === 'yes' && current.failure === null && state.step === 0;
  const reason = carriedOut
    ? 'The outcome of the remediation could not be checked.'
    : describeFailed(current.id, state.made);
  await tryEach([
    // Carried out but not checked is not the same as not carried out.
    () => set({ status: carriedOut ? 'executed' : 'failed', failure }),
    () =>
      state.onRecord
        ? undefined
        : recordExecution(work, current, approval, 'remediation.execution_failed', {
            planDigest: current.planDigest,
            failedStep: state.made === 'no' ? 0 : Math.max(1, state.step, state.calls.length),
            reason: failure,
            steps: state.calls.slice(0, 16),
            elapsedMs: 0,
          }),
    () => move('needs-attention', reason),
  ]);
}

const WHAT_WAS_DONE = {
  yes: 'The change was made. What came of it could not be established.',
  unknown: 'The change may have been made.',
} as const;

/** The remediator joins the agents shown. */
function showRemediator(work: ApprovedWork): void {
  const agent = AGENT_OF_TASK.remediation;
  const others = work.live.current.agents.filter((run) => run.agent !== agent);
  work.live.update({
    agents: [
      ...others,
      {
        agent,
        task: 'remediation',
        status: 'running',
        calls: 0,
        refused: 0,
        lease: null,
        activity: 'Waiting for its lease.',
        startedAt: toTime(work.clock.now()),
        endedAt: null,
      },
    ],
  });
}

async function waitAndCheck(work: ApprovedWork, remediation: Remediation, executedAt: number): Promise<Checked> {
  const { clock } = work.environment;
  await clock.sleep(remediation.plan.postCheck.waitMs, work.signal);
  const to = Math.floor(clock.now() / 60_000) * 60_000;
  return checkOutcome({ ...work, window: { ...work.window, to } }, remediation, executedAt);
}
