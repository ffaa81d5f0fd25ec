import { describe, expect, it } from 'vitest';
import { loadPermissions } from '#main/policy/permissions.ts';
import { Role } from '#shared/model/access.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import {
  agent,
  at,
  D,
  DAY,
  fold,
  HOUR,
  hashOf,
  MINUTE,
  SEALED,
  type Told,
  told,
  user,
} from '../../../support/control-chain.ts';

const PLAN = D('1');
const remediation = { type: 'remediation', id: 'rem-1' };
const plan: AuditData<'remediation.proposed'>['plan'] = {
  version: 1,
  remediation: 'rem-1',
  incident: 'inc-0001',
  investigation: 'inv-1',
  hypothesis: 'h1',
  kind: 'restart',
  summary: 'Restart checkout',
  account: '123456789012',
  region: 'eu-central-1',
  steps: [
    {
      operation: 'ecs:UpdateService',
      resource: 'arn:aws:ecs:eu-central-1:123456789012:service/shop/checkout',
      parameters: {},
      changes: [{ field: 'forceNewDeployment', before: null, after: 'true' }],
    },
  ],
  blastRadius: { service: 'checkout', cluster: 'shop', tasks: 2, callers: [], summary: 'one service' },
  wayBack: { summary: 'none', steps: [] },
  postCheck: { service: 'checkout', metric: 'errors', waitMs: 0, summary: 'errors' },
  credentials: {
    task: 'remediation',
    seconds: 900,
    actions: ['ecs:UpdateService'],
    resources: ['arn:aws:ecs:eu-central-1:123456789012:service/shop/checkout'],
  },
  evidence: [D('e')],
};

function proposed(required = 1, more: Partial<Told> = {}): Told {
  const data = {
    plan,
    planDigest: PLAN,
    rule: 'two-people',
    policyVersion: D('2'),
    expiresAt: at(30 * MINUTE),
    approvalsRequired: required,
  };
  return told('remediation.proposed', data, {
    after: 0,
    actor: agent('orchestrator'),
    onBehalfOf: user('u-asks'),
    target: remediation,
    ...more,
  });
}

const links = { incident: 'inc-0001', remediation: 'rem-1', request: hashOf(1) };

function approved(by: string | Actor, after = MINUTE, more: Partial<AuditData<'remediation.approved'>> = {}): Told {
  const data: AuditData<'remediation.approved'> = {
    planDigest: PLAN,
    justification: SEALED,
    channel: 'dialog',
    rule: 'two-people',
    policyVersion: D('2'),
    reauthentication: 'password',
    ...more,
  };
  return told('remediation.approved', data, {
    after,
    actor: typeof by === 'string' ? user(by) : by,
    target: remediation,
    links,
  });
}

const step = {
  operation: 'ecs:UpdateService',
  payloadDigest: D('3'),
  responseDigest: D('4'),
  code: '200',
  httpStatus: 200,
  latencyMs: 5,
};

function executed(after = 2 * MINUTE, planDigest = PLAN): Told {
  return told(
    'remediation.executed',
    { planDigest, steps: [step], elapsedMs: 5 },
    { after, actor: agent('remediator'), target: remediation, links },
  );
}

const refused = (action: 'remediation.expired' | 'remediation.withdrawn', after: number) =>
  action === 'remediation.expired'
    ? told(action, { planDigest: PLAN, expiredAt: at(after), reason: 'timeout' }, { after, target: remediation, links })
    : told(action, { planDigest: PLAN, reason: 'superseded' }, { after, target: remediation, links });

it('the roles that may approve are those this build lets decide', async () => {
  const audit = { append: () => Promise.reject(new Error('nothing is recorded')) };
  const permissions = await loadPermissions({ tenant: 'acme', audit });
  for (const role of Role.options) {
    const added = told('tenant.user_added', { user: 'u-b', role });
    const { exceptions } = fold('CM-01', [proposed(), added, approved('u-b')]);
    expect(exceptions.length === 0, role).toBe(permissions.allowed(role).includes('approvals.decide'));
  }
});

describe('approval before a change (CM-01)', () => {
  it('operates when somebody else approved that plan before', () => {
    const { occurrences, exceptions } = fold('CM-01', [proposed(), approved('u-b'), executed()]);
    expect(occurrences).toEqual([3]);
    expect(exceptions).toEqual([]);
  });

  it('deviates without an approval, with one of another plan, and with one that comes afterwards', () => {
    expect(fold('CM-01', [proposed(), executed()]).exceptions).toEqual(['no-approval:2']);
    expect(fold('CM-01', [proposed(), approved('u-b'), executed(2 * MINUTE, D('9'))]).exceptions).toEqual([
      'no-approval:3',
    ]);
    expect(fold('CM-01', [proposed(), executed(), approved('u-b', 3 * MINUTE)]).exceptions).toEqual(['no-approval:2']);
    expect(fold('CM-01', [proposed(), approved('u-b', MINUTE, { planDigest: D('9') }), executed()]).exceptions).toEqual(
      ['other-plan:2', 'no-approval:3'],
    );
  });

  it('does not count an approval by whoever asked, an alias of theirs, their key, or an agent', () => {
    expect(fold('CM-01', [proposed(), approved('u-asks'), executed()]).exceptions).toEqual([
      'self-approval:2',
      'no-approval:3',
    ]);
    const alias = told(
      'tenant.configuration_changed',
      { setting: 'people.alias', old: null, new: 'u-asks' },
      { target: { type: 'user', id: 'u-alias' } },
    );
    expect(fold('CM-01', [proposed(), alias, approved('u-alias'), executed()]).exceptions).toEqual([
      'self-approval:3',
      'no-approval:4',
    ]);
    const takenBack: Told = { ...alias, outcome: 'failure' };
    expect(fold('CM-01', [proposed(), alias, takenBack, approved('u-alias'), executed()]).exceptions).toEqual([]);
    const key = told(
      'auth.api_key_created',
      { apiKey: 'key-1', scopes: ['approvals.decide'], expiresAt: null },
      { actor: user('u-asks') },
    );
    expect(fold('CM-01', [proposed(), key, approved({ type: 'api_key', id: 'key-1' }), executed()]).exceptions).toEqual(
      ['self-approval:3', 'not-a-person:3', 'no-approval:4'],
    );
    expect(fold('CM-01', [proposed(), approved(agent('remediator')), executed()]).exceptions).toEqual([
      'not-a-person:2',
      'no-approval:3',
    ]);
  });

  it('does not count an approval that names no proposal, nor one by whoever may not approve', () => {
    const loose: Told = { ...approved('u-asks'), links: { remediation: 'rem-1' } };
    const without: Told = { ...executed(), links: { remediation: 'rem-1' } };
    expect(fold('CM-01', [proposed(2), loose, without]).exceptions).toEqual(['no-proposal:2', 'no-approval:3']);
    const added = (role: string) => told('tenant.user_added', { user: 'u-b', role });
    expect(fold('CM-01', [proposed(), added('viewer'), approved('u-b'), executed()]).exceptions).toEqual([
      'may-not-approve:3',
      'no-approval:4',
    ]);
    expect(fold('CM-01', [proposed(), added('operator'), approved('u-b'), executed()]).exceptions).toEqual([]);
    const removed = told('tenant.user_removed', { user: 'u-b', reason: 'left' });
    expect(fold('CM-01', [proposed(), added('operator'), removed, approved('u-b'), executed()]).exceptions).toEqual([
      'may-not-approve:4',
      'no-approval:5',
    ]);
    const policies = told('tenant.protection_change_approved', {
      change: 'policy-change',
      changeDigest: D('7'),
      requestedBy: 'u-c',
      justification: SEALED,
    });
    expect(fold('CM-01', [policies, proposed(), approved('u-b'), executed()]).exceptions).toContain('other-policy:3');
    const newer = approved('u-b', MINUTE, { policyVersion: D('7') });
    expect(fold('CM-01', [proposed(), policies, newer, executed()]).exceptions).toEqual([]);
    expect(
      fold('CM-01', [proposed(), { ...policies, outcome: 'denied' }, approved('u-b'), executed()]).exceptions,
    ).toEqual([]);
    const denied: Told = { ...approved('u-b'), outcome: 'denied' };
    expect(fold('CM-01', [proposed(), denied, executed()]).exceptions).toEqual(['no-approval:3']);
  });

  it('asks for what its plan was proposed with, also of a change that names no request', () => {
    const without: Told = { ...executed(), links: { remediation: 'rem-1' } };
    expect(fold('CM-01', [proposed(2), approved('u-b'), without]).exceptions).toEqual(['too-few-approvals:3']);
  });

  it('asks for as many humans as the proposal does, and takes break-glass for one alone', () => {
    expect(fold('CM-01', [proposed(2), approved('u-b'), executed()]).exceptions).toEqual(['too-few-approvals:3']);
    expect(fold('CM-01', [proposed(2), approved('u-b'), approved('u-b', MINUTE + 1), executed()]).exceptions).toEqual([
      'too-few-approvals:4',
    ]);
    expect(fold('CM-01', [proposed(2), approved('u-b'), approved('u-c', MINUTE + 1), executed()]).exceptions).toEqual(
      [],
    );
    const alone = approved('u-asks', MINUTE, { breakGlass: SEALED, rule: 'break-glass' });
    expect(fold('CM-01', [proposed(2), alone, executed()]).exceptions).toEqual([]);
  });

  it('deviates when it had expired, was refused, or is carried out twice', () => {
    expect(fold('CM-01', [proposed(), approved('u-b', 31 * MINUTE), executed(HOUR)]).exceptions).toEqual([
      'after-expiry:2',
      'no-approval:3',
    ]);
    for (const action of ['remediation.expired', 'remediation.withdrawn'] as const) {
      const chain = [proposed(), approved('u-b'), refused(action, 2 * MINUTE), executed(3 * MINUTE)];
      expect(fold('CM-01', chain).exceptions).toEqual(['after-refusal:4']);
    }
    const twice = fold('CM-01', [proposed(), approved('u-b'), executed(), executed(3 * MINUTE)]);
    expect(twice.exceptions).toEqual(['done-twice:4']);
    expect(twice.occurrences).toEqual([3, 4]);
  });

  it('looks at a failed execution when a step of it was sent', () => {
    const failed = (steps: (typeof step)[]) =>
      told(
        'remediation.execution_failed',
        { planDigest: PLAN, failedStep: steps.length, reason: 'refused', steps, elapsedMs: 1 },
        { after: 2 * MINUTE, outcome: 'failure', links },
      );
    expect(fold('CM-01', [proposed(), failed([])])).toMatchObject({ occurrences: [], exceptions: [] });
    expect(fold('CM-01', [proposed(), failed([step])])).toMatchObject({
      occurrences: [2],
      exceptions: ['no-approval:2'],
    });
  });

  it('deviates when a lease for a change was issued without a counting approval', () => {
    const lease = (approval: string): Told => ({
      action: 'credential.issued',
      data: { task: 'remediation', planDigest: PLAN },
      after: 90_000,
      links: { lease: 'l1', approval },
    });
    expect(fold('CM-01', [proposed(), approved('u-b'), lease(hashOf(2))]).exceptions).toEqual([]);
    expect(fold('CM-01', [proposed(), approved('u-b'), lease(D('f'))]).exceptions).toEqual([
      'lease-without-approval:3',
    ]);
    expect(fold('CM-01', [proposed(), approved('u-asks'), lease(hashOf(2))]).exceptions).toContain(
      'lease-without-approval:3',
    );
  });
});

describe('break-glass is reviewed (CM-02)', () => {
  const alone = approved('u-a', 0, { breakGlass: SEALED, rule: 'break-glass' });
  const review = (by: string, after: number, outcome: 'success' | 'failure' | 'denied' = 'success') =>
    told(
      'tenant.protection_change_approved',
      { change: 'break-glass-review', changeDigest: hashOf(1), justification: SEALED, requestedBy: 'u-a' },
      { actor: user(by), after, outcome },
    );

  it('operates when somebody else reviewed it within 72 hours', () => {
    expect(fold('CM-02', [alone, review('u-b', 71 * HOUR)], 30 * DAY)).toMatchObject({
      occurrences: [2],
      exceptions: [],
    });
  });

  it('deviates after 72 hours, and is put right by a later review', () => {
    expect(fold('CM-02', [alone], 72 * HOUR).exceptions).toEqual([]);
    expect(fold('CM-02', [alone], 72 * HOUR + 1).exceptions).toEqual(['review-missing:1']);
    expect(fold('CM-02', [alone, review('u-b', 100 * HOUR)], 30 * DAY).exceptions).toEqual([
      'review-missing:1 fixed by 2',
    ]);
  });

  it('does not count a review of one’s own, or one that was denied', () => {
    const own = fold('CM-02', [alone, review('u-a', HOUR)], 4 * DAY);
    expect(own).toMatchObject({ occurrences: [], exceptions: ['own-review:2', 'review-missing:1'] });
    expect(fold('CM-02', [alone, review('u-a', HOUR), review('u-b', 2 * HOUR)], 4 * DAY).exceptions).toEqual([
      'own-review:2 fixed by 3',
    ]);
    expect(fold('CM-02', [alone, review('u-b', HOUR, 'denied')], 4 * DAY).exceptions).toEqual(['review-missing:1']);
  });

  it('tells that a review found it not justified', () => {
    expect(fold('CM-02', [alone, review('u-b', HOUR, 'failure')]).exceptions).toEqual(['not-justified:1']);
  });
});

describe('two people for changes of protections (CM-03)', () => {
  const agreed = (
    change: string,
    requestedBy: string,
    by: string,
    after: number,
    outcome: 'success' | 'denied' = 'success',
  ) =>
    told(
      'tenant.protection_change_approved',
      { change, changeDigest: D('7'), justification: SEALED, requestedBy },
      { actor: user(by), after, outcome },
    );
  const stored = (change: string, after: number) =>
    told(
      'tenant.protection_change_approved',
      { change, changeDigest: D('8'), justification: SEALED },
      { actor: user('u-a'), after },
    );

  it('operates when another person agrees', () => {
    const chain = [agreed('key-rotation', 'u-a', 'u-b', 0), stored('signing-key-rotation', 1000)];
    expect(fold('CM-03', chain, DAY)).toMatchObject({ occurrences: [1], exceptions: [] });
    const late = [stored('break-acknowledgement', 0), agreed('break-acknowledgement', 'u-a', 'u-b', 1000)];
    expect(fold('CM-03', late, DAY)).toMatchObject({ occurrences: [2], exceptions: [] });
  });

  it('deviates when one person asked and agreed, until two do', () => {
    const alone = agreed('policy-change', 'u-a', 'u-a', 0);
    expect(fold('CM-03', [alone]).exceptions).toEqual(['one-person:1']);
    expect(fold('CM-03', [alone, agreed('policy-change', 'u-a', 'u-b', 1000)]).exceptions).toEqual([
      'one-person:1 fixed by 2',
    ]);
    expect(fold('CM-03', [agreed('policy-change', 'u-a', 'u-a', 0, 'denied')]).exceptions).toEqual([]);
  });

  it('deviates when the store changed something nobody agreed to', () => {
    expect(fold('CM-03', [stored('signing-key-rotation', 0)], HOUR).exceptions).toEqual([]);
    expect(fold('CM-03', [stored('signing-key-rotation', 0)], HOUR + 1).exceptions).toEqual([
      'second-person-missing:1',
    ]);
    const late = [stored('signing-key-rotation', 0), agreed('key-rotation', 'u-a', 'u-b', DAY)];
    expect(fold('CM-03', late, 2 * DAY).exceptions).toEqual(['second-person-missing:1 fixed by 2']);
    const once = [
      agreed('key-rotation', 'u-a', 'u-b', 0),
      stored('signing-key-rotation', 1),
      stored('signing-key-rotation', 2),
    ];
    expect(fold('CM-03', once, DAY).exceptions).toEqual(['second-person-missing:3']);
    const old = [agreed('key-rotation', 'u-a', 'u-b', 0), stored('signing-key-rotation', DAY + 1)];
    expect(fold('CM-03', old, 3 * DAY).exceptions).toEqual(['second-person-missing:2']);
  });
});

describe('changes are checked afterwards (CM-04)', () => {
  const verified = (after: number) =>
    told(
      'remediation.verified',
      {
        planDigest: PLAN,
        verdict: 'recovered',
        service: 'checkout',
        metric: 'errors',
        unit: 'count',
        before: '12.5',
        after: '0',
        usualLow: '0',
        usualHigh: '1',
        points: 10,
        from: at(0),
        to: at(after),
        evidence: [],
      },
      { after, links },
    );
  const rolledBack = (after: number) =>
    told('remediation.rolled_back', { planDigest: PLAN, reason: 'no better', steps: [] }, { after, links });

  it('operates when the outcome was checked, or the change rolled back', () => {
    expect(fold('CM-04', [executed(0), verified(MINUTE)], 3 * DAY)).toMatchObject({ occurrences: [2], exceptions: [] });
    expect(fold('CM-04', [executed(0), rolledBack(MINUTE)], 3 * DAY)).toMatchObject({
      occurrences: [2],
      exceptions: [],
    });
  });

  it('deviates a day after a change without either', () => {
    expect(fold('CM-04', [executed(0)], DAY).exceptions).toEqual([]);
    expect(fold('CM-04', [executed(0)], DAY + 1).exceptions).toEqual(['not-verified:1']);
    expect(fold('CM-04', [executed(0), verified(2 * DAY)], 3 * DAY).exceptions).toEqual(['not-verified:1 fixed by 2']);
    expect(fold('CM-04', [executed(0), { ...rolledBack(HOUR), outcome: 'failure' }], 3 * DAY).exceptions).toEqual([
      'not-verified:1',
    ]);
  });
});
