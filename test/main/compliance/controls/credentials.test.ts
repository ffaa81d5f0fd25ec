import { describe, expect, it } from 'vitest';
import type { AuditData } from '#shared/model/audit-data.ts';
import { agent, at, D, DAY, fold, HOUR, MINUTE, type Told, told, user } from '../../../support/control-chain.ts';

const target = (id: string) => ({ type: 'lease', id });
const ROLE = 'arn:aws:iam::123456789012:role/causeway-logs';

function issued(id: string, after: number, more: Partial<AuditData<'credential.issued'>> = {}): Told {
  const data: AuditData<'credential.issued'> = {
    task: 'log-analysis',
    agent: 'log-analyst',
    role: ROLE,
    sessionName: `${id}.log-analyst`,
    sourceIdentity: null,
    accessKeyId: 'ASIA0',
    sessionPolicyDigest: D('a'),
    actions: ['logs:StartQuery', 'logs:GetQueryResults'],
    resources: ['*'],
    issuedAt: at(after),
    expiresAt: at(after + 15 * MINUTE),
    planDigest: null,
    ...more,
  };
  return told('credential.issued', data, { after, target: target(id), links: { lease: id } });
}

function revoked(id: string, after: number, cloud: AuditData<'credential.revoked'>['cloud'] = 'revoked'): Told {
  return told(
    'credential.revoked',
    { task: 'log-analysis', reason: 'task-finished', cloud, calls: 2 },
    { after, target: target(id), links: { lease: id }, outcome: cloud === 'failed' ? 'failure' : 'success' },
  );
}

function expired(id: string, after: number): Told {
  const data = { task: 'log-analysis' as const, expiredAt: at(after), calls: 0 };
  return told('credential.expired', data, { after, target: target(id), links: { lease: id } });
}

describe('temporary credentials (IA-04)', () => {
  it('operate when each lease ends', () => {
    const { occurrences, exceptions } = fold(
      'IA-04',
      [issued('l1', 0), revoked('l1', MINUTE), issued('l2', HOUR), expired('l2', HOUR + 16 * MINUTE)],
      DAY,
    );
    expect(occurrences).toEqual([1, 3]);
    expect(exceptions).toEqual([]);
  });

  it('deviate when nothing ended a lease five minutes after its expiry, and not before', () => {
    const chain = [issued('l1', 0)];
    expect(fold('IA-04', chain, 20 * MINUTE).exceptions).toEqual([]);
    expect(fold('IA-04', chain, 20 * MINUTE + 1).exceptions).toEqual(['not-ended:1']);
  });

  it('tell a late end as put right', () => {
    const { exceptions } = fold('IA-04', [issued('l1', 0), expired('l1', HOUR)], DAY);
    expect(exceptions).toEqual(['not-ended:1 fixed by 2']);
  });

  it('deviate when a lease is longer than 15 minutes, or has no end that can be read', () => {
    const long = issued('l1', 0, { expiresAt: at(HOUR) });
    const broken: Told = { ...issued('l2', MINUTE), data: { expiresAt: 'tomorrow' } };
    const { exceptions, texts } = fold('IA-04', [long, broken]);
    expect(exceptions).toEqual(['too-long:1', 'too-long:2']);
    expect(texts[0]).toContain('60 minutes');
  });

  it('deviate when the cloud did not confirm a revocation, until a later record says that the session is over', () => {
    const chain = [issued('l1', 0), revoked('l1', MINUTE, 'failed')];
    expect(fold('IA-04', chain, DAY).exceptions).toEqual(['revocation-failed:2']);
    expect(fold('IA-04', [...chain, revoked('l1', 2 * MINUTE, 'failed')], DAY).exceptions).toEqual([
      'revocation-failed:2',
    ]);
    expect(fold('IA-04', [...chain, revoked('l1', 3 * MINUTE)], DAY).exceptions).toEqual([
      'revocation-failed:2 fixed by 3',
    ]);
    expect(fold('IA-04', [...chain, expired('l1', 16 * MINUTE)], DAY).exceptions).toEqual([
      'revocation-failed:2 fixed by 3',
    ]);
  });
});

describe('least privilege per task (AC-03)', () => {
  const write = {
    task: 'remediation',
    agent: 'remediator',
    actions: ['ecs:UpdateService'],
    resources: ['arn:aws:ecs:eu-central-1:123456789012:service/shop/checkout'],
    planDigest: D('b'),
  } as const;
  const call = (lease: string, operation: string, more: Partial<AuditData<'investigation.system_called'>> = {}) =>
    told(
      'investigation.system_called',
      {
        operation,
        endpoint: 'logs.example:443',
        region: 'eu-central-1',
        payloadDigest: D('c'),
        responseDigest: D('d'),
        code: '200',
        httpStatus: 200,
        latencyMs: 3,
        attempts: 1,
        requestId: null,
        ...more,
      },
      { actor: agent('log-analyst'), links: { lease } },
    );

  it('holds for leases of their task and the calls they allow', () => {
    const described = { task: 'infrastructure-inspection', agent: 'infrastructure-inspector' } as const;
    const { occurrences, exceptions } = fold('AC-03', [
      issued('l1', 0),
      call('l1', 'logs:StartQuery'),
      issued('l2', MINUTE, { ...write, resources: [...write.resources], actions: [...write.actions] }),
      issued('l3', 2 * MINUTE, { ...described, actions: ['ecs:Describe*'] }),
      call('l3', 'ecs:DescribeServices'),
    ]);
    expect(occurrences).toEqual([1, 3, 4]);
    expect(exceptions).toEqual([]);
  });

  it('deviates for another agent, an action beyond the task, and a change to any resource', () => {
    const { exceptions } = fold('AC-03', [
      issued('l1', 0, { agent: 'remediator' }),
      issued('l2', 1, { actions: ['ecs:UpdateService'] }),
      issued('l3', 2, { ...write, actions: [...write.actions], resources: ['*'] }),
      issued('l4', 3, { ...write, actions: [...write.actions], resources: [] }),
      issued('l5', 4, {
        ...write,
        actions: [...write.actions],
        resources: ['arn:aws:ecs:eu-central-1:1:service/shop/*'],
      }),
      issued('l6', 5, {
        ...write,
        actions: ['ecs:RegisterTaskDefinition'],
        resources: ['arn:aws:ecs:eu-central-1:123456789012:task-definition/checkout:*'],
      }),
    ]);
    expect(exceptions).toEqual([
      'other-agent:1',
      'beyond-task:2',
      'any-resource:3',
      'any-resource:4',
      'any-resource:5',
    ]);
  });

  it('deviates when a call got through that its live lease does not have', () => {
    const intent = { phase: 'intent', httpStatus: null, responseDigest: null } as const;
    const { exceptions } = fold('AC-03', [
      issued('l1', 0),
      call('l1', 'ecs:UpdateService', intent),
      call('l1', 'ecs:UpdateService'),
      { ...call('l1', 'ecs:UpdateService'), outcome: 'denied' },
      { ...call('l1', 'sts:AssumeRole'), actor: { type: 'system', id: 'credential-broker' } },
      revoked('l1', HOUR),
      call('l1', 'ecs:UpdateService'),
    ]);
    expect(exceptions).toEqual(['beyond-lease:3']);
  });
});

describe('envelope encryption of secrets (SC-01)', () => {
  const place = { secret: 's-1', integration: 'pagerduty' };
  const stored = (wrappingKey: string) => told('credential.secret_stored', { ...place, wrappingKey });
  const used = told('credential.secret_used', { ...place, purpose: 'webhook' });
  const rotated = (oldKey: string, to: string) =>
    told(
      'credential.key_rotated',
      { purpose: 'data-encryption', oldKey, reason: 'schedule' },
      { target: { type: 'vault-key', id: to } },
    );

  it('operates when secrets are stored, opened and moved to another key', () => {
    const { occurrences, exceptions } = fold('SC-01', [stored('k1'), used, rotated('k1', 'k2'), stored('k2'), used]);
    expect(occurrences).toEqual([1, 2, 3, 4, 5]);
    expect(exceptions).toEqual([]);
  });

  it('deviates for a key that was rotated away, no key, and a secret used after it was deleted', () => {
    const deleted = told('credential.secret_deleted', { ...place, reason: 'replaced' });
    const { exceptions } = fold('SC-01', [
      rotated('k1', 'k2'),
      stored('k1'),
      { ...stored('k1'), data: { ...place } },
      deleted,
      used,
    ]);
    expect(exceptions).toEqual(['retired-key:2', 'no-key:3', 'used-after-deletion:5']);
  });

  it('takes a key that is taken again as one in use, and counts nothing that failed', () => {
    const { occurrences, exceptions } = fold('SC-01', [
      rotated('k1', 'k2'),
      rotated('k2', 'k1'),
      stored('k1'),
      { ...used, outcome: 'failure' },
    ]);
    expect(occurrences).toEqual([1, 2, 3]);
    expect(exceptions).toEqual([]);
  });
});

describe('API keys (IA-03)', () => {
  const created = (expiresAt: string | null, scopes: string[] = ['trail.read']) =>
    told('auth.api_key_created', { apiKey: 'key-1', scopes, expiresAt }, { actor: user('u-1'), after: 0 });
  const revokedKey = (after: number) =>
    told('auth.api_key_revoked', { apiKey: 'key-1', reason: 'lost' }, { actor: user('u-1'), after });
  const signIn = (after: number) =>
    told(
      'auth.user_signed_in',
      { session: 'key-1', method: 'api-key', secondFactor: null },
      { actor: { type: 'api_key', id: 'key-1' }, after },
    );

  it('operate when a key has scopes and an end, and is not used after it', () => {
    const { occurrences, exceptions } = fold('IA-03', [created(at(30 * DAY)), signIn(DAY), revokedKey(2 * DAY)]);
    expect(occurrences).toEqual([1, 3]);
    expect(exceptions).toEqual([]);
  });

  it('deviate without end or scopes until the key is revoked', () => {
    const open = created(null, []);
    expect(fold('IA-03', [open]).exceptions).toEqual(['no-end:1', 'no-scopes:1']);
    expect(fold('IA-03', [open, revokedKey(DAY)]).exceptions).toEqual([
      'no-end:1 fixed by 2',
      'no-scopes:1 fixed by 2',
    ]);
  });

  it('deviate when a key is accepted after it was revoked or over', () => {
    expect(fold('IA-03', [created(at(DAY)), signIn(2 * DAY)]).exceptions).toEqual(['used-after-end:2']);
    expect(fold('IA-03', [created(at(30 * DAY)), revokedKey(DAY), signIn(2 * DAY)]).exceptions).toEqual([
      'used-after-end:3',
    ]);
  });
});
