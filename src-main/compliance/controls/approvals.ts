import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { ChainEntry, EvidenceSink } from '../evaluation/evidence-test.ts';
import { type ControlDefinition, iso, soc2 } from './control-definition.ts';
import { defineTest } from './define-test.ts';
import { humanBehind, PEOPLE_ACTIONS, type PeopleOnRecord, takePeople } from './people-on-record.ts';
import { type ByText, name, readCount, readList, readText, readTime, slot } from './record-values.ts';

type Proposal = {
  seq: number;
  planDigest: string | null;
  required: number;
  expiresAt: number | null;
  asking: string[];
};
type Approval = { hash: string; request: string; required: number; human: string; alone: boolean };
type Changes = {
  people: PeopleOnRecord;
  /** What people are in the workspace, as far as records say; `removed` when they left it. */
  roles: ByText<string>;
  /** Version of the guardrail policies the newest change of them put in force; null before the first on record. */
  policy: string | null;
  /** By the hash of its record. */
  proposals: ByText<Proposal>;
  /** Approvals that count, by the digest of the plan. */
  approvals: ByText<Approval[]>;
  /** Requests and plans somebody said no to, and those carried out. */
  refused: ByText<number>;
  done: ByText<number>;
};

/** Records that say what people are in the workspace. */
const ROLE_ACTIONS = ['tenant.user_added', 'tenant.user_role_changed', 'tenant.user_removed'] as const;
/**
 * Those the product lets decide: its permissions are part of the build, and no workspace changes them. The guardrail policies
 * a workspace may change: what they ask besides is judged when an approval is given, and of them the chain has the digest
 * alone, so that it can be told whether the right ones were asked, not what they say.
 */
const MAY_APPROVE: ReadonlySet<string> = new Set(['owner', 'admin', 'operator']);

export const APPROVAL: ControlDefinition = {
  id: 'CM-01',
  name: 'Approval before a change',
  kind: 'technical',
  objective:
    'A change to production is carried out only after enough people, none of whom asked for it, approved exactly that plan.',
  frequency: 'event',
  effort: 'M',
  remedy:
    'Have changes proposed as plans, approved by people other than the requester in the console, and carried out with the lease of that approval only.',
  criteria: [
    soc2('CC8.1', 'Changes are authorised, on record, before they are carried out.'),
    soc2('CC5.1', 'Duties are separated: who asks does not approve.'),
    soc2('CC6.1', 'Credentials for a change exist only with its approval.'),
    soc2('CC7.5', 'Recovery from an incident is carried out as approved.'),
    soc2('PI1.3', 'What is carried out is what was approved, by its digest.'),
    iso('A.8.32', 'No change is carried out before it was approved as planned.'),
    iso('A.5.3', 'Who asks for a change and who approves it are different people.'),
    iso('A.5.26', 'The response to an incident is approved and on record.'),
    iso('A.8.9', 'Configuration is changed only as approved.'),
  ],
  needsOccurrence: true,
  selfCheck: true,
  test: defineTest<Changes>(
    'CM-01',
    {
      actions: [
        'remediation.proposed',
        'remediation.approved',
        'remediation.rejected',
        'remediation.expired',
        'remediation.withdrawn',
        'remediation.executed',
        'remediation.execution_failed',
        'credential.issued',
        'tenant.protection_change_approved',
        ...ROLE_ACTIONS,
        ...PEOPLE_ACTIONS,
      ],
      occurrenceRule:
        'Each change that was carried out, wholly or in part: remediation.executed (success), and remediation.execution_failed of which at least one step was sent.',
      deviationRule:
        'An approval by the human who asked, or on whose behalf it was asked, through whatever account (self-approval), not by a person (not-a-person), by somebody whose role on record may not approve, or who had been removed (may-not-approve; the roles that may are owner, admin and operator: those of this build, which no workspace changes), that names another version of the guardrail policies than the newest change of them on record put in force (other-policy; the text of policies is not on record, so what they ask besides is not judged again), that names no proposal on record (no-proposal), of another plan than the one proposed (other-plan), or after the proposal had expired (after-expiry): none of these counts. A change carried out without an approval that counts of that plan digest before it (no-approval), with fewer humans than its proposal asks for (too-few-approvals), after a rejection, expiry or withdrawal (after-refusal), or a second time (done-twice). A lease for a change without a counting approval before it (lease-without-approval).',
      begin: () => ({ people: {}, roles: {}, policy: null, proposals: {}, approvals: {}, refused: {}, done: {} }),
      take: (state, entry, sink) => {
        const { hash, seq, record } = entry;
        const { action, outcome, links, data } = record;
        takePeople(state.people, record);
        takeRole(state.roles, record);
        switch (action) {
          case 'remediation.proposed':
            if (outcome === 'success') state.proposals[slot(hash)] = readProposal(state.people, seq, record);
            return;
          case 'remediation.approved':
            if (outcome === 'success') takeApproval(state, entry, sink);
            return;
          case 'remediation.rejected':
          case 'remediation.expired':
          case 'remediation.withdrawn':
            if (outcome !== 'failure') state.refused[keyOf(data.planDigest, links?.request)] = seq;
            return;
          case 'remediation.executed':
            if (outcome === 'success') takeChange(state, entry, sink);
            return;
          case 'remediation.execution_failed':
            if (readList(data.steps).length > 0) takeChange(state, entry, sink);
            return;
          case 'tenant.protection_change_approved':
            if (outcome === 'success' && data.change === 'policy-change') state.policy = readText(data.changeDigest);
            return;
          case 'credential.issued': {
            if (outcome !== 'success' || data.task !== 'remediation') return;
            const approvals = state.approvals[slot(readText(data.planDigest) ?? '')] ?? [];
            if (approvals.some((one) => one.hash === links?.approval)) return;
            sink.deviation(
              'lease-without-approval',
              `A lease for a change was issued without an approval of its plan.`,
            );
          }
        }
      },
    },
    'watched',
  ),
};

/** Far more than any proposal asks for: of one plan, a file may hold any number. */
const MOST_KEPT = 100;

const keyOf = (plan: unknown, request: unknown): string => slot(readText(plan) ?? '', readText(request) ?? '');

function readProposal(people: PeopleOnRecord, seq: number, { actor, onBehalfOf, data }: AuditRecord): Proposal {
  const asking = [actor, ...(onBehalfOf === undefined ? [] : [onBehalfOf])].filter(({ type }) => type !== 'agent');
  return {
    seq,
    planDigest: readText(data.planDigest),
    required: Math.max(1, readCount(data.approvalsRequired) ?? 1),
    expiresAt: readTime(data.expiresAt),
    asking: asking.map(({ id }) => humanBehind(people, id)),
  };
}

/** May change `roles`. */
function takeRole(roles: ByText<string>, { action, outcome, data }: AuditRecord): void {
  const user = readText(data.user);
  if (outcome !== 'success' || user === null) return;
  if (action === 'tenant.user_added') roles[slot(user)] = readText(data.role) ?? '';
  else if (action === 'tenant.user_role_changed') roles[slot(user)] = readText(data.new) ?? '';
  else if (action === 'tenant.user_removed') roles[slot(user)] = 'removed';
}

function takeApproval(
  { people, roles, policy, proposals, approvals }: Changes,
  { hash, time, record }: ChainEntry,
  sink: EvidenceSink,
): void {
  const { actor, onBehalfOf, links, data } = record;
  const proposal = proposals[slot(links?.request ?? '')];
  const human = humanBehind(people, actor.id);
  const alone = data.breakGlass !== undefined;
  const asking = [
    ...(proposal?.asking ?? []),
    ...(onBehalfOf === undefined ? [] : [humanBehind(people, onBehalfOf.id)]),
  ];
  const plan = readText(data.planDigest);
  const faults: (readonly [string, string])[] = [];
  if (!alone && asking.includes(human)) {
    faults.push(['self-approval', `${name(actor.id)} approved what they, or somebody on their behalf, had asked for.`]);
  }
  if (actor.type !== 'user') faults.push(['not-a-person', `The approval is by ${name(actor.id)}, which is no person.`]);
  const role = roles[slot(actor.id)];
  if (role !== undefined && !MAY_APPROVE.has(role)) {
    const was = role === 'removed' ? 'was no longer in the workspace' : `was ${name(role)}, which may not approve`;
    faults.push(['may-not-approve', `${name(actor.id)} ${was}.`]);
  }
  if (policy !== null && data.policyVersion !== policy) {
    faults.push(['other-policy', 'The approval was given under other guardrail policies than those in force.']);
  }
  if (proposal === undefined) {
    faults.push(['no-proposal', 'The approval names no proposal that is on record before it.']);
  } else if (plan === null || proposal.planDigest !== plan) {
    faults.push(['other-plan', 'The approval is of another plan than the one that was proposed.']);
  }
  if (proposal !== undefined && proposal.expiresAt !== null && time >= proposal.expiresAt) {
    faults.push(['after-expiry', 'The proposal had expired when it was approved.']);
  }
  for (const [kind, text] of faults) sink.deviation(kind, text);
  if (faults.length > 0 || plan === null || proposal === undefined) return;
  const given = approvals[slot(plan)] ?? [];
  const { required } = proposal;
  if (given.length < MOST_KEPT) given.push({ hash, request: links?.request ?? '', required, human, alone });
  approvals[slot(plan)] = given;
}

function takeChange({ approvals, refused, done }: Changes, entry: ChainEntry, sink: EvidenceSink): void {
  const { seq, record } = entry;
  const { links, data } = record;
  sink.occurrence();
  const plan = readText(data.planDigest);
  const request = links?.request;
  const given = (plan === null ? undefined : approvals[slot(plan)]) ?? [];
  // one that names no request is held against whatever its plan was proposed as
  const counting = given.filter((one) => request === undefined || one.request === request);
  const required = counting.reduce((most, one) => Math.max(most, one.required), 1);
  const humans = new Set(counting.map(({ human }) => human)).size;
  if (counting.length === 0) {
    sink.deviation('no-approval', 'The change was carried out without an approval of its plan on record before it.');
  } else if (humans < required && !counting.some(({ alone }) => alone)) {
    sink.deviation('too-few-approvals', `The change was carried out with ${humans} of ${required} approvals.`);
  }
  const key = keyOf(data.planDigest, request);
  const no = refused[key];
  if (no !== undefined)
    sink.deviation('after-refusal', `The change was refused, withdrawn or expired in record ${no}.`);
  const before = done[key];
  if (before !== undefined) sink.deviation('done-twice', `The change was carried out in record ${before} already.`);
  done[key] = seq;
}
