import { ACTION_DESCRIPTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { Actor, AuditRecord, Sealed } from '#shared/model/audit-record.ts';

/** Opens a sealed value of the record at hand; null when it is withheld or erased. */
export type Disclose = (path: string) => string | null;

type Wording = { readonly [A in AuditAction]?: (data: AuditData<A>, disclose: Disclose) => string };

const LONGEST = 500;

/** "4 calls", "1 call". */
function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function percent(ratio: string): string {
  return `${Math.round(Number(ratio) * 100)} %`;
}

function utc(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function opened(sealed: Sealed | undefined, path: string, disclose: Disclose): string {
  if (sealed === undefined) return '';
  const value = disclose(path);
  return value === null ? 'not disclosed' : `“${value}”`;
}

/** One sentence a record, made of the record's own data. */
const WORDING: Wording = {
  'tenant.audit_exported': (data) => `Exported ${count(data.records, 'record')} as ${data.format}.`,
  'tenant.audit_verified': (data) =>
    `Verified ${data.subject === 'store' ? 'the chain' : 'a file'}: ${data.verdict}, ${count(data.problems, 'problem')}.`,
  'incident.created': (data, disclose) =>
    `Incident opened from ${data.source}: ${opened(data.title, '/data/title', disclose)}, ${data.severity}, ${data.metric} of ${data.service}.`,
  'incident.status_changed': (data) => `Status ${data.old} → ${data.new}: ${data.reason}`,
  'investigation.started': (data) =>
    `Investigation started over ${count(data.services, 'service')}, ${utc(data.from)} to ${utc(data.to)}.`,
  'investigation.agent_dispatched': (data) => `${data.agent} dispatched for ${data.task}: ${data.actions.join(', ')}.`,
  'investigation.system_called': (data) => {
    if (data.phase === 'intent') return `${data.operation} is about to be sent.`;
    if (data.phase === 'unknown')
      return `Whether ${data.operation} reached the cloud is not known: no answer is on record.`;
    return `${data.operation} → ${data.code} in ${data.latencyMs} ms.`;
  },
  'investigation.policy_decided': (data) => `${data.action}: ${data.decision}. ${data.reason}`,
  'investigation.output_rejected': (data) => `Output of ${data.producer} refused: ${data.reason}`,
  'investigation.findings_submitted': (data) =>
    `${data.agent} reported ${count(data.findings, 'finding')}: ${data.summary}`,
  'investigation.hypotheses_ranked': (data) => {
    const top = data.hypotheses[0];
    if (data.abstained || top === undefined) {
      return `No cause named: nothing among ${count(data.considered, 'service')} reached ${percent(data.threshold)}.`;
    }
    return `Ranked ${count(data.considered, 'service')}; most likely ${top.service} (${top.detector}, ${percent(top.confidence)}).`;
  },
  'investigation.completed': (data) =>
    `Investigation completed (${data.result}) after ${count(data.systemCalls, 'system call')} in ${(data.elapsedMs / 1000).toFixed(1)} s.`,
  'investigation.failed': (data) => `Investigation failed (${data.code}): ${data.reason}`,
  'investigation.cancelled': (data) => `Investigation cancelled (${data.reason}).`,
  'remediation.proposed': (data) => `Proposed: ${data.plan.summary} Expires ${utc(data.expiresAt)}.`,
  'remediation.approved': (data, disclose) =>
    `Approved (${data.channel}): ${opened(data.justification, '/data/justification', disclose)}`,
  'remediation.rejected': (data, disclose) =>
    `Rejected (${data.channel}): ${opened(data.justification, '/data/justification', disclose)}`,
  'remediation.expired': (data) => `No decision was made (${data.reason}); that counts as no.`,
  'remediation.withdrawn': (data) => `The proposal was withdrawn: ${data.reason}`,
  'remediation.executed': (data) => `Carried out: ${data.steps.map((step) => step.operation).join(', ')}.`,
  'remediation.execution_failed': (data) =>
    data.failedStep === 0 ? `Execution failed: ${data.reason}` : `Failed at step ${data.failedStep}: ${data.reason}`,
  'remediation.verified': (data) =>
    `${data.metric} of ${data.service}: ${data.verdict} (before ${data.before ?? 'unknown'}, now ${data.after ?? 'unknown'} ${data.unit}; usual ${data.usualLow ?? '?'} to ${data.usualHigh ?? '?'}).`,
  'credential.issued': (data) =>
    `Lease for ${data.task} issued to ${data.agent} until ${data.expiresAt.slice(11, 19)} UTC.`,
  'credential.revoked': (data) =>
    `Lease for ${data.task} revoked (${data.reason}) after ${count(data.calls, 'call')}; at the cloud: ${data.cloud}.`,
  'credential.expired': (data) => `Lease for ${data.task} expired after ${count(data.calls, 'call')}.`,
  'credential.issue_refused': (data) => `Lease for ${data.task} refused (${data.reason}): ${data.detail}`,
};

/** The line of a record on an incident's timeline. Data that no longer fits its schema is not worded. */
export function timelineText(record: AuditRecord, disclose: Disclose): string {
  const wording = WORDING[record.action] as ((data: unknown, disclose: Disclose) => string) | undefined;
  const parsed = AUDIT_DATA[record.action].safeParse(record.data);
  const text =
    wording === undefined || !parsed.success ? ACTION_DESCRIPTIONS[record.action] : wording(parsed.data, disclose);
  return text.slice(0, LONGEST);
}

/** Who did it, as a line shows it; the name of a person only where it is disclosed. */
export function actorText(actor: Actor, onBehalfOf: Actor | undefined, disclose: Disclose): string {
  const name = (one: Actor, path: string) => {
    if (typeof one.name === 'string') return one.name;
    return (one.name === undefined ? null : disclose(path)) ?? one.id;
  };
  const text = name(actor, '/actor/name');
  return (onBehalfOf === undefined ? text : `${text} for ${name(onBehalfOf, '/onBehalfOf/name')}`).slice(0, 200);
}
