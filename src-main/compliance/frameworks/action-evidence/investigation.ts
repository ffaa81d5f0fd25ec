import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { EvidenceLink } from '../framework.ts';
import { shows } from './links.ts';

/** What records about investigations and the agents that carry them out are evidence for. */
export const INVESTIGATION_EVIDENCE = {
  'investigation.started': [
    ...shows('Each incident is looked into, over a stated window and by a method of a stated version.', {
      soc2: 'CC7.3 CC7.4',
      iso27001: 'A.5.26',
      tisax: '1.6.2',
    }),
    ...shows('What is to be processed and how is said before it is done.', { soc2: 'PI1.1' }),
  ],
  'investigation.agent_dispatched': [
    ...shows('An agent got a task together with exactly the permissions of that task.', {
      soc2: 'CC6.1 CC6.3',
      iso27001: 'A.5.15 A.8.2 A.8.3',
      gdpr: '25',
      tisax: '4.2.1',
    }),
  ],
  'investigation.system_called': [
    ...shows('Every call that left the system is on record: where to, what for, with digests of request and answer.', {
      soc2: 'CC6.6 CC7.2',
      iso27001: 'A.8.15 A.8.16 A.8.20',
      tisax: '5.2.4',
    }),
    ...shows('What went out and what came back can be held against the digests.', { soc2: 'CC6.7' }),
  ],
  'investigation.policy_decided': [
    ...shows('A guardrail allowed or denied the action by a policy of a known version before it happened.', {
      soc2: 'CC5.1 CC6.1 CC6.3',
      iso27001: 'A.5.15 A.8.3',
      gdpr: '25 32',
      lgpd: '46',
      kvkk: '12',
      tisax: '4.2.1',
    }),
  ],
  'investigation.data_masked': [
    ...shows('Personal data was taken out before it reached an agent; which pattern and how often is on record.', {
      soc2: 'C1.1 P4.1 CC6.7',
      iso27001: 'A.5.34 A.8.11 A.8.12',
      gdpr: '5 25 32',
      lgpd: '6 46',
      kvkk: '4 12',
      tisax: '7.1.2',
    }),
  ],
  'investigation.output_rejected': [
    ...shows('Output that did not fit its schema was refused and not used.', {
      soc2: 'PI1.2 PI1.3',
      iso27001: 'A.8.26 A.8.28',
    }),
  ],
  'investigation.findings_submitted': [
    ...shows('Findings name the evidence they rest on by digest.', { soc2: 'PI1.4 CC7.3', iso27001: 'A.5.25 A.5.28' }),
  ],
  'investigation.hypotheses_ranked': [
    ...shows('The causes considered, their order and the method are on record, also when the method abstained.', {
      soc2: 'CC7.3 PI1.3 PI1.4',
      iso27001: 'A.5.25 A.5.27',
    }),
  ],
  'investigation.completed': [
    ...shows('The investigation came to a result, and how long it took is on record.', {
      soc2: 'CC7.3 CC7.4 PI1.4',
      iso27001: 'A.5.26',
      tisax: '1.6.2',
    }),
  ],
  'investigation.failed': [
    ...shows('Processing that went wrong is on record with its reason, and a person takes over.', {
      soc2: 'CC7.2 PI1.3',
      iso27001: 'A.8.15 A.8.16',
    }),
  ],
  'investigation.cancelled': [
    ...shows('Processing that was stopped is on record with its reason and does not pass for complete.', {
      soc2: 'PI1.3',
      iso27001: 'A.8.15',
    }),
  ],
} as const satisfies Partial<Record<AuditAction, readonly EvidenceLink[]>>;
