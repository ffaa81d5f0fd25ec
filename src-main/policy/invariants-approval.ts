import type { Invariant } from './invariants.ts';
import { approvalRequest, breakGlassRequest } from './request.ts';

/** What every policy must keep about decisions of people on remediations. */
const PLAN = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const PERSON = { type: 'user', id: 'u-000000000001', human: 'u-000000000001' } as const;
const ALIAS = { type: 'user', id: 'u-000000000003', human: 'u-000000000001' } as const;
const KEY = { type: 'api_key', id: 'key-000000000001', human: 'u-000000000001' } as const;
const AGENT = { type: 'agent', id: 'remediator' } as const;
const STRANGER = { type: 'user', id: 'u-000000000002' } as const;
const SELF = { type: 'user', id: PERSON.id } as const;

const ask = {
  by: PERSON,
  remediation: 'rem-1',
  planDigest: PLAN,
  shownPlanDigest: PLAN,
  requesters: [AGENT, STRANGER],
  expired: false,
} as const;
const approve = (changes: Partial<Parameters<typeof approvalRequest>[0]>) =>
  approvalRequest({ ...ask, decision: 'approve', ...changes });
const breakGlass = (changes: Partial<Parameters<typeof breakGlassRequest>[0]>) =>
  breakGlassRequest({ ...ask, reasonGiven: true, ...changes });

export const APPROVAL_CHECKS: readonly Invariant[] = [
  {
    sentence: 'Whoever requested a remediation may not approve it, under whichever account.',
    expected: 'deny',
    requests: [
      approve({ requesters: [SELF] }),
      approve({ requesters: [AGENT, STRANGER, SELF] }),
      approve({ by: ALIAS, requesters: [SELF] }),
      approve({ by: ALIAS, requesters: [AGENT, { type: 'user', id: ALIAS.id }] }),
    ],
  },
  {
    sentence: 'An API key or an agent may approve nothing.',
    expected: 'deny',
    requests: [
      approve({ by: KEY }),
      breakGlass({ by: KEY }),
      { ...approve({}), principal: { type: 'Agent', id: 'orchestrator' } },
      { ...breakGlass({}), principal: { type: 'Agent', id: 'orchestrator' } },
    ],
  },
  {
    sentence: 'Nothing may be approved after the time to decide has passed.',
    expected: 'deny',
    requests: [approve({ expired: true }), breakGlass({ expired: true })],
  },
  {
    sentence: 'A plan may be approved only by somebody who was shown exactly this plan.',
    expected: 'deny',
    requests: [approve({ shownPlanDigest: OTHER }), breakGlass({ shownPlanDigest: OTHER })],
  },
  {
    sentence: 'Approving alone in an emergency may not go without a reason.',
    expected: 'deny',
    requests: [breakGlass({ reasonGiven: false })],
  },
  {
    sentence: 'A person must still be able to reject a remediation.',
    expected: 'allow',
    requests: [approvalRequest({ ...ask, decision: 'reject' })],
  },
];
