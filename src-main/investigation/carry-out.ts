import { CausewayError } from '#shared/errors.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { RecordedCall } from '../credentials/call-recorder.ts';
import { errorName } from '../platform/aws-calls.ts';
import { shownState, toolsFor } from './agent-task.ts';
import { carryOut, StepFailed } from './agents/remediator.ts';
import { agentActor, type Case, linksOf, toTime } from './case.ts';

type StepCall = AuditData<'remediation.executed'>['steps'][number];

export interface ApprovedWork extends Case {
  readonly openEvidence: (digest: string) => unknown;
}

export type Execution =
  /** `at`: when it was carried out, by the environment's clock. */
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly error: unknown; readonly failure: string };

/**
 * Carries out an approved plan: write lease against the approval record, the plan's steps, record, lease revoked.
 * What fails at the cloud or at the broker comes back as a failed execution, on record; a failing audit trail throws.
 */
export async function executeApproved(
  work: ApprovedWork,
  remediation: Remediation,
  approval: string,
): Promise<Execution> {
  const started = work.clock.now();
  const calls: StepCall[] = [];
  const done = { onRecord: false };
  try {
    await underWriteLease(work, remediation, approval, calls, done);
  } catch (error) {
    if (done.onRecord) throw error; // carried out and recorded; what failed came after
    const step = error instanceof StepFailed ? error.step : 0;
    const cause = error instanceof StepFailed ? error.cause : error;
    const why = cause instanceof CausewayError ? cause.message : `The cloud refused: ${errorName(cause)}.`;
    await record(work, remediation, approval, 'remediation.execution_failed', 'failure', {
      planDigest: remediation.planDigest,
      failedStep: step,
      reason: why.slice(0, 1000),
      steps: calls,
      elapsedMs: Math.max(0, work.clock.now() - started),
    });
    work.live.progress('remediator', { status: 'failed', activity: 'The plan was not carried out in full.' });
    return { ok: false, error: cause, failure: step === 0 ? why : `Step ${step} failed. ${why}` };
  }
  return { ok: true, at: work.environment.clock.now() };
}

async function underWriteLease(
  work: ApprovedWork,
  remediation: Remediation,
  approval: string,
  calls: StepCall[],
  done: { onRecord: boolean },
): Promise<void> {
  const { plan } = remediation;
  const started = work.clock.now();
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
  try {
    const tools = toolsFor(work, 'remediation', lease.clients);
    await carryOut(plan, {
      clients: lease.clients,
      openEvidence: work.openEvidence,
      keep: (operation, answer) => tools.keep(operation, answer).value,
      say: tools.say,
    });
    await record(work, remediation, approval, 'remediation.executed', 'success', {
      planDigest: remediation.planDigest,
      steps: calls.slice(0, 16),
      elapsedMs: Math.max(0, work.clock.now() - started),
    });
    done.onRecord = true;
  } finally {
    stop();
    try {
      await work.broker.revoke(lease, done.onRecord ? 'task-finished' : 'task-failed');
    } finally {
      work.live.progress('remediator', {
        ...count(),
        lease: { ...shown, state: shownState(lease.state()) },
        status: done.onRecord ? 'done' : 'failed',
        activity: done.onRecord
          ? `${calls.length === 1 ? 'The one step' : `All ${calls.length} steps`} of the plan carried out.`
          : 'The plan was not carried out in full.',
        endedAt: toTime(work.clock.now()),
      });
    }
  }
}

function toStepCall(call: RecordedCall): StepCall {
  const { operation, payloadDigest, responseDigest, code, httpStatus, latencyMs } = call;
  return { operation, payloadDigest, responseDigest, code, httpStatus, latencyMs };
}

async function record<A extends 'remediation.executed' | 'remediation.execution_failed'>(
  work: ApprovedWork,
  remediation: Remediation,
  approval: string,
  action: A,
  outcome: 'success' | 'failure',
  data: AuditData<A>,
): Promise<void> {
  await work.audit.append<'remediation.executed' | 'remediation.execution_failed'>({
    action,
    outcome,
    actor: agentActor('remediator'),
    onBehalfOf: work.onBehalfOf,
    target: { type: 'remediation', id: remediation.id },
    links: { ...linksOf(work), remediation: remediation.id, approval, request: remediation.requestHash },
    data,
  });
}

/** The remediation of an investigation, which must have one. */
export function remediationOf(investigation: Investigation): Remediation {
  if (investigation.remediation !== null) return investigation.remediation;
  throw new CausewayError('not-found', `${investigation.id} has proposed nothing.`);
}
