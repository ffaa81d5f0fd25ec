import { ACTION_DESCRIPTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { ReportState } from '#shared/model/report.ts';
import { clip, count, sentence } from './cells.ts';

type Wording = { readonly [A in AuditAction]?: (data: AuditData<A>) => string };

/** One sentence a record, of what stands in it in clear; sealed values are given beside it. */
const WORDING: Wording = {
  'incident.created': (d) =>
    `Incident opened from ${d.source}: ${d.severity}, ${d.metric} of ${d.service}, trouble since ${d.startedAt}.`,
  'incident.severity_updated': (d) => `Severity ${d.old} → ${d.new}.`,
  'incident.status_changed': (d) => `Status ${d.old} → ${d.new}: ${d.reason}`,
  'incident.assigned': (d) => `${d.user} assigned as ${d.role}.`,
  'incident.merged': (d) => `Merged into ${d.into} (${d.reason}).`,
  'investigation.started': (d) =>
    `Investigation started over ${count(d.services, 'service')}, telemetry ${d.from} to ${d.to}.`,
  'investigation.agent_dispatched': (d) => `${d.agent} dispatched for ${d.task}, allowed ${d.actions.join(', ')}.`,
  'investigation.system_called': (d) =>
    d.phase === 'intent'
      ? `${d.operation} is about to be sent.`
      : d.phase === 'unknown'
        ? `Whether ${d.operation} reached the cloud is not known.`
        : `${d.operation} → ${d.code} in ${d.latencyMs} ms.`,
  'investigation.policy_decided': (d) => `${d.action} on ${d.resource} for ${d.principal}: ${d.decision}. ${d.reason}`,
  'investigation.data_masked': (d) => `${count(d.count, 'value')} of ${d.pattern} masked before ${d.agent} saw them.`,
  'investigation.output_rejected': (d) => `Output of ${d.producer} refused: ${d.reason}`,
  'investigation.findings_submitted': (d) => `${d.agent} reported ${count(d.findings, 'finding')}: ${d.summary}`,
  'investigation.hypotheses_ranked': (d) => {
    const top = d.hypotheses[0];
    return d.abstained || top === undefined
      ? `No cause named: nothing of ${d.considered} reached ${d.threshold}.`
      : `${d.considered} considered; most likely ${top.service} (${top.detector}, confidence ${top.confidence}).`;
  },
  'investigation.completed': (d) =>
    `Investigation completed (${d.result}) after ${count(d.systemCalls, 'system call')} in ${d.elapsedMs} ms.`,
  'investigation.failed': (d) => `Investigation failed (${d.code}): ${d.reason}`,
  'investigation.cancelled': (d) => `Investigation cancelled (${d.reason}).`,
  'remediation.proposed': (d) =>
    `Proposed: ${sentence(d.plan.summary)} To be decided by ${d.expiresAt}; ${count(d.approvalsRequired ?? 1, 'approval')} needed.`,
  'remediation.approved': (d) =>
    `Approved by ${d.channel}, re-authenticated by ${d.reauthentication}${d.breakGlass === undefined ? '' : ', alone (break glass)'}.`,
  'remediation.rejected': (d) => `Rejected by ${d.channel}, re-authenticated by ${d.reauthentication}.`,
  'remediation.expired': (d) => `No decision was made (${d.reason}); that counts as no.`,
  'remediation.withdrawn': (d) => `Proposal withdrawn: ${d.reason}`,
  'remediation.executed': (d) =>
    `Carried out: ${d.steps.map(({ operation, code }) => `${operation} → ${code}`).join(', ')}.`,
  'remediation.execution_failed': (d) =>
    `Execution failed${d.failedStep === 0 ? '' : ` at step ${d.failedStep}`}: ${d.reason}`,
  'remediation.verified': (d) =>
    `${d.metric} of ${d.service}: ${d.verdict}; before ${d.before ?? 'unknown'}, after ${d.after ?? 'unknown'} ${d.unit}, usual ${d.usualLow ?? '?'} to ${d.usualHigh ?? '?'}.`,
  'remediation.rolled_back': (d) => `Rolled back: ${d.reason}`,
  'credential.issued': (d) => `Lease for ${d.task} issued to ${d.agent} until ${d.expiresAt}.`,
  'credential.revoked': (d) =>
    `Lease for ${d.task} ended (${d.reason}) after ${count(d.calls, 'call')}; at the cloud: ${d.cloud}.`,
  'credential.expired': (d) => `Lease for ${d.task} expired after ${count(d.calls, 'call')}.`,
  'credential.issue_refused': (d) => `Lease for ${d.task} refused (${d.reason}): ${d.detail}`,
  'auth.access_denied': (d) => `Refused: ${d.permission} (${d.reason}).`,
  'tenant.protection_change_approved': (d) => `${d.change} decided.`,
  'notification.alert_sent': (d) => `Alert sent by ${d.channel}, ${d.severity}.`,
  'notification.approval_request_delivered': (d) => `Request for approval delivered by ${d.channel}.`,
  'notification.delivery_failed': (d) => `Delivery by ${d.channel} failed: ${d.reason}`,
};

/** The line of a record. Data that does not fit its schema is not worded. */
export function wordRecord(record: AuditRecord): string {
  const wording = WORDING[record.action] as ((data: unknown) => string) | undefined;
  const parsed = AUDIT_DATA[record.action].safeParse(record.data);
  return clip(wording === undefined || !parsed.success ? ACTION_DESCRIPTIONS[record.action] : wording(parsed.data));
}

/** What the record says of how it went. */
export function stateOfRecord({ outcome, action }: AuditRecord): ReportState {
  if (outcome === 'denied' || outcome === 'failure') return 'fails';
  return action === 'remediation.approved' || action === 'remediation.verified' ? 'holds' : 'info';
}

export function whoDid({ actor, onBehalfOf }: AuditRecord): string {
  return clip(onBehalfOf === undefined ? actor.id : `${actor.id} for ${onBehalfOf.id}`, 200);
}
