import type { Frequency } from '../model/control.ts';
import type { ReportKind } from '../model/report.ts';

/** What each kind of report is called above its title. */
export const KIND_NAMES: Readonly<Record<ReportKind, string>> = {
  'soc2-type1': 'SOC 2 · Type I readiness',
  'soc2-type2': 'SOC 2 · Type II operating evidence',
  'gdpr-lgpd': 'GDPR and LGPD evidence',
  kvkk: 'KVKK evidence',
  iso27001: 'ISO/IEC 27001 evidence',
  incident: 'Incident evidence',
  'access-review': 'Access review evidence',
  approvals: 'Approvals evidence',
};

/** Only a Type I report speaks of one moment; the others of a period. */
export const isOfMoment = (kind: ReportKind): boolean => kind === 'soc2-type1';

export const FREQUENCY_NAMES: Readonly<Record<Frequency, string>> = {
  event: 'each time it happens',
  daily: 'daily',
  weekly: 'weekly',
  monthly: 'monthly',
  quarterly: 'quarterly',
  semiannual: 'twice a year',
  annual: 'yearly',
};

/** `late-revocation` as `late revocation`. */
export const kindInWords = (kind: string): string => kind.replaceAll('-', ' ');
