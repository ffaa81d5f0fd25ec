import type { PolicyEngine } from '#main/policy/engine.ts';
import { brokenInvariants, INVARIANTS } from '#main/policy/invariants.ts';
import { approvalRequest, breakGlassRequest, type PolicyRequest } from '#main/policy/request.ts';
import { protectionRequest } from '#main/policy/step-requests.ts';
import type { Parts } from '../../parts.ts';
import { approversOf, countApprovers } from '../../people.ts';
import { type Found, fails, holds, partial } from './found.ts';

const LONGEST_LEASE_MS = 15 * 60_000;

/** Leases that live now. */
export async function checkLeases({ broker }: Parts): Promise<Found> {
  const live = broker.live().map(({ id, issuedAt, expiresAt }) => ({ id, ms: expiresAt - issuedAt }));
  const long = live.filter(({ ms }) => ms > LONGEST_LEASE_MS);
  if (long.length > 0) return fails(`Leases longer than 15 minutes: ${long.map(({ id }) => id).join(', ')}.`, live);
  return holds(`${live.length} leases live now, none longer than 15 minutes.`, live);
}

/** What every guardrail policy has to keep, asked of the one in force. */
export async function checkGuardrails({ policies }: Parts): Promise<Found> {
  const engine = policies.engine();
  const broken = brokenInvariants(engine);
  const looked = { version: engine.version, asked: INVARIANTS.map(({ sentence }) => sentence), broken };
  if (broken.length > 0) return fails(`The policy in force does not keep: ${broken.join(' ')}`, looked);
  return holds(`The policy in force keeps all ${INVARIANTS.length} rules nothing may give up.`, looked);
}

const PLAN = 'a'.repeat(64);
const PERSON = { type: 'user', id: 'u-000000000001', human: 'u-000000000001' } as const;
const DECISION = { by: PERSON, remediation: 'self-check', planDigest: PLAN, shownPlanDigest: PLAN, expired: false };

/** Asks the policy in force for what must be denied, and whether there is a second person at all. */
export async function checkApprovals({ policies, ...parts }: Parts): Promise<Found> {
  const engine = policies.engine();
  const requesters = [{ type: 'agent', id: 'remediator' } as const];
  const ask = { ...DECISION, decision: 'approve', requesters } as const;
  return withSecondPerson(parts, engine, {
    'approving what one asked for': approvalRequest({
      ...ask,
      requesters: [...requesters, { type: 'user', id: PERSON.id }],
    }),
    'approving another plan than was shown': approvalRequest({ ...ask, shownPlanDigest: 'b'.repeat(64) }),
    'approving after the time has passed': approvalRequest({ ...ask, expired: true }),
    'approving by an API key': approvalRequest({ ...ask, by: { ...PERSON, type: 'api_key', id: 'key-000000000001' } }),
  });
}

export async function checkBreakGlass({ policies, ...parts }: Parts): Promise<Found> {
  return withSecondPerson(parts, policies.engine(), {
    'breaking the glass without a reason': breakGlassRequest({ ...DECISION, reasonGiven: false }),
    'breaking the glass by an API key': breakGlassRequest({
      ...DECISION,
      by: { ...PERSON, type: 'api_key', id: 'key-000000000001' },
      reasonGiven: true,
    }),
  });
}

export async function checkProtections({ policies, ...parts }: Parts): Promise<Found> {
  const ask = {
    by: PERSON,
    kind: 'policy-change',
    changeDigest: PLAN,
    requester: 'u-000000000002',
    approvals: 2,
    alone: false,
  };
  return withSecondPerson(parts, policies.engine(), {
    'agreeing to what one asked for': protectionRequest({ ...ask, requester: PERSON.id }),
    'a change by one person': protectionRequest({ ...ask, requester: PERSON.id, approvals: 1 }),
  });
}

function withSecondPerson(
  { identity, permissions }: Pick<Parts, 'identity' | 'permissions'>,
  engine: Pick<PolicyEngine, 'decide' | 'version'>,
  tried: Readonly<Record<string, PolicyRequest>>,
): Found {
  const answers = Object.fromEntries(
    Object.entries(tried).map(([name, request]) => [name, engine.decide(request).decision]),
  );
  const approvers = countApprovers(approversOf(identity, permissions));
  const looked = { version: engine.version, answers, approvers };
  const allowed = Object.entries(answers).flatMap(([name, decision]) => (decision === 'deny' ? [] : [name]));
  if (allowed.length > 0) return fails(`The policy in force allows ${allowed.join(', ')}.`, looked);
  if (approvers < 2)
    return partial('Only one human here may decide: nobody else can look at what they ask for.', looked);
  return holds(
    `${allowed.length + Object.keys(tried).length} steps that must be denied are; ${approvers} humans may decide.`,
    looked,
  );
}

const HOUR = 3_600_000;

/** What was carried out and never looked at again. */
export async function checkAftercare({ rooms }: Parts, now: number): Promise<Found> {
  const waiting = rooms.db
    .listUnfinished()
    .filter(({ remediation, startedAt }) => remediation?.status === 'executed' && now - Date.parse(startedAt) > HOUR)
    .map(({ id }) => id);
  const { total } = rooms.store.page({ action: 'remediation.executed', limit: 1 });
  const looked = { executed: total, waiting };
  if (waiting.length > 0) return fails(`Changes nobody checked: ${waiting.join(', ')}.`, looked);
  return holds('No change that was carried out waits for its check for more than an hour.', looked);
}

/** Incidents nobody looks at. */
export async function checkIncidents({ rooms }: Parts, now: number): Promise<Found> {
  const incidents = rooms.db.listIncidents();
  const left = incidents
    .filter(
      ({ investigation, status, openedAt }) =>
        investigation === null && status !== 'resolved' && now - Date.parse(openedAt) > 24 * HOUR,
    )
    .map(({ id }) => id);
  const looked = { incidents: incidents.length, left };
  if (left.length > 0)
    return partial(
      `${left.length} incidents were not investigated within a day: ${left.slice(0, 20).join(', ')}.`,
      looked,
    );
  return holds(`${incidents.length} incidents; none waits longer than a day for an investigation.`, looked);
}
