import { CausewayError } from '#shared/errors.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { AGENT_OF_TASK } from '#shared/model/task.ts';
import { type ApprovedWork, executeApproved, remediationOf } from './carry-out.ts';
import { agentActor, toTime } from './case.ts';
import { moveIncident, type StatusBook } from './incident-status.ts';
import { type Checked, checkOutcome, recordOutcome, toResult } from './post-check.ts';

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
  try {
    showRemediator(work);
    let remediation = set({ status: 'executing' });
    await move('remediating', `${remediation.id} was approved.`);
    const execution = await executeApproved(work, remediation, approval);
    if (!execution.ok) {
      set({ status: 'failed', failure: execution.failure.slice(0, 1000) });
      await move('needs-attention', `${remediation.id} could not be carried out.`);
      return;
    }
    remediation = set({ status: 'executed' });
    const checked = await waitAndCheck(work, remediation, execution.at);
    await recordOutcome(work, remediation, checked, approval);
    const { verdict } = checked.recovery;
    live.update({ evidence: [...work.book.list()].slice(0, 500) });
    set({ status: 'verified', result: toResult(checked) });
    if (verdict === 'recovered') await move('resolved', `${work.incident.signal.metric} is back in its usual range.`);
    else await move('needs-attention', `After ${remediation.id} the signal is ${verdict}.`);
  } catch (error) {
    const failure =
      error instanceof CausewayError ? error.message : 'What came of the remediation could not be established.';
    const { status } = remediationOf(live.current);
    // Carried out but not checked is not the same as not carried out.
    set({ status: status === 'executed' ? 'executed' : 'failed', failure: failure.slice(0, 1000) });
    await move('needs-attention', 'The outcome of the remediation could not be checked.');
    throw error;
  } finally {
    await work.broker.revokeAll({ investigation: work.id }, 'investigation-ended');
  }
}

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
