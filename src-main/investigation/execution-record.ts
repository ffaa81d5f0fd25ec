import { CausewayError } from '#shared/errors.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { AppendInput } from '../audit/store.ts';
import type { RecordedCall } from '../credentials/call-recorder.ts';
import { agentActor, type Case, linksOf } from './case.ts';

export type StepCall = AuditData<'remediation.executed'>['steps'][number];

type ExecutionAction = 'remediation.executed' | 'remediation.execution_failed';

export function toStepCall(call: RecordedCall): StepCall {
  const { operation, payloadDigest, responseDigest, code, httpStatus, latencyMs } = call;
  return { operation, payloadDigest, responseDigest, code, httpStatus, latencyMs };
}

export async function recordExecution<A extends ExecutionAction>(
  work: Case,
  remediation: Remediation,
  approval: string,
  action: A,
  data: AuditData<A>,
): Promise<void> {
  await work.audit.append<ExecutionAction>({
    action,
    outcome: action === 'remediation.executed' ? 'success' : 'failure',
    actor: agentActor('remediator'),
    onBehalfOf: work.onBehalfOf,
    target: { type: 'remediation', id: remediation.id },
    links: { ...linksOf(work), remediation: remediation.id, approval, request: remediation.requestHash },
    data,
  });
}

/** The record of an approval that nothing came of: nothing was sent under it. */
export function notBegun(
  { id, incident }: Investigation,
  remediation: Remediation,
  approval: string,
  onBehalfOf: Actor,
  reason: string,
): AppendInput<'remediation.execution_failed'> {
  return {
    action: 'remediation.execution_failed',
    outcome: 'failure',
    actor: agentActor('remediator'),
    onBehalfOf,
    target: { type: 'remediation', id: remediation.id },
    links: {
      incident,
      investigation: id,
      remediation: remediation.id,
      approval,
      request: remediation.requestHash,
    },
    data: {
      planDigest: remediation.planDigest,
      failedStep: 0,
      reason: reason.slice(0, 1000),
      steps: [],
      elapsedMs: 0,
    },
  };
}

/** The remediation of an investigation, which must have one. */
export function remediationOf(investigation: Investigation): Remediation {
  if (investigation.remediation !== null) return investigation.remediation;
  throw new CausewayError('not-found', `${investigation.id} has proposed nothing.`);
}
