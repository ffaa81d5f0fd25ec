import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { EvidenceLink } from '../framework.ts';
import { shows } from './links.ts';

/** What records about the workspace itself are evidence for. */
export const TENANT_EVIDENCE = {
  'tenant.created': [
    ...shows(
      'The history begins with a record that names the chain and the key it is signed with, so that what is missing or forged can be told.',
      {
        soc2: 'CC2.1 PI1.5',
        iso27001: 'A.5.33 A.8.15 A.8.24',
        gdpr: '5',
        tisax: '5.2.4',
      },
    ),
  ],
  'tenant.configuration_changed': [
    ...shows('A change of a setting is on record with its old and its new value, who made it and when.', {
      soc2: 'CC7.1 CC8.1',
      iso27001: 'A.8.9 A.8.32',
      tisax: '5.2.1',
    }),
    ...shows('Settings of the technology that controls run on do not change without a trace.', { soc2: 'CC5.2' }),
  ],
  'tenant.user_added': [
    ...shows('A user was registered by somebody allowed to, with a role, before there were credentials.', {
      soc2: 'CC6.2 CC6.3',
      iso27001: 'A.5.16 A.5.18',
      gdpr: '32',
      lgpd: '46',
      kvkk: '12',
      tisax: '4.1.3 4.2.1',
    }),
  ],
  'tenant.user_role_changed': [
    ...shows('Access was changed with the role of the person; old and new role are on record.', {
      soc2: 'CC6.2 CC6.3',
      iso27001: 'A.5.18 A.8.2',
      gdpr: '32',
      lgpd: '46',
      kvkk: '12',
      tisax: '4.2.1',
    }),
  ],
  'tenant.user_removed': [
    ...shows('Access ended, at a time that can be compared with when it was no longer needed.', {
      soc2: 'CC6.2 CC6.3',
      iso27001: 'A.5.16 A.5.18 A.6.5',
      gdpr: '32',
      lgpd: '46 47',
      kvkk: '12',
      tisax: '4.1.3 4.2.1',
    }),
  ],
  'tenant.retention_policy_changed': [
    ...shows('How long a class of data is kept is a set figure, and who changed it to what is on record.', {
      soc2: 'C1.1 C1.2 P4.2',
      iso27001: 'A.5.33 A.8.10',
      gdpr: '5 25',
      lgpd: '15 16',
      kvkk: '4 7',
    }),
  ],
  'tenant.protection_change_approved': [
    ...shows(
      'A second person approved a change that weakens a protection, with a justification: nobody does that alone.',
      {
        soc2: 'CC5.1 CC6.3 CC8.1',
        iso27001: 'A.5.3 A.8.2 A.8.32',
        tisax: '5.2.1',
      },
    ),
    ...shows('Overriding a control, a way to commit and hide fraud, needs two people and stays visible.', {
      soc2: 'CC3.3',
    }),
  ],
  'tenant.control_updated': [
    ...shows('Controls are evaluated, by self-checks and by people, and the result of each time is on record.', {
      soc2: 'CC4.1',
      iso27001: 'A.5.36',
      gdpr: '32',
      lgpd: '50',
      tisax: '1.5.1 5.2.6',
    }),
    ...shows('A control that is found weak changes its status in the register, with reasons and owner.', {
      soc2: 'CC4.2',
    }),
    ...shows('Who owns a control and how often it is done is said on record.', {
      soc2: 'CC1.3 CC1.5',
      iso27001: 'A.5.2',
      tisax: '1.2.2',
    }),
    ...shows('Reviews of access are campaigns with a frozen population, and each decision is on record.', {
      soc2: 'CC6.2 CC6.3',
      iso27001: 'A.5.18',
      tisax: '4.2.1',
    }),
  ],
  'tenant.report_generated': [
    ...shows(
      'What controls did in a period was put together for those who oversee them, with the digest of what was given out.',
      {
        soc2: 'CC4.1 CC4.2',
        iso27001: 'A.5.36',
        gdpr: '5',
        lgpd: '6 50',
      },
    ),
  ],
  'tenant.audit_exported': [
    ...shows('Who took how much of the trail out of the system, in which form, is on record.', {
      soc2: 'CC6.7 CC2.3',
      iso27001: 'A.5.14 A.5.28',
    }),
    ...shows('Where sealed personal values were disclosed, their number is on record.', {
      soc2: 'P6.2',
      gdpr: '5',
      lgpd: '6',
    }),
  ],
  'tenant.audit_verified': [
    ...shows('It was checked that the trail is whole and unchanged, and what came of it is on record.', {
      soc2: 'CC4.1 CC7.2 PI1.5',
      iso27001: 'A.5.33 A.8.15',
      gdpr: '32',
      lgpd: '46',
      kvkk: '12',
      tisax: '5.2.4',
    }),
  ],
  'tenant.data_exported': [
    ...shows(
      'Data was given out at a time that can be held against the limit of the law, with the digest of what was given.',
      {
        soc2: 'P5.1 P6.7',
        gdpr: '15 20',
        lgpd: '18 19',
        kvkk: '11 13',
      },
    ),
    ...shows('Taking data out is on record with who did it.', { soc2: 'CC6.7', iso27001: 'A.5.14 A.5.34' }),
  ],
  'tenant.erasure_requested': [
    ...shows('A request to erase was taken up, with the day it is due.', {
      soc2: 'P4.3 P8.1',
      iso27001: 'A.5.34',
      gdpr: '17',
      lgpd: '18',
      kvkk: '7 11 13',
    }),
  ],
  'tenant.erasure_completed': [
    ...shows('Sealed values were made unreadable for good by destroying what opens them; the certificate says which.', {
      soc2: 'C1.2 P4.3 CC6.5',
      iso27001: 'A.5.34 A.8.10',
      gdpr: '5 17',
      lgpd: '16 18',
      kvkk: '7',
    }),
  ],
  'tenant.backup_verified': [
    ...shows('A backup was written and restored, and the restored chain ends as the original does.', {
      soc2: 'A1.2 A1.3 CC7.5',
      iso27001: 'A.8.13',
      gdpr: '32',
      lgpd: '46',
      kvkk: '12',
      tisax: '5.2.9',
    }),
  ],
} as const satisfies Partial<Record<AuditAction, readonly EvidenceLink[]>>;
