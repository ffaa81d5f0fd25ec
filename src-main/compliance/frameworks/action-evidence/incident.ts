import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { EvidenceLink } from '../framework.ts';
import { shows } from './links.ts';

/** What records about incidents are evidence for. None of them says that an incident is a personal data breach: that is a person's judgement. */
export const INCIDENT_EVIDENCE = {
  'incident.created': [
    ...shows('An alarm or a person raised an event, and it became an incident with severity and time.', {
      soc2: 'CC7.2 CC7.3',
      iso27001: 'A.5.25 A.6.8 A.8.16',
      tisax: '1.6.1 1.6.2',
    }),
    ...shows('The time from which limits for telling of a breach are counted can be read off, should it be one.', {
      gdpr: '33',
      lgpd: '48',
      kvkk: '12',
    }),
  ],
  'incident.severity_updated': [
    ...shows('The event was weighed again, and why is on record.', {
      soc2: 'CC7.3',
      iso27001: 'A.5.25',
      tisax: '1.6.2',
    }),
  ],
  'incident.status_changed': [
    ...shows('The response went through its steps, each with its time, up to resolution or to a person taking over.', {
      soc2: 'CC7.4 CC7.5',
      iso27001: 'A.5.26',
      tisax: '1.6.2',
    }),
  ],
  'incident.assigned': [
    ...shows('Somebody answers for the incident by name and role.', {
      soc2: 'CC1.3 CC7.4',
      iso27001: 'A.5.2 A.5.24',
      tisax: '1.6.2',
    }),
  ],
  'incident.note_added': [
    ...shows('What was found and decided in the response was written down while it went on.', {
      soc2: 'CC2.2 CC7.4',
      iso27001: 'A.5.26 A.5.27',
    }),
    ...shows('Effects and remedies can be documented beside the incident, which a breach requires.', { gdpr: '33' }),
  ],
  'incident.evidence_attached': [
    ...shows('What was gathered is bound to the incident by its digest, so that it is seen if it changes.', {
      soc2: 'CC7.3 CC7.4',
      iso27001: 'A.5.28',
    }),
  ],
  'incident.merged': [
    ...shows('Events that are one were handled as one, and none was dropped without a trace.', {
      soc2: 'CC7.3',
      iso27001: 'A.5.25',
    }),
  ],
  'notification.alert_sent': [
    ...shows('Those who have to act were told, and when.', {
      soc2: 'CC2.2 CC7.3 CC7.4',
      iso27001: 'A.5.26 A.8.16',
      tisax: '1.6.1',
    }),
  ],
  'notification.approval_request_delivered': [
    ...shows('A change waited for a person, and the person was asked.', { soc2: 'CC2.2 CC8.1', iso27001: 'A.8.32' }),
  ],
  'notification.delivery_failed': [
    ...shows('A message that did not arrive is on record instead of being lost, so that somebody can make up for it.', {
      soc2: 'CC2.2 CC7.2',
      iso27001: 'A.8.16',
    }),
  ],
} as const satisfies Partial<Record<AuditAction, readonly EvidenceLink[]>>;
