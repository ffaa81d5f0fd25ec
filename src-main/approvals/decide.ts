import { CausewayError } from '#shared/errors.ts';
import type { Permission, Reauthentication } from '#shared/model/access.ts';
import type { Links } from '#shared/model/audit-record.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { Principal } from '../identity/principal.ts';
import { type Asker, approvalRequest, breakGlassRequest } from '../policy/request.ts';
import type { ApprovalRules } from './approval-rules.ts';
import type { ApprovalsOptions } from './approvals.ts';
import { checkProposal } from './check-proposal.ts';
import {
  type BreakGlassInput,
  conflict,
  type Decided,
  type DecisionInput,
  demandSentence,
  type VerifiedAnswer,
} from './decision.ts';
import { BREAK_GLASS_RULE, CLOCK_TOLERANCE_MS, isOwnDevice, type ProposalOnRecord } from './judge-approval.ts';
import type { Proposal } from './proposal-book.ts';
import { type DecisionRecord, recordDecision } from './record-decision.ts';
import { recordRefused, type WhyNot, whyNotApprove, whyNotDecide } from './refuse-approval.ts';
import { readStanding, type Standing, withStanding } from './standing.ts';

/** How old a decision may be that comes by file: no older than a proposal waits. */
const OLDEST_ANSWER_MS = 30 * 60_000;

export interface DecisionNeeds extends ApprovalsOptions {
  readonly rules: ApprovalRules;
  isDue(remediation: Remediation): boolean;
  keep(proposal: Proposal, remediation: Remediation): Proposal;
  expire(proposal: Proposal, reason: 'timeout'): Promise<Proposal>;
}

/** A proposal that waits, with what the chain has of it. */
interface Opened {
  readonly proposal: Proposal;
  readonly onRecord: ProposalOnRecord;
  readonly standing: Standing;
}

/** Who decides and where, whether sitting here or by file. */
interface Decider extends Asker {
  readonly role: string | null;
  readonly name: string;
  readonly device: { readonly id: string; readonly name: string | null };
}

/** The decisions of people on proposals. Each call decides on one proposal, alone. */
export function createDecisions(needs: DecisionNeeds) {
  const { audit, book, people, rules, clock, guard, engine } = needs;

  async function open(remediation: string, planDigest: string): Promise<Opened> {
    const kept = book.read(remediation);
    const { status } = kept.remediation;
    if (status !== 'proposed') {
      throw conflict('not-waiting', `${remediation} is ${status}; it is not waiting for a decision.`);
    }
    const standing = await readStanding(audit, kept, rules, clock.now());
    const proposal = { ...kept, remediation: withStanding(kept.remediation, standing) };
    if (standing.decision !== null) {
      needs.keep(kept, proposal.remediation); // the chain decides what was decided
      const { outcome } = standing.decision;
      throw conflict('decided-on-record', `${remediation} is ${outcome} on record; it is not waiting for a decision.`);
    }
    await demandInTime(proposal);
    if (planDigest !== kept.remediation.planDigest) {
      throw conflict(
        'plan-digest',
        `The plan that was shown is not the plan of ${remediation}. Open it again; nothing has been decided.`,
      );
    }
    const onRecord = checkProposal(audit, kept);
    // a clock that was put back before this start: nobody knows how much of the time has passed
    await demandInTime(proposal, clock.now() < Date.parse(onRecord.record.time) - CLOCK_TOLERANCE_MS);
    return { proposal, onRecord, standing };
  }

  async function demandInTime(proposal: Proposal, lost = false): Promise<void> {
    if (!lost && !needs.isDue(proposal.remediation)) return;
    await needs.expire(proposal, 'timeout');
    throw conflict('expired', `The time to decide on ${proposal.remediation.id} has passed; that counts as no.`);
  }

  async function refuse({ proposal }: Opened, by: Decider, permission: Permission, why: WhyNot | null): Promise<void> {
    if (why === null) return;
    const refused = {
      actor: { type: by.type, id: by.id },
      device: { id: by.device.id },
      role: by.role,
      permission,
      remediation: proposal.remediation.id,
      links: linksOf(proposal),
    };
    throw await recordRefused(audit, refused, why);
  }

  /** The policy's answer, on record either way; then the decision's own record, and what it makes of the proposal. */
  async function settle(opened: Opened, by: Decider, decision: DecisionRecord): Promise<Decided> {
    const { proposal, onRecord } = opened;
    const { remediation } = proposal;
    const links = linksOf(proposal);
    const asked = {
      by: { type: by.type, id: by.id, human: by.human },
      remediation: remediation.id,
      planDigest: onRecord.data.planDigest,
      shownPlanDigest: decision.planDigest,
      expired: needs.isDue(remediation),
    };
    const { policyVersion } = await guard(
      decision.breakGlass === undefined
        ? approvalRequest({ ...asked, decision: decision.decision, requesters: requestersOf(onRecord) })
        : breakGlassRequest({ ...asked, reasonGiven: true }),
      { actor: { type: by.type, id: by.id }, links, device: { id: by.device.id } },
    );
    const stored = await recordDecision(audit, { ...decision, by, remediation: remediation.id, links, policyVersion });
    const standing = await readStanding(audit, proposal, rules, clock.now());
    const decided = needs.keep(proposal, withStanding(remediation, standing));
    return { proposal: decided, record: stored, complete: standing.decision !== null };
  }

  function requestersOf({ record: { actor, onBehalfOf } }: ProposalOnRecord) {
    if (onBehalfOf === undefined) return [actor];
    return [actor, onBehalfOf, { type: 'user' as const, id: rules.humanBehind(onBehalfOf.id) }];
  }

  async function demandProof(by: Principal, proof: Reauthentication | undefined): Promise<'password' | 'totp'> {
    if (proof !== undefined) return people.reauthenticate(by, proof);
    throw new CausewayError(
      'reauthentication-required',
      'Give your password, or a code of your second factor, to approve. Nothing has been decided.',
      { reason: 'missing' },
    );
  }

  /** Fails when a policy in force lets no number of approvals be enough. */
  function demandPossible({ onRecord, standing }: Opened): void {
    const { severity, environmentKind, plan } = onRecord.data;
    if (standing.required !== null || severity === undefined || environmentKind === undefined) return;
    rules.required({ severity, environmentKind, kind: plan.kind });
  }

  return {
    decide: async (principal: Principal, input: DecisionInput): Promise<Decided> => {
      const justification = demandSentence(input.justification, 'justification');
      const by = deciderOf(principal);
      const opened = await open(input.remediation, input.planDigest);
      const permitted = people.may(principal, 'approvals.decide');
      const { planDigest, channel, decision } = input;
      const what = { planDigest, justification, channel, decision, rule: engine.approvalRule.id };
      if (decision === 'reject') {
        await refuse(opened, by, 'approvals.decide', whyNotDecide(by, permitted));
        book.probe(input.remediation);
        return settle(opened, by, { ...what, reauthentication: 'none' });
      }
      const { record } = opened.onRecord;
      await refuse(opened, by, 'approvals.decide', whyNotApprove(by, permitted, record, opened.standing, rules));
      demandPossible(opened);
      // A workspace that cannot be written would not know of the decision: that shows before anything is decided.
      book.probe(input.remediation);
      const reauthentication = await demandProof(principal, input.reauthentication);
      await demandInTime(opened.proposal); // proving takes a moment
      return settle(opened, by, { ...what, reauthentication });
    },

    breakGlass: async (principal: Principal, input: BreakGlassInput): Promise<Decided> => {
      const reason = demandSentence(input.reason, 'reason');
      const justification = demandSentence(input.justification, 'justification');
      const by = deciderOf(principal);
      const opened = await open(input.remediation, input.planDigest);
      const permitted = people.may(principal, 'approvals.break-glass');
      await refuse(opened, by, 'approvals.break-glass', whyNotDecide(by, permitted));
      book.probe(input.remediation);
      const reauthentication = await demandProof(principal, input.reauthentication);
      await demandInTime(opened.proposal);
      const { planDigest, channel = 'dialog' } = input;
      const what = { planDigest, justification, channel, reauthentication, rule: BREAK_GLASS_RULE };
      return settle(opened, by, { ...what, decision: 'approve', breakGlass: reason });
    },

    decideByFile: async (answer: VerifiedAnswer): Promise<Decided> => {
      const justification = demandSentence(answer.justification, 'justification');
      const opened = await open(answer.remediation, answer.planDigest);
      demandFresh(opened, answer, rules, clock.now());
      const { person, decision, planDigest, reauthentication } = answer;
      const by = {
        type: 'user' as const,
        id: person,
        human: rules.humanBehind(person),
        role: null,
        name: people.nameOf(person),
        device: { id: answer.device, name: null },
      };
      if (!people.eligible().some(({ id }) => id === person)) {
        const text = 'Whoever signed this answer may not decide on plans here.';
        await refuse(opened, by, 'approvals.decide', { reason: 'approver-not-eligible', text, code: 'denied' });
      }
      if (!isOwnDevice(answer.deviceKey, person, rules)) {
        const text = 'The key that signed this answer was not registered by the person it is of.';
        await refuse(opened, by, 'approvals.decide', { reason: 'device-not-own', text, code: 'denied' });
      }
      if (decision === 'approve') {
        const { record } = opened.onRecord;
        await refuse(opened, by, 'approvals.decide', whyNotApprove(by, true, record, opened.standing, rules));
        demandPossible(opened);
      }
      book.probe(answer.remediation);
      const file = { digest: answer.fileDigest, deviceKey: answer.deviceKey };
      const what = { planDigest, justification, reauthentication, decision, rule: engine.approvalRule.id };
      return settle(opened, by, { ...what, channel: 'file', file });
    },
  };
}

function deciderOf({ type, id, human, role, name, device }: Principal): Decider {
  return { type, id, human, role, name, device };
}

/**
 * Whether an answer is one to the question as it is now: a file can be kept, and given back when it says something else
 * than it did.
 * @throws CausewayError `conflict`
 */
function demandFresh({ onRecord }: Opened, answer: VerifiedAnswer, rules: ApprovalRules, now: number): void {
  const { remediation, requestHash, policyVersion } = answer;
  if (requestHash !== onRecord.hash) {
    throw conflict(
      'other-request',
      `The answer is to another request than that of ${remediation}. Nothing was decided.`,
    );
  }
  if (policyVersion !== rules.version()) {
    throw conflict(
      'policy-changed',
      'The guardrail policies were changed after this was asked. Save a new request and have it answered.',
    );
  }
  const decidedAt = Date.parse(answer.decidedAt);
  const asked = Date.parse(onRecord.record.time) - CLOCK_TOLERANCE_MS;
  const until = Math.min(Date.parse(onRecord.data.expiresAt), now + CLOCK_TOLERANCE_MS);
  if (decidedAt >= asked && decidedAt < until && now - decidedAt <= OLDEST_ANSWER_MS) return;
  throw conflict(
    'answer-stale',
    `The answer was not given in the time there was to decide on ${remediation}; that counts as no.`,
  );
}

export function linksOf({ incident, investigation, remediation }: Proposal): Links {
  return { incident, investigation, remediation: remediation.id, request: remediation.requestHash };
}
