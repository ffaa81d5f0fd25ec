import type { Permission } from '#shared/model/access.ts';

/** What each permission is, in a sentence for the table of roles. What it is given to stands in the policies alone. */
export const PERMISSION_TEXTS: Readonly<Record<Permission, string>> = {
  'incidents.read': 'See incidents, investigations, proposed remediations and live leases.',
  'incidents.import': 'Import alarms and open incidents from them.',
  'investigations.run': 'Start and cancel investigations.',
  'approvals.decide': 'Approve or reject proposed remediations.',
  'approvals.break-glass': 'Approve alone in an emergency, with a review by another person afterwards.',
  'approvals.review': 'Review emergency approvals of others.',
  'trail.read': 'Read the audit trail.',
  'trail.export': 'Export the audit trail or an extract of it.',
  'trail.verify': 'Verify the audit trail and exported files.',
  'history.acknowledge': 'Ask to acknowledge a break of the audit history.',
  'witness.manage': 'Add and remove witnesses, and exchange cosignatures with them.',
  'keys.rotate': 'Ask to change the key that signs the audit trail.',
  'protections.decide': 'Agree, as the second person, to a change of the protections.',
  'policies.read': 'Read the guardrail policies and their versions.',
  'policies.change': 'Ask to change the guardrail policies.',
  'people.read': 'See the people, roles, API keys and devices of the workspace.',
  'people.manage': 'Invite and remove people, change their roles, and register devices.',
  'api-keys.manage': 'Make and revoke API keys.',
  'leases.revoke': 'End credential leases of agents early.',
  'secrets.read': 'See which integration secrets there are, never their values.',
  'secrets.manage': 'Store, replace and remove integration secrets.',
  'compliance.read': 'See the control register, its evidence and exceptions, and look at reports.',
  'compliance.manage':
    'Give controls an owner, a cadence and attachments, say which do not apply, open and close access reviews.',
  'access-reviews.decide': "Decide in an access review on other people's access.",
  'reports.make': 'Save evidence reports and bundles for an auditor, and take in their notes.',
};
