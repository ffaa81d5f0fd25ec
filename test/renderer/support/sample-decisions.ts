import type { LeaseView, PersonView } from '#shared/ipc/access-views.ts';
import type { DueReview, PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Channel } from '#shared/ipc/contract.ts';
import type { PolicyView, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { PERMISSIONS, type Permission, type Role } from '#shared/model/access.ts';
import { PERSON } from './sample-access.ts';

const at = '2026-11-20T10:00:00.000Z';
/** Far enough that no test runs out of it. */
const later = '2099-01-01T00:00:00.000Z';
const digest = (letter: string) => letter.repeat(64);
export const PLAN_DIGEST = digest('a');
export const OTHER = 'u-00000000000b';

export const VIEWER: readonly Permission[] = PERMISSIONS.filter(
  (permission) => permission.endsWith('.read') || permission === 'trail.verify',
);

const person = (id: string, name: string, role: Role): PersonView => ({
  id,
  name,
  email: `${id}@example.org`,
  role,
  secondFactor: false,
  aliasOf: null,
  addedAt: at,
  lastSignInAt: null,
  sessions: 1,
  lockedUntil: null,
});
export const PEOPLE: readonly PersonView[] = [
  person(PERSON.id, PERSON.name, 'owner'),
  person(OTHER, 'Demo Operator', 'operator'),
];

const step = {
  operation: 'ecs:UpdateService' as const,
  resource: 'arn:aws:ecs:eu-west-1:111111111111:service/demo/checkout',
  parameters: { service: 'checkout' },
  changes: [{ field: 'taskDefinition', before: 'checkout:42', after: 'checkout:41' }],
};

export const APPROVAL: PendingApproval = {
  incident: {
    id: 'inc-0001',
    title: 'Checkout is slow in the demonstration',
    severity: 'critical',
    status: 'awaiting-approval',
    source: { kind: 'eventbridge', alarmName: 'checkout', payloadDigest: digest('1'), account: null, region: null },
    environment: 'sandbox',
    signal: { service: 'checkout', metric: 'latency', kind: 'latency' },
    startedAt: at,
    openedAt: at,
    investigation: null,
  },
  remediation: {
    id: 'rem-0001',
    status: 'proposed',
    plan: {
      version: 1,
      remediation: 'rem-0001',
      incident: 'inc-0001',
      investigation: 'inv-0001',
      hypothesis: 'h-1',
      kind: 'rollback',
      summary: 'Roll checkout back to 41',
      account: '111111111111',
      region: 'eu-west-1',
      steps: [step],
      blastRadius: { service: 'checkout', cluster: 'demo', tasks: 2, callers: [], summary: '2 tasks are replaced.' },
      wayBack: { summary: 'Update to 42 again.', steps: [] },
      postCheck: { service: 'checkout', metric: 'latency', waitMs: 0, summary: 'Latency as usual.' },
      credentials: { task: 'remediation', seconds: 900, actions: ['ecs:UpdateService'], resources: [step.resource] },
      evidence: [digest('e')],
    },
    planDigest: PLAN_DIGEST,
    requestHash: digest('b'),
    requestedBy: 'remediator',
    onBehalfOf: OTHER,
    rule: { id: 'write-needs-approval', text: 'A change needs two approvals.', policyVersion: digest('c') },
    expiresAt: later,
    required: 2,
    approvals: [],
    executeBy: null,
    breakGlass: false,
    decision: null,
    result: null,
    failure: null,
  },
  requestedByName: 'Demo Operator',
  required: 2,
  eligible: 2,
  given: [],
  mayNotDecide: null,
  mayBreakGlass: false,
};

export const REVIEW: DueReview = {
  record: digest('d'),
  remediation: 'rem-0000',
  incident: 'inc-0000',
  by: OTHER,
  byName: 'Demo Operator',
  at,
  reason: 'Nobody else was reachable.',
  summary: 'Restart payments',
  mayNotReview: null,
};

export const ROTATION: ProtectionRequest = {
  id: 'request-1',
  kind: 'key-rotation',
  summary: 'Hand the trail to a new signing key in the keychain',
  details: [{ label: 'Key that signs now', text: 'k-1' }],
  digest: digest('f'),
  requestedBy: OTHER,
  requestedByName: 'Demo Operator',
  justification: 'The yearly rotation.',
  requestedAt: at,
  expiresAt: later,
  mayNotDecide: null,
};

export const LEASE: LeaseView = {
  id: 'lease-1',
  task: 'log-analysis',
  agent: 'log-analyst',
  incident: 'inc-0001',
  investigation: 'inv-0001',
  account: '111111111111',
  environment: 'sandbox',
  actions: ['logs:StartQuery'],
  resources: ['arn:aws:logs:eu-west-1:111111111111:log-group:checkout'],
  calls: 3,
  issuedAt: at,
  expiresAt: later,
  cloudRevocation: 'not-configured',
};

const POLICY: PolicyView = {
  version: digest('c'),
  text: 'permit(principal, action, resource);',
  rules: [{ id: 'all', effect: 'permit', reason: 'Everything is permitted in the demonstration.', text: 'permit(…);' }],
  versions: [{ version: digest('c'), number: 1, since: at, approvedBy: [], inForce: true }],
};

/** What the console answers to those screens. */
export const ANSWERS: Partial<Record<Channel, (input: unknown) => unknown>> = {
  'approvals.pending': () => [APPROVAL],
  'approvals.reviews': () => [REVIEW],
  'protections.pending': () => [ROTATION],
  'people.list': () => PEOPLE,
  'people.invitations': () => [],
  'access.matrix': () => ({
    roles: ['owner', 'viewer'],
    rows: [
      {
        permission: 'people.manage',
        text: 'Manage people',
        allowed: { owner: true, admin: false, operator: false, viewer: false },
        policies: ['owner-manages-people'],
      },
    ],
    policyVersion: digest('9'),
  }),
  'apiKeys.list': () => [],
  'devices.list': () => [],
  'leases.list': () => [LEASE],
  'policies.current': () => POLICY,
  'verification.folders': () => [],
  'verification.witnesses': () => [],
  'verification.keys': () => [{ id: 'k-1', alg: 'Ed25519', fromSeq: 1, toSeq: null, where: 'the keychain' }],
  'verification.selfTest': () => null,
  'incidents.get': () => ({ incident: APPROVAL.incident, investigation: null, timeline: [] }),
};
