import type { AuditAction } from '#shared/model/audit-actions.ts';

/** The OCSF 1.9 event classes used, with what each requires besides the base event. */
export const OCSF_CLASSES = {
  /** For what no class is about. */
  base: { uid: 0, name: 'Base Event', category: 0, categoryName: 'Uncategorized' },
  /** `user`; `service` or `dst_endpoint`. */
  authentication: { uid: 3002, name: 'Authentication', category: 3, categoryName: 'Identity & Access Management' },
  /** `user`; `privileges`, `groups` or `iam_roles`. */
  session: { uid: 3003, name: 'Authorize Session', category: 3, categoryName: 'Identity & Access Management' },
  /** `entity`. */
  entity: { uid: 3004, name: 'Entity Management', category: 3, categoryName: 'Identity & Access Management' },
  /** `user`. New in 1.9, in place of Account Change. */
  user: { uid: 3007, name: 'User Management', category: 3, categoryName: 'Identity & Access Management' },
  /** `actor`, `api`, `src_endpoint`. */
  api: { uid: 6003, name: 'API Activity', category: 6, categoryName: 'Application Activity' },
} as const;

export type OcsfClass = keyof typeof OCSF_CLASSES;

/** Names of the activities used, as the classes define them; 99 is named by the mapping. */
export const OCSF_ACTIVITIES: Readonly<Record<OcsfClass, Readonly<Record<number, string>>>> = {
  base: {},
  authentication: { 1: 'Logon', 2: 'Logoff' },
  session: { 1: 'Assign Privileges' },
  entity: {
    1: 'Create',
    2: 'Read',
    3: 'Update',
    4: 'Delete',
    6: 'Enroll',
    7: 'Unenroll',
    10: 'Activate',
    11: 'Deactivate',
  },
  user: { 1: 'Create', 3: 'Delete', 8: 'Password Change', 12: 'MFA Factor Enable', 16: 'Assign Roles' },
  api: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' },
};

export const OTHER = 99;

/** Class, activity, the activity's name where it is 99, and why this one. */
export type OcsfMapping = readonly [kind: OcsfClass, activity: number, why: string, otherName?: string];

const MANAGED = 'a thing this console manages changes';
const GUARD = 'a call that was asked for, judged before it is made';

/**
 * Where each action goes. Incidents are operational ones, opened from alarms: Incident Finding is for security incidents
 * found by analytics, and asks for an assignee that most records do not have. So they, investigations, remediations and
 * leases are managed entities.
 */
export const OCSF_MAPPING: Readonly<Record<AuditAction, OcsfMapping>> = {
  'tenant.created': ['entity', 1, 'the tenant begins'],
  'tenant.configuration_changed': ['entity', 3, MANAGED],
  'tenant.user_added': ['user', 1, 'a user is created'],
  'tenant.user_role_changed': ['user', 16, 'a role is assigned to a user'],
  'tenant.user_removed': ['user', 3, 'a user is deleted'],
  'tenant.retention_policy_changed': ['entity', 3, MANAGED],
  'tenant.protection_change_approved': ['entity', 3, 'an approval lets a protection be changed'],
  'tenant.control_updated': ['entity', 3, MANAGED],
  'tenant.report_generated': ['entity', 1, 'a report is made'],
  'tenant.audit_exported': ['entity', 2, 'the trail is read out'],
  'tenant.audit_verified': ['entity', 2, 'the trail is read and checked'],
  'tenant.data_exported': ['entity', 2, 'data is read out'],
  'tenant.erasure_requested': ['entity', OTHER, 'nothing is deleted yet', 'Request Erasure'],
  'tenant.erasure_completed': ['entity', 4, 'data is deleted'],
  'tenant.backup_verified': ['entity', 2, 'a backup is read and compared'],
  'incident.created': ['entity', 1, MANAGED],
  'incident.severity_updated': ['entity', 3, MANAGED],
  'incident.status_changed': ['entity', 3, MANAGED],
  'incident.assigned': ['entity', 3, MANAGED],
  'incident.note_added': ['entity', 3, MANAGED],
  'incident.evidence_attached': ['entity', 3, MANAGED],
  'incident.merged': ['entity', 3, MANAGED],
  'investigation.started': ['entity', 10, 'an investigation runs from now on'],
  'investigation.agent_dispatched': ['session', 1, 'an agent is given the actions it may take'],
  'investigation.system_called': ['api', 2, 'an investigation only reads'],
  'investigation.policy_decided': ['api', OTHER, GUARD, 'Policy Decision'],
  'investigation.data_masked': ['entity', 3, 'personal values are taken out of evidence'],
  'investigation.output_rejected': ['entity', OTHER, 'what a producer gave is refused', 'Reject Output'],
  'investigation.findings_submitted': ['entity', 3, MANAGED],
  'investigation.hypotheses_ranked': ['entity', 3, MANAGED],
  'investigation.completed': ['entity', 11, 'an investigation runs no more'],
  'investigation.failed': ['entity', 11, 'an investigation runs no more'],
  'investigation.cancelled': ['entity', 11, 'an investigation runs no more'],
  'remediation.proposed': ['entity', 1, 'a plan is put up for decision'],
  'remediation.approved': ['entity', OTHER, 'a decision, not a change of the plan', 'Approve'],
  'remediation.rejected': ['entity', OTHER, 'a decision, not a change of the plan', 'Reject'],
  'remediation.expired': ['entity', 11, 'the plan can no longer be approved'],
  'remediation.withdrawn': ['entity', 11, 'the plan can no longer be approved'],
  'remediation.executed': ['api', 3, 'calls that change a deployment'],
  'remediation.execution_failed': ['api', 3, 'calls that were to change a deployment'],
  'remediation.verified': ['entity', 2, 'the outcome is measured'],
  'remediation.rolled_back': ['api', 3, 'calls that change a deployment back'],
  'credential.issued': ['session', 1, 'a session gets the actions it may take'],
  'credential.revoked': ['entity', 4, 'a session is ended'],
  'credential.expired': ['entity', 11, 'a session has ended by itself'],
  'credential.issue_refused': ['api', 1, 'the creation of a session is asked for, and refused'],
  'credential.secret_stored': ['entity', 1, 'a secret is stored'],
  'credential.secret_used': ['entity', 2, 'a secret is read'],
  'credential.secret_deleted': ['entity', 4, 'a secret is deleted'],
  'credential.key_rotated': ['entity', 3, 'a key takes the place of another'],
  'auth.user_signed_in': ['authentication', 1, 'a logon'],
  'auth.sign_in_failed': ['authentication', 1, 'a logon that failed'],
  'auth.user_signed_out': ['authentication', 2, 'a logoff'],
  'auth.token_issued': ['authentication', OTHER, 'tickets in this class are those of Kerberos', 'Token Issued'],
  'auth.token_rejected': ['authentication', OTHER, 'tickets in this class are those of Kerberos', 'Token Rejected'],
  'auth.mfa_enrolled': ['user', 12, 'a second factor is enrolled'],
  'auth.password_changed': ['user', 8, 'a password is changed'],
  'auth.api_key_created': ['entity', 1, 'a key is created'],
  'auth.api_key_revoked': ['entity', 4, 'a key is taken away'],
  'auth.access_denied': ['api', OTHER, GUARD, 'Access Denied'],
  'auth.rate_limited': ['api', OTHER, GUARD, 'Rate Limited'],
  'github.installation_connected': ['entity', 6, 'an installation is enrolled'],
  'github.installation_removed': ['entity', 7, 'an installation is taken out'],
  'github.pr_created': ['api', 1, 'a pull request is created by a call'],
  'notification.alert_sent': ['base', OTHER, 'no class is about messages to people that are not e-mail', 'Alert Sent'],
  'notification.approval_request_delivered': ['base', OTHER, 'as above', 'Approval Request Delivered'],
  'notification.delivery_failed': ['base', OTHER, 'as above', 'Delivery Failed'],
};
