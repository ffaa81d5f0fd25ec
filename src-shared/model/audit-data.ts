import { z } from 'zod';
import type { AuditAction } from './audit-actions.ts';
import { KeyDescription, KeyId, Sealed } from './audit-record.ts';
import { CheckResult, Frequency, ReviewDecision, SampleProfile } from './control.ts';
import { Digest } from './evidence.ts';
import { AlarmKind, IncidentStatus, Severity } from './incident.ts';
import { Ratio, RecoveryVerdict } from './investigation.ts';
import { RemediationPlan } from './plan.ts';
import { AgentName, TaskKind } from './task.ts';

/**
 * The data schema of each action. Strict: an unknown member is refused when written and reported when verified. Personal
 * values and free text typed by a person are `Sealed`; numbers are integers; ratios and measured values are strings.
 */
const Id = z.string().min(1).max(128);
const Word = z.string().min(1).max(64);
const Text = z.string().min(1).max(1000);
const Time = z.iso.datetime({ precision: 3 });
const Count = z.int().min(0);
const Decimal = z.string().regex(/^-?\d{1,18}(\.\d{1,6})?$/);
const Arn = z
  .string()
  .regex(/^arn:aws[a-z-]*:.+$/)
  .max(1024);
const Generator = z.strictObject({ name: Word, version: Word });
const Range = z.strictObject({ first: z.int().min(1), last: z.int().min(0) }); // last 0: nothing yet
const ApprovalDecision = {
  planDigest: Digest,
  justification: Sealed,
  channel: z.enum(['dialog', 'terminal', 'terminal-flag', 'file']), // terminal-flag: given beforehand with --yes
  rule: Id,
  policyVersion: Digest,
  reauthentication: z.enum(['none', 'password', 'totp', 'platform']),
  breakGlass: Sealed.optional(), // the reason for doing without a second person; a review has to follow
  file: Digest.optional(), // of the signed answer, when the decision came by file
  deviceKey: KeyId.optional(), // that signed it
};
const SystemCall = z.strictObject({
  operation: z.string().min(1).max(128), // "ecs:UpdateService"
  payloadDigest: Digest,
  responseDigest: Digest.nullable(),
  code: z.string().min(1).max(128), // HTTP status, or the cloud's error code
  httpStatus: z.int().min(100).max(599).nullable(), // null: no answer came
  latencyMs: Count,
});
const Secret = { secret: Id, integration: Word };
const Delivery = { channel: Word, recipientDigest: Digest, subject: Word };
/** What happened to a control of the register. Absent in records of the first version; each kind has members of its own. */
const ControlChange = z.strictObject({
  kind: z.enum([
    'self-check', // results
    'status', // reasons: the status computed from evidence became another
    'owner', // previous
    'cadence', // previous, next: frequencies
    'due', // due
    'performed', // on, note, attachments: what was done, and what shows it
    'not-applicable', // note: why
    'applicable',
    'review-opened', // campaign, due, subjects, root: everybody with access, frozen
    'review-decided', // campaign, subject, decision, note
    'review-closed', // campaign, decided, undecided
    'auditor-notes', // bundle, notes, key, accepted, flagged, questions
    'bundle', // manifest, reports
    'plan', // start, weeks
    'sample-profile', // profile
  ]),
  results: z
    .array(z.strictObject({ control: Word, result: CheckResult, detail: Text, digest: Digest }))
    .min(1)
    .max(64)
    .optional(),
  reasons: z.array(Text).max(16).optional(),
  previous: Id.nullable().optional(),
  next: Frequency.optional(),
  due: Time.nullable().optional(),
  on: Time.optional(),
  note: Sealed.optional(),
  attachments: z
    .array(z.strictObject({ digest: Digest, mediaType: z.string().min(1).max(128), bytes: Count, name: Sealed }))
    .max(16)
    .optional(),
  campaign: Id.optional(),
  subjects: z
    .array(z.strictObject({ id: Id, role: Word }))
    .min(1)
    .max(2000)
    .optional(),
  root: Digest.optional(), // RFC 6962 tree over the canonical JSON of each subject
  subject: Id.optional(),
  decision: ReviewDecision.optional(),
  decided: Count.optional(),
  undecided: Count.optional(),
  bundle: Digest.optional(), // of the manifest the notes are about
  notes: Digest.optional(),
  key: KeyId.optional(),
  accepted: Count.optional(),
  flagged: Count.optional(),
  questions: Count.optional(),
  manifest: Digest.optional(),
  reports: z.array(Digest).max(64).optional(),
  start: Time.optional(),
  weeks: z.int().min(8).max(12).optional(),
  profile: SampleProfile.optional(),
});

export const AUDIT_DATA = {
  'tenant.created': z.strictObject({ keys: z.array(KeyDescription).min(1).max(8), generator: Generator }),
  'tenant.configuration_changed': z.strictObject({ setting: Word, old: Text.nullable(), new: Text.nullable() }),
  'tenant.user_added': z.strictObject({ user: Id, role: Word, name: Sealed.optional(), email: Sealed.optional() }),
  'tenant.user_role_changed': z.strictObject({ user: Id, old: Word, new: Word }),
  'tenant.user_removed': z.strictObject({ user: Id, reason: Word }),
  'tenant.retention_policy_changed': z.strictObject({ dataClass: Word, oldDays: Count.nullable(), newDays: Count }),
  'tenant.protection_change_approved': z.strictObject({
    change: Word,
    changeDigest: Digest,
    justification: Sealed,
    requestedBy: Id.optional(),
    request: Digest.optional(), // record of the request, where one could be written
    reauthentication: ApprovalDecision.reauthentication.optional(),
  }),
  'tenant.control_updated': z.strictObject({
    framework: Word,
    control: Word,
    oldStatus: Word.nullable(),
    newStatus: Word,
    owner: Id.nullable(),
    evidence: z.array(Digest).max(1000),
    change: ControlChange.optional(),
  }),
  'tenant.report_generated': z.strictObject({
    framework: Word,
    from: Time,
    to: Time,
    format: Word,
    digest: Digest, // of the file
    kind: Word.optional(),
    document: Digest.optional(), // of the report as data: the same in every format
    parameters: Digest.optional(),
    range: Range.optional(),
    inScope: Count.optional(),
    exceptions: Count.optional(),
  }),
  'tenant.audit_exported': z.strictObject({
    format: z.enum(['chain', 'extract', 'ocsf', 'cef', 'csv']),
    range: Range,
    records: Count,
    disclosures: Count,
    checkpointSize: Count,
    digest: Digest.optional(), // of the whole file; absent in the record that stands in the file itself, and of a failure
  }),
  'tenant.audit_verified': z.strictObject({
    subject: z.enum(['store', 'file']),
    fileDigest: Digest.nullable(),
    range: Range,
    verdict: z.enum(['valid', 'invalid', 'unreadable']),
    problems: Count,
    elapsedMs: Count,
  }),
  'tenant.data_exported': z.strictObject({ subject: Id.nullable(), scope: Word, records: Count, digest: Digest }),
  'tenant.erasure_requested': z.strictObject({
    request: Id,
    scope: z.enum(['subject', 'tenant']),
    subject: Id.nullable(),
    due: Time,
  }),
  'tenant.erasure_completed': z.strictObject({
    request: Id,
    certificate: Digest,
    erased: z.array(z.strictObject({ seq: z.int().min(1), path: z.string().min(1).max(256) })).max(10_000),
  }),
  'tenant.backup_verified': z.strictObject({ backupDigest: Digest, bytes: Count, range: Range, restoredHead: Digest }),

  'incident.created': z.strictObject({
    severity: Severity,
    source: z.union([AlarmKind, z.enum(['manual'])]),
    payloadDigest: Digest.nullable(),
    title: Sealed, // written outside or typed by a person: may hold personal data
    service: z.string().min(1).max(256),
    metric: z.string().min(1).max(256),
    environment: Word,
    account: z.string().max(64).nullable(),
    region: z.string().max(32).nullable(),
    startedAt: Time,
  }),
  'incident.severity_updated': z.strictObject({ old: Severity, new: Severity, reason: Sealed.optional() }),
  'incident.status_changed': z.strictObject({ old: IncidentStatus, new: IncidentStatus, reason: Text }),
  'incident.assigned': z.strictObject({ role: z.enum(['commander', 'responder']), user: Id, previous: Id.nullable() }),
  'incident.note_added': z.strictObject({ note: Sealed }),
  'incident.evidence_attached': z.strictObject({
    digest: Digest,
    mediaType: Word,
    bytes: Count,
    name: Sealed.optional(),
  }),
  'incident.merged': z.strictObject({ into: Id, reason: Word }),

  'investigation.started': z.strictObject({
    environment: Word,
    from: Time, // the telemetry window looked at
    to: Time,
    services: Count,
    method: z.strictObject({ name: Word, version: Word }),
    mapDigest: Digest,
  }),
  'investigation.agent_dispatched': z.strictObject({
    agent: AgentName,
    task: TaskKind,
    actions: z.array(z.string().max(128)).max(16),
    resources: z.array(z.string().max(1024)).max(64),
    argumentsDigest: Digest,
  }),
  'investigation.system_called': z.strictObject({
    operation: z.string().min(1).max(128),
    endpoint: z.string().min(1).max(256), // host and port
    region: z.string().max(32),
    payloadDigest: Digest,
    responseDigest: Digest.nullable(),
    code: z.string().min(1).max(128),
    httpStatus: z.int().min(100).max(599).nullable(),
    latencyMs: Count,
    attempts: Count,
    requestId: z.string().max(128).nullable(),
    phase: z.enum(['intent', 'outcome', 'unknown']).optional(), // of a write; unknown: an intent nothing is known of
    intent: Digest.optional(), // record of the intent an outcome belongs to
  }),
  'investigation.policy_decided': z.strictObject({
    decision: z.enum(['allow', 'deny']),
    principal: z.string().min(1).max(128),
    action: z.string().min(1).max(128),
    resource: z.string().min(1).max(1024),
    reason: Text,
    policies: z.array(z.string().max(128)).max(32), // ids of the policies that decided
    policyVersion: Digest, // SHA-256 of the policy text and schema in force
    contextDigest: Digest,
    requestDigest: Digest.optional(), // of principal, action, resource and context
  }),
  'investigation.data_masked': z.strictObject({ agent: AgentName, pattern: Word, count: Count, evidence: Digest }),
  'investigation.output_rejected': z.strictObject({ producer: Id, schema: Word, reason: Text, digest: Digest }),
  'investigation.findings_submitted': z.strictObject({
    agent: AgentName,
    findings: Count,
    findingsDigest: Digest,
    evidence: z.array(Digest).max(500),
    summary: Text,
  }),
  'investigation.hypotheses_ranked': z.strictObject({
    method: z.strictObject({ name: Word, version: Word }),
    considered: Count,
    abstained: z.boolean(),
    threshold: Ratio,
    hypotheses: z
      .array(
        z.strictObject({
          id: Id,
          rank: z.int().min(1),
          service: z.string().max(256),
          detector: Word,
          confidence: Ratio,
          evidence: z.array(Digest).max(64),
        }),
      )
      .max(50),
    rankingDigest: Digest,
  }),
  'investigation.completed': z.strictObject({
    result: z.enum(['proposed', 'abstained', 'no-action']),
    systemCalls: Count,
    elapsedMs: Count,
  }),
  'investigation.failed': z.strictObject({ code: Word, reason: Text, elapsedMs: Count }),
  'investigation.cancelled': z.strictObject({ reason: Word, elapsedMs: Count }),

  'remediation.proposed': z.strictObject({
    plan: RemediationPlan,
    planDigest: Digest,
    rule: Id,
    policyVersion: Digest,
    expiresAt: Time,
    severity: Severity.optional(), // with the environment and the kind of action: what the number of approvals rests on
    environment: Word.optional(),
    environmentKind: z.enum(['sandbox', 'aws']).optional(),
    approvalsRequired: z.int().min(1).max(9).optional(),
    executeWithinMs: Count.optional(), // after the last approval
  }),
  'remediation.approved': z.strictObject(ApprovalDecision),
  'remediation.rejected': z.strictObject(ApprovalDecision),
  'remediation.expired': z.strictObject({
    planDigest: Digest,
    expiredAt: Time,
    reason: z.enum(['timeout', 'window-lost', 'shutdown']),
  }),
  'remediation.withdrawn': z.strictObject({ planDigest: Digest, reason: Text }),
  'remediation.executed': z.strictObject({
    planDigest: Digest,
    steps: z.array(SystemCall).min(1).max(16),
    elapsedMs: Count,
  }),
  'remediation.execution_failed': z.strictObject({
    planDigest: Digest,
    failedStep: Count, // 0: refused before the first step
    reason: Text,
    steps: z.array(SystemCall).max(16),
    elapsedMs: Count,
  }),
  'remediation.verified': z.strictObject({
    planDigest: Digest,
    verdict: RecoveryVerdict,
    service: z.string().max(256),
    metric: z.string().max(256),
    unit: Word,
    before: Decimal.nullable(),
    after: Decimal.nullable(),
    usualLow: Decimal.nullable(),
    usualHigh: Decimal.nullable(),
    points: Count,
    from: Time,
    to: Time,
    evidence: z.array(Digest).max(16),
  }),
  'remediation.rolled_back': z.strictObject({ planDigest: Digest, reason: Text, steps: z.array(SystemCall).max(16) }),

  'credential.issued': z.strictObject({
    task: TaskKind,
    agent: AgentName,
    role: Arn,
    sessionName: z.string().min(2).max(64),
    sourceIdentity: z.string().max(64).nullable(),
    accessKeyId: z.string().max(128), // not a secret; finds the session in CloudTrail
    sessionPolicyDigest: Digest,
    actions: z.array(z.string().max(128)).max(16),
    resources: z.array(z.string().max(1024)).max(64),
    issuedAt: Time,
    expiresAt: Time,
    planDigest: Digest.nullable(), // of the approved plan, for remediation leases
  }),
  'credential.revoked': z.strictObject({
    task: TaskKind,
    reason: z.enum([
      'task-finished',
      'task-failed',
      'investigation-ended',
      'cancelled',
      'shutdown',
      'operator',
      'program-ended',
    ]),
    // whether the cloud confirmed it too; the broker refuses either way
    cloud: z.enum(['revoked', 'failed', 'not-configured']),
    calls: Count,
  }),
  'credential.expired': z.strictObject({ task: TaskKind, expiredAt: Time, calls: Count }),
  'credential.issue_refused': z.strictObject({
    task: TaskKind,
    reason: Word,
    detail: Text,
    planDigest: Digest.nullable(),
  }),
  'credential.secret_stored': z.strictObject({ ...Secret, wrappingKey: Id }),
  'credential.secret_used': z.strictObject({ ...Secret, purpose: Word }),
  'credential.secret_deleted': z.strictObject({ ...Secret, reason: Word }),
  'credential.key_rotated': z.strictObject({
    purpose: z.enum(['signing', 'data-encryption']),
    oldKey: Id,
    newKey: KeyDescription.optional(), // present exactly when purpose is signing
    reason: Word,
  }),

  'auth.user_signed_in': z.strictObject({ session: Id, method: Word, secondFactor: Word.nullable() }),
  'auth.sign_in_failed': z.strictObject({ method: Word, reason: Word, attempts: Count }),
  'auth.user_signed_out': z.strictObject({
    session: Id,
    reason: z.enum(['signed-out', 'expired', 'revoked', 'everywhere', 'role-changed', 'removed', 'shutdown']),
  }),
  'auth.token_issued': z.strictObject({ token: Digest, session: Id, audience: Word, expiresAt: Time }),
  'auth.token_rejected': z.strictObject({
    reason: z.enum([
      'signature',
      'algorithm',
      'issuer',
      'audience',
      'expiry',
      'not-yet-valid',
      'tenant',
      'session',
      'malformed',
    ]),
  }),
  'auth.mfa_enrolled': z.strictObject({ user: Id, method: Word, reset: z.boolean() }),
  'auth.password_changed': z.strictObject({
    user: Id,
    reason: Word,
    parameters: Word.optional(), // of Argon2id: "m=19456,t=2,p=1"
  }),
  'auth.api_key_created': z.strictObject({ apiKey: Id, scopes: z.array(Word).max(32), expiresAt: Time.nullable() }),
  'auth.api_key_revoked': z.strictObject({ apiKey: Id, reason: Word }),
  'auth.access_denied': z.strictObject({ permission: Word, role: Word.nullable(), reason: Word }),
  'auth.rate_limited': z.strictObject({ limit: Word, scope: Word, retryAfterMs: Count }),

  'github.installation_connected': z.strictObject({ installation: Id, accountDigest: Digest, repositories: Count }),
  'github.installation_removed': z.strictObject({ installation: Id, reason: Word }),
  'github.pr_created': z.strictObject({
    repository: Id,
    number: z.int().min(1),
    headCommit: z.string().regex(/^[0-9a-f]{40}$/),
    planDigest: Digest,
  }),

  'notification.alert_sent': z.strictObject({ ...Delivery, severity: Severity }),
  'notification.approval_request_delivered': z.strictObject({ ...Delivery, planDigest: Digest }),
  'notification.delivery_failed': z.strictObject({ ...Delivery, reason: Text, attempts: Count }),
} as const satisfies Readonly<Record<AuditAction, z.ZodType>>;

export type AuditData<A extends AuditAction = AuditAction> = z.infer<(typeof AUDIT_DATA)[A]>;
