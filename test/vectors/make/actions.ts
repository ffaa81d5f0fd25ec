import type { Loose } from './bytes.ts';
import { saltOf, seal } from './chain.ts';

const D1 = '1'.repeat(64);
const D2 = 'ab'.repeat(32);
const SEALED = seal(saltOf('action'), 'typed by a person');
const T1 = '2026-01-02T03:00:00.000Z';
const T2 = '2026-01-02T04:00:00.000Z';
const RANGE = { first: 1, last: 9 };
const CALL = {
  ...{ operation: 'ecs:UpdateService', payloadDigest: D1, responseDigest: null, code: '503' },
  ...{ httpStatus: null, latencyMs: 12 },
};
const SECRET = { secret: 's1', integration: 'pagerduty' };
const DELIVERY = { channel: 'webhook', recipientDigest: D1, subject: 'incident' };
const METHOD = { name: 'rank', version: '1' };
const SERVICE = 'arn:aws:ecs:eu-central-1:123456789012:service/c/s';
const DECISION = {
  ...{ planDigest: D1, justification: SEALED, channel: 'dialog', rule: 'two-people', policyVersion: D2 },
  reauthentication: 'password',
};
const STEP = {
  operation: 'ecs:UpdateService',
  resource: SERVICE,
  parameters: { desiredCount: 2, forceNewDeployment: true, taskDefinition: '$step1.taskDefinition' },
  changes: [{ field: 'taskDefinition', before: 'web:7', after: null }],
};

export const PLAN: Loose = {
  ...{ version: 1, remediation: 'rem-0001', incident: 'inc-0001', investigation: 'inv-0001', hypothesis: 'h1' },
  ...{ kind: 'rollback', summary: 'Back to web:6', account: '123456789012', region: 'eu-central-1', steps: [STEP] },
  blastRadius: { service: 's', cluster: 'c', tasks: 2, callers: ['front'], summary: 'one service' },
  wayBack: { summary: 'forward again', steps: [] },
  postCheck: { service: 's', metric: 'errors', waitMs: 60_000, summary: 'errors fall' },
  credentials: { task: 'remediation', seconds: 900, actions: ['ecs:UpdateService'], resources: [SERVICE] },
  evidence: [D1],
};

/** Data that fits, for every action but the first record's. */
export const ACTION_DATA: Readonly<Record<string, Loose>> = {
  'tenant.configuration_changed': { setting: 'theme', old: null, new: 'dark' },
  'tenant.user_added': { user: 'u1', role: 'responder', name: SEALED, email: SEALED },
  'tenant.user_role_changed': { user: 'u1', old: 'responder', new: 'approver' },
  'tenant.user_removed': { user: 'u1', reason: 'left' },
  'tenant.retention_policy_changed': { dataClass: 'evidence', oldDays: null, newDays: 365 },
  'tenant.protection_change_approved': { change: 'backup', changeDigest: D1, justification: SEALED },
  'tenant.control_updated': {
    ...{ framework: 'soc2', control: 'CC7.2', oldStatus: null, newStatus: 'in-place', owner: null, evidence: [D1, D2] },
  },
  'tenant.report_generated': { framework: 'soc2', from: T1, to: T2, format: 'pdf', digest: D1 },
  'tenant.audit_exported': { format: 'chain', range: RANGE, records: 9, disclosures: 0, checkpointSize: 9, digest: D1 },
  'tenant.audit_verified': {
    ...{ subject: 'file', fileDigest: D1, range: { first: 1, last: 0 }, verdict: 'unreadable' },
    ...{ problems: Number.MAX_SAFE_INTEGER, elapsedMs: 0 },
  },
  'tenant.data_exported': { subject: null, scope: 'tenant', records: 9, digest: D1 },
  'tenant.erasure_requested': { request: 'r1', scope: 'subject', subject: 'u1', due: T2 },
  'tenant.erasure_completed': { request: 'r1', certificate: D1, erased: [] },
  'tenant.backup_verified': { backupDigest: D1, bytes: 4096, range: RANGE, restoredHead: D2 },
  'incident.created': {
    ...{ severity: 'high', source: 'manual', payloadDigest: null, title: SEALED, service: 's', metric: 'errors' },
    ...{ environment: 'prod', account: null, region: 'eu-central-1', startedAt: T1 },
  },
  'incident.severity_updated': { old: 'high', new: 'critical', reason: SEALED },
  'incident.status_changed': { old: 'open', new: 'needs-attention', reason: 'no one took it' },
  'incident.assigned': { role: 'commander', user: 'u1', previous: null },
  'incident.note_added': { note: SEALED },
  'incident.evidence_attached': { digest: D1, mediaType: 'image/png', bytes: 7, name: SEALED },
  'incident.merged': { into: 'inc-0002', reason: 'duplicate' },
  'investigation.started': { environment: 'prod', from: T1, to: T2, services: 5, method: METHOD, mapDigest: D1 },
  'investigation.agent_dispatched': {
    ...{ agent: 'log-analyst', task: 'log-analysis', actions: ['logs:FilterLogEvents'], resources: ['*'] },
    argumentsDigest: D1,
  },
  'investigation.system_called': {
    ...{ operation: 'logs:FilterLogEvents', endpoint: 'logs.example:443', region: 'eu-central-1', payloadDigest: D1 },
    ...{ responseDigest: D2, code: '200', httpStatus: 200, latencyMs: 30, attempts: 1, requestId: null },
  },
  'investigation.policy_decided': {
    ...{ decision: 'deny', principal: 'log-analyst', action: 'ecs:UpdateService', resource: SERVICE },
    ...{ reason: 'no rule allows it', policies: [], policyVersion: D1, contextDigest: D2 },
  },
  'investigation.data_masked': { agent: 'log-analyst', pattern: 'e-mail', count: 3, evidence: D1 },
  'investigation.output_rejected': { producer: 'log-analyst', schema: 'finding', reason: 'a number', digest: D1 },
  'investigation.findings_submitted': {
    ...{ agent: 'log-analyst', findings: 1, findingsDigest: D1, evidence: [D2], summary: 'errors rose' },
  },
  'investigation.hypotheses_ranked': {
    ...{ method: METHOD, considered: 4, abstained: false, threshold: '0.6', rankingDigest: D1 },
    hypotheses: [{ id: 'h1', rank: 1, service: 's', detector: 'deploy', confidence: '0.91', evidence: [D1] }],
  },
  'investigation.completed': { result: 'proposed', systemCalls: 12, elapsedMs: 3400 },
  'investigation.failed': { code: 'throttled', reason: 'the cloud refused', elapsedMs: 3400 },
  'investigation.cancelled': { reason: 'operator', elapsedMs: 3400 },
  'remediation.proposed': { plan: PLAN, planDigest: D1, rule: 'two-people', policyVersion: D2, expiresAt: T2 },
  'remediation.approved': DECISION,
  'remediation.rejected': { ...DECISION, channel: 'terminal', reauthentication: 'none' },
  'remediation.expired': { planDigest: D1, expiredAt: T2, reason: 'timeout' },
  'remediation.withdrawn': { planDigest: D1, reason: 'superseded' },
  'remediation.executed': { planDigest: D1, steps: [CALL], elapsedMs: 900 },
  'remediation.execution_failed': { planDigest: D1, failedStep: 0, reason: 'refused', steps: [], elapsedMs: 9 },
  'remediation.verified': {
    ...{ planDigest: D1, verdict: 'recovered', service: 's', metric: 'errors', unit: 'Count', before: '12.5' },
    ...{ after: '-0.25', usualLow: null, usualHigh: '1', points: 5, from: T1, to: T2, evidence: [D1] },
  },
  'remediation.rolled_back': { planDigest: D1, reason: 'no better', steps: [CALL] },
  'credential.issued': {
    ...{ task: 'remediation', agent: 'remediator', role: 'arn:aws:iam::123456789012:role/r', sessionName: 'se' },
    ...{ sourceIdentity: null, accessKeyId: 'ASIA0', sessionPolicyDigest: D1, actions: ['ecs:UpdateService'] },
    ...{ resources: [SERVICE], issuedAt: T1, expiresAt: T2, planDigest: D2 },
  },
  'credential.revoked': { task: 'remediation', reason: 'task-finished', cloud: 'revoked', calls: 2 },
  'credential.expired': { task: 'remediation', expiredAt: T2, calls: 0 },
  'credential.issue_refused': { task: 'remediation', reason: 'no-plan', detail: 'no approved plan', planDigest: null },
  'credential.secret_stored': { ...SECRET, wrappingKey: 'k1' },
  'credential.secret_used': { ...SECRET, purpose: 'webhook' },
  'credential.secret_deleted': { ...SECRET, reason: 'replaced' },
  'credential.key_rotated': { purpose: 'data-encryption', oldKey: 'dek-1', reason: 'schedule' },
  'auth.user_signed_in': { session: 'se1', method: 'password', secondFactor: null },
  'auth.sign_in_failed': { method: 'password', reason: 'wrong', attempts: 3 },
  'auth.user_signed_out': { session: 'se1', reason: 'expired' },
  'auth.token_issued': { token: D1, session: 'se1', audience: 'console', expiresAt: T2 },
  'auth.token_rejected': { reason: 'audience' },
  'auth.mfa_enrolled': { user: 'u1', method: 'totp', reset: true },
  'auth.password_changed': { user: 'u1', reason: 'own' },
  'auth.api_key_created': { apiKey: 'a1', scopes: ['read'], expiresAt: null },
  'auth.api_key_revoked': { apiKey: 'a1', reason: 'lost' },
  'auth.access_denied': { permission: 'approve', role: null, reason: 'role' },
  'auth.rate_limited': { limit: 'sign-in', scope: 'user', retryAfterMs: 1000 },
  'github.installation_connected': { installation: 'i1', accountDigest: D1, repositories: 2 },
  'github.installation_removed': { installation: 'i1', reason: 'uninstalled' },
  'github.pr_created': { repository: 'r', number: 7, headCommit: 'a'.repeat(40), planDigest: D1 },
  'notification.alert_sent': { ...DELIVERY, severity: 'low' },
  'notification.approval_request_delivered': { ...DELIVERY, planDigest: D1 },
  'notification.delivery_failed': { ...DELIVERY, reason: 'no answer', attempts: 5 },
};
