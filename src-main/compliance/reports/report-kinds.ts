import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_ACTIONS } from '#shared/model/audit-actions.ts';
import type { CriterionRef, FrameworkId } from '#shared/model/control.ts';
import type { ReportKind, ReportRequest } from '#shared/model/report.ts';
import type { EvaluationRequest } from '../evaluation/evaluation.ts';
import type { CollectorName } from './collectors.ts';

/** What makes one kind of report another than the next. Its blocks stand in kinds/. */
export interface KindDefinition {
  readonly title: string;
  readonly frameworks: readonly FrameworkId[];
  /** Criteria it speaks of when none are named; null: all of its frameworks'. */
  readonly criteria: readonly CriterionRef[] | null;
  /** Actions in scope; null: those its criteria rest on. */
  readonly actions: readonly AuditAction[] | null;
  /** Besides those its criteria rest on. */
  readonly moreActions: readonly AuditAction[];
  /** Controls counted for it: those of its criteria, or every one, for the exceptions about its own records alone. */
  readonly controls: 'of-criteria' | 'all';
  readonly collectors: readonly CollectorName[];
  readonly needs: 'incident' | 'campaign' | null;
  /** What it does not prove, besides what none does. */
  readonly limits: readonly string[];
}

const refs = (framework: FrameworkId, ...ids: readonly string[]): readonly CriterionRef[] =>
  ids.map((id) => ({ framework, id }));
const startingWith = (...prefixes: readonly string[]): readonly AuditAction[] =>
  AUDIT_ACTIONS.filter((action) => prefixes.some((prefix) => action.startsWith(prefix)));

const NOT_AN_OPINION =
  'It is evidence gathered by the software of the organisation it is about. It is neither an auditor’s opinion nor a certificate.';

type KindScope = Omit<KindDefinition, 'title' | 'frameworks' | 'limits'>;

/** Of a whole framework: what its criteria rest on, and their controls. */
const OF_A_FRAMEWORK: KindScope = {
  criteria: null,
  actions: null,
  moreActions: [],
  controls: 'of-criteria',
  collectors: ['spread', 'people', 'policies'],
  needs: null,
};

/** Of a law on personal data, whatever its criteria rest on: what became of such data. */
const OF_PRIVACY: KindScope = {
  ...OF_A_FRAMEWORK,
  moreActions: startingWith('tenant.erasure', 'tenant.data_exported', 'tenant.retention', 'investigation.data_masked'),
  collectors: ['spread', 'people', 'policies', 'privacy'],
};

export const REPORT_KIND: Readonly<Record<ReportKind, KindDefinition>> = {
  'soc2-type1': {
    title: 'SOC 2 Type I readiness',
    frameworks: ['soc2'],
    ...OF_A_FRAMEWORK,
    limits: [
      NOT_AN_OPINION,
      'It speaks of how controls are designed and of whether they are in place at one moment. That they went on operating is for a Type II report.',
      'A control in place covers what the control is about in this console. Whether that is enough for a criterion is for the auditor to judge.',
    ],
  },
  'soc2-type2': {
    title: 'SOC 2 Type II operating evidence',
    frameworks: ['soc2'],
    ...OF_A_FRAMEWORK,
    limits: [
      NOT_AN_OPINION,
      'It shows that records of the controls’ operation were written in the window. What was done without a record is not in it.',
      'Of controls that operate each time something happens, it cannot be told from the records how often that should have been.',
      'Sample sizes are those of the profile named in it. The AICPA prescribes none.',
    ],
  },
  'gdpr-lgpd': {
    title: 'GDPR and LGPD evidence',
    frameworks: ['gdpr', 'lgpd'],
    ...OF_PRIVACY,
    limits: [
      NOT_AN_OPINION,
      'It is no legal advice. Whether a law applies, and what it asks for in a case, is for a lawyer to say.',
      'The clock of a request runs from the record that it was taken in. When the person sent it, is not on record.',
      'Requests for access have no record of their arrival: that an export was made is shown, not how long it took.',
      'Whether an incident was a breach of personal data, and whether an authority was told, is not on record. The times at which it would have been due are.',
      'Working days are Monday to Friday: public holidays are not known here.',
      'Prolongations of a clock are not on record. A request answered after the first limit is shown as late.',
    ],
  },
  kvkk: {
    title: 'KVKK evidence',
    frameworks: ['kvkk'],
    ...OF_PRIVACY,
    limits: [
      NOT_AN_OPINION,
      'It is no legal advice. Whether the law applies, and what it asks for in a case, is for a lawyer to say.',
      'The clock of a request runs from the record that it was taken in. When the person sent it, is not on record.',
      'Whether an incident was a breach of personal data, and whether the authority was told, is not on record. The times at which it would have been due are.',
      'That records of disposal are still kept is shown for those in this chain. Disposal carried out outside of this console is not in it.',
    ],
  },
  iso27001: {
    title: 'ISO/IEC 27001:2022 Annex A evidence',
    frameworks: ['iso27001'],
    ...OF_A_FRAMEWORK,
    limits: [
      NOT_AN_OPINION,
      'It is no statement of applicability: which controls of Annex A apply is for the organisation to decide and to justify.',
      'Clauses 4 to 10 of the standard, the management system itself, are not in it.',
      'The crosswalk to SOC 2 is this product’s own reading. Neither publisher has endorsed it.',
    ],
  },
  incident: {
    title: 'Incident report',
    frameworks: ['soc2', 'iso27001'],
    criteria: [
      ...refs('soc2', 'CC7.2', 'CC7.3', 'CC7.4', 'CC7.5'),
      ...refs('iso27001', 'A.5.24', 'A.5.25', 'A.5.26', 'A.5.27', 'A.5.28'),
    ],
    actions: startingWith(
      'incident.',
      'investigation.',
      'remediation.',
      'credential.issue',
      'credential.revoked',
      'credential.expired',
      'tenant.protection_change_approved',
      'notification.',
      'github.pr_created',
    ),
    moreActions: [],
    controls: 'all',
    collectors: ['spread', 'people', 'policies', 'incident'],
    needs: 'incident',
    limits: [
      NOT_AN_OPINION,
      'It holds what this console did and was told about the incident. What was done elsewhere, by hand in the cloud or in other tools, is not in it.',
      'The cloud’s answers stand in it by their digests. The answers themselves are kept beside the chain.',
      'That the most likely cause is the true one is not proven by its rank.',
    ],
  },
  'access-review': {
    title: 'Access review',
    frameworks: ['soc2', 'iso27001'],
    criteria: [...refs('soc2', 'CC6.2', 'CC6.3'), ...refs('iso27001', 'A.5.18', 'A.8.2')],
    actions: [
      ...startingWith('tenant.user_', 'auth.api_key_'),
      'tenant.control_updated',
      'tenant.configuration_changed',
      'auth.access_denied',
    ],
    moreActions: [],
    controls: 'of-criteria',
    collectors: ['spread', 'people', 'policies', 'access'],
    needs: 'campaign',
    limits: [
      NOT_AN_OPINION,
      'It is about access to this console. Access to the systems it looks at is reviewed where those are.',
      'That a reviewer thought about a decision is not proven by its record.',
    ],
  },
  approvals: {
    title: 'Approvals',
    frameworks: ['soc2', 'iso27001'],
    criteria: [...refs('soc2', 'CC5.2', 'CC6.3', 'CC8.1'), ...refs('iso27001', 'A.5.3', 'A.8.2', 'A.8.32')],
    actions: [
      ...startingWith('remediation.'),
      'tenant.protection_change_approved',
      'tenant.configuration_changed',
      'auth.access_denied',
      'auth.api_key_created',
    ],
    moreActions: [],
    controls: 'of-criteria',
    collectors: ['spread', 'people', 'policies', 'approvals'],
    needs: null,
    limits: [
      NOT_AN_OPINION,
      'That two accounts are two humans is told from the records: accounts nobody declared an alias of another count as different humans.',
      'Changes made in the cloud without this console are not in it.',
    ],
  },
};

/** The title as the report carries it. */
export function titleOf({ kind, incident, campaign }: ReportRequest): string {
  const { title } = REPORT_KIND[kind];
  const about = incident ?? campaign;
  return about === undefined ? title : `${title}: ${about}`;
}

/** What the kind's collectors are asked. */
export function collectorsFor(
  request: ReportRequest,
  actions: readonly AuditAction[],
): EvaluationRequest['collectors'] {
  const names: readonly CollectorName[] = request.sample === undefined ? ['origin'] : ['draws', 'origin'];
  return [...REPORT_KIND[request.kind].collectors, ...names].map((name) => ({
    name,
    parameters: parametersFor(name, request, actions),
  }));
}

function parametersFor(name: CollectorName, request: ReportRequest, actions: readonly AuditAction[]): object {
  const { from, to } = request.window;
  switch (name) {
    case 'spread':
      return { from, to, actions, actors: request.filter?.actors ?? null };
    case 'incident':
      return { incident: request.incident };
    case 'access':
    case 'origin':
      return {};
    case 'draws':
    case 'people':
    case 'policies':
    case 'privacy':
    case 'approvals':
      return { from, to };
  }
}
