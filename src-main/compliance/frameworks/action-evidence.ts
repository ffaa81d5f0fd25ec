import { ACCESS_EVIDENCE } from './action-evidence/access.ts';
import { INCIDENT_EVIDENCE } from './action-evidence/incident.ts';
import { INVESTIGATION_EVIDENCE } from './action-evidence/investigation.ts';
import { REMEDIATION_EVIDENCE } from './action-evidence/remediation.ts';
import { TENANT_EVIDENCE } from './action-evidence/tenant.ts';
import type { ActionEvidence } from './framework.ts';

/**
 * What records of each of the 67 actions are evidence for, and why. They show that something operated at a time; none
 * shows that a criterion is met.
 */
export const ACTION_EVIDENCE: ActionEvidence = {
  ...TENANT_EVIDENCE,
  ...INCIDENT_EVIDENCE,
  ...INVESTIGATION_EVIDENCE,
  ...REMEDIATION_EVIDENCE,
  ...ACCESS_EVIDENCE,
};
