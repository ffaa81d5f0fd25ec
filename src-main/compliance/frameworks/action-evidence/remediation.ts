import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { EvidenceLink } from '../framework.ts';
import { shows } from './links.ts';

/** What records about remediation, the changes the console makes, are evidence for. */
export const REMEDIATION_EVIDENCE = {
  'remediation.proposed': [
    ...shows('A change is written down in full, with a digest, before anybody decides on it.', {
      soc2: 'CC8.1 CC7.4',
      iso27001: 'A.5.26 A.8.32',
      tisax: '5.2.1',
    }),
  ],
  'remediation.approved': [
    ...shows(
      'A person authorized exactly this plan, by its digest, with a justification and having identified again where the rule says so.',
      {
        soc2: 'CC8.1 CC5.1',
        iso27001: 'A.5.3 A.8.32',
        tisax: '5.2.1',
      },
    ),
    ...shows(
      'Proposing and approving are different hands; where one person decided in an emergency, the record says so.',
      {
        soc2: 'CC6.3 CC3.3',
      },
    ),
  ],
  'remediation.rejected': [
    ...shows('A person refused a change, and it was not made.', {
      soc2: 'CC8.1 CC5.1',
      iso27001: 'A.5.3 A.8.32',
      tisax: '5.2.1',
    }),
  ],
  'remediation.expired': [
    ...shows('A change nobody decided on in time was not made.', { soc2: 'CC8.1', iso27001: 'A.8.32' }),
  ],
  'remediation.withdrawn': [
    ...shows('A proposal that had lost its ground was taken back and not made.', { soc2: 'CC8.1', iso27001: 'A.8.32' }),
  ],
  'remediation.executed': [
    ...shows('What was done is on record step by step, bound to the plan that was approved.', {
      soc2: 'CC7.4 CC7.5 CC8.1',
      iso27001: 'A.5.26 A.8.32',
      tisax: '1.6.2 5.2.1',
    }),
  ],
  'remediation.execution_failed': [
    ...shows('A change that did not go through is on record with the step it ended at.', {
      soc2: 'CC7.5 CC8.1',
      iso27001: 'A.5.26 A.8.32',
    }),
  ],
  'remediation.verified': [
    ...shows("Whether the change helped was measured on the incident's own signal, before and after.", {
      soc2: 'CC7.5 CC8.1',
      iso27001: 'A.5.26 A.5.27 A.8.32',
    }),
  ],
  'remediation.rolled_back': [
    ...shows('A change was undone, and how is on record.', { soc2: 'CC7.5 CC8.1', iso27001: 'A.5.26 A.8.32' }),
  ],
  'github.installation_connected': [
    ...shows('An outside service was connected by somebody allowed to, to a stated number of repositories.', {
      soc2: 'CC6.6',
      iso27001: 'A.5.23 A.8.4',
      tisax: '1.3.3',
    }),
  ],
  'github.installation_removed': [
    ...shows('The connection to an outside service ended, and why.', {
      soc2: 'CC6.6',
      iso27001: 'A.5.23 A.8.4',
      tisax: '5.3.3',
    }),
  ],
  'github.pr_created': [
    ...shows('A change to code went the way of review, bound to the plan that was approved.', {
      soc2: 'CC8.1',
      iso27001: 'A.8.4 A.8.32',
      tisax: '5.2.1',
    }),
  ],
} as const satisfies Partial<Record<AuditAction, readonly EvidenceLink[]>>;
