import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { EvidenceLink } from '../framework.ts';
import { shows } from './links.ts';

const PERSONAL_DATA_SECURITY = { gdpr: '32', lgpd: '46', kvkk: '12' } as const;

/** What records about credentials, sign-in and permissions are evidence for. */
export const ACCESS_EVIDENCE = {
  'credential.issued': [
    ...shows('Access to the cloud was given for one task, with a policy of its own and an end.', {
      soc2: 'CC6.1 CC6.3',
      iso27001: 'A.5.15 A.8.2',
      tisax: '4.1.1 4.2.1',
      ...PERSONAL_DATA_SECURITY,
    }),
    ...shows('The session can be found in the log of the cloud, where an outside record of its use is.', {
      iso27001: 'A.5.23',
    }),
  ],
  'credential.revoked': [
    ...shows('Temporary access ended with its task.', {
      soc2: 'CC6.1 CC6.2 CC6.3',
      iso27001: 'A.5.18 A.8.2',
      tisax: '4.2.1',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'credential.expired': [
    ...shows('Temporary access ended by itself.', { soc2: 'CC6.1 CC6.2', iso27001: 'A.5.18 A.8.2', tisax: '4.2.1' }),
  ],
  'credential.issue_refused': [
    ...shows('Access that was not due was not given.', { soc2: 'CC6.1 CC6.3', iso27001: 'A.5.15 A.8.2' }),
  ],
  'credential.secret_stored': [
    ...shows('A secret is kept encrypted under a key of its own, which another key wraps.', {
      soc2: 'CC6.1 C1.1',
      iso27001: 'A.5.17 A.8.24',
      tisax: '5.1.1',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'credential.secret_used': [
    ...shows('Each opening of a secret is on record with its purpose.', {
      soc2: 'CC6.1 CC7.2',
      iso27001: 'A.5.17 A.8.15',
      tisax: '5.2.4',
    }),
  ],
  'credential.secret_deleted': [
    ...shows('A secret that was no longer needed was removed.', { soc2: 'CC6.1 C1.2', iso27001: 'A.5.17 A.8.10' }),
  ],
  'credential.key_rotated': [
    ...shows('A key was replaced by a new one, and both are on record.', {
      soc2: 'CC6.1',
      iso27001: 'A.8.24',
      tisax: '5.1.1',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'auth.user_signed_in': [
    ...shows('Somebody got in by authenticating; method and second factor are on record.', {
      soc2: 'CC6.1',
      iso27001: 'A.8.5 A.8.15',
      tisax: '4.1.2 5.2.4',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'auth.sign_in_failed': [
    ...shows('An attempt that failed was noticed, and how many went before.', {
      soc2: 'CC6.1 CC6.6 CC7.2',
      iso27001: 'A.8.5 A.8.15 A.8.16',
      tisax: '4.1.2 5.2.4',
    }),
  ],
  'auth.user_signed_out': [
    ...shows('Access of a session ended, by itself, by the person or by somebody else.', {
      soc2: 'CC6.1',
      iso27001: 'A.8.5 A.8.15',
    }),
    ...shows('Where a role was changed or taken away, running sessions ended with it.', { soc2: 'CC6.2' }),
  ],
  'auth.token_issued': [
    ...shows('Access rests on a token with an end, bound to one session.', { soc2: 'CC6.1', iso27001: 'A.8.5' }),
  ],
  'auth.token_rejected': [
    ...shows('A token that was forged, foreign or out of date did not open anything.', {
      soc2: 'CC6.1 CC6.6 CC7.2',
      iso27001: 'A.8.5 A.8.16',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'auth.mfa_enrolled': [
    ...shows('A second factor was set up or replaced, for whom and by which method.', {
      soc2: 'CC6.1 CC6.6',
      iso27001: 'A.5.17 A.8.5',
      tisax: '4.1.2',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'auth.password_changed': [
    ...shows('A password was replaced, with the parameters it is kept under.', {
      soc2: 'CC6.1',
      iso27001: 'A.5.17 A.8.5',
      tisax: '4.1.3',
    }),
  ],
  'auth.api_key_created': [
    ...shows('A machine got access with stated scopes and an end where one was set.', {
      soc2: 'CC6.1 CC6.2 CC6.3',
      iso27001: 'A.5.16 A.5.17 A.5.18',
      tisax: '4.1.1',
    }),
  ],
  'auth.api_key_revoked': [
    ...shows('Access of a machine ended, and why.', {
      soc2: 'CC6.1 CC6.2 CC6.3',
      iso27001: 'A.5.17 A.5.18',
      tisax: '4.2.1',
    }),
  ],
  'auth.access_denied': [
    ...shows('A request without the permission, or from another tenant, was refused.', {
      soc2: 'CC6.1 CC6.3 CC7.2',
      iso27001: 'A.5.15 A.8.3 A.8.16',
      tisax: '4.2.1',
      ...PERSONAL_DATA_SECURITY,
    }),
  ],
  'auth.rate_limited': [
    ...shows('Too many requests were held off, which slows guessing and keeps the system usable.', {
      soc2: 'CC6.6 CC7.2',
      iso27001: 'A.8.16 A.8.20',
    }),
  ],
} as const satisfies Partial<Record<AuditAction, readonly EvidenceLink[]>>;
