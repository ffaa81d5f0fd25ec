import { describe, expect, it } from 'vitest';
import type { CheckResult } from '#shared/model/control.ts';
import { agent, at, changed, D, DAY, fold, HOUR, SEALED, type Told, told } from '../../../support/control-chain.ts';

const incidentOf = (id: string) => ({ target: { type: 'incident', id }, links: { incident: id } });
const created = (id: string, severity: 'critical' | 'high' | 'low', after: number, more: Partial<Told> = {}): Told =>
  told(
    'incident.created',
    {
      severity,
      source: 'alertmanager',
      payloadDigest: D('a'),
      title: SEALED,
      service: 'checkout',
      metric: 'errors',
      environment: 'prod',
      account: null,
      region: null,
      startedAt: at(after),
    },
    { after, ...incidentOf(id), ...more },
  );

describe('incidents are followed through (IR-01)', () => {
  const assigned = (id: string, after: number) =>
    told('incident.assigned', { role: 'commander', user: 'u-1', previous: null }, { after, ...incidentOf(id) });
  const started = (after: number) =>
    told(
      'investigation.started',
      {
        environment: 'prod',
        from: at(0),
        to: at(after),
        services: 3,
        method: { name: 'rank', version: '1' },
        mapDigest: D('b'),
      },
      { after, target: { type: 'investigation', id: 'inv-1' }, links: { incident: 'i1', investigation: 'inv-1' } },
    );
  const completed = (after: number) =>
    told(
      'investigation.completed',
      { result: 'abstained', systemCalls: 3, elapsedMs: 1 },
      { after, links: { incident: 'i1', investigation: 'inv-1' } },
    );

  it('operates when each is taken up in time and its investigation ends', () => {
    const chain = [created('i1', 'critical', 0), started(HOUR / 2), completed(HOUR)];
    expect(fold('IR-01', chain, 9 * DAY)).toMatchObject({ occurrences: [1], exceptions: [] });
  });

  it('deviates by severity when nobody takes it up', () => {
    expect(fold('IR-01', [created('i1', 'critical', 0)], HOUR).exceptions).toEqual([]);
    expect(fold('IR-01', [created('i1', 'critical', 0)], HOUR + 1).exceptions).toEqual(['not-taken-up:1']);
    expect(fold('IR-01', [created('i1', 'high', 0)], 4 * HOUR).exceptions).toEqual([]);
    expect(fold('IR-01', [created('i1', 'low', 0)], DAY + 1).exceptions).toEqual(['not-taken-up:1']);
    expect(fold('IR-01', [created('i1', 'critical', 0), assigned('i1', DAY)], 9 * DAY).exceptions).toEqual([
      'not-taken-up:1 fixed by 2',
    ]);
    expect(fold('IR-01', [created('i1', 'critical', 0), assigned('i2', 1)], DAY).exceptions).toEqual([
      'not-taken-up:1',
    ]);
    const failed: Told = { ...assigned('i1', 1), outcome: 'failure' };
    expect(fold('IR-01', [created('i1', 'critical', 0), failed], DAY).exceptions).toEqual(['not-taken-up:1']);
  });

  it('deviates when an investigation has no end a day later', () => {
    expect(fold('IR-01', [started(0)], DAY).exceptions).toEqual([]);
    expect(fold('IR-01', [started(0)], DAY + 1).exceptions).toEqual(['unfinished:1']);
    expect(fold('IR-01', [started(0), completed(2 * DAY)], 9 * DAY).exceptions).toEqual(['unfinished:1 fixed by 2']);
  });
});

describe('alerts are delivered (SI-02)', () => {
  const delivery = { channel: 'webhook', recipientDigest: D('c'), subject: 'incident' };
  const sent = (after: number, subject = 'incident', recipientDigest = D('c')) =>
    told('notification.alert_sent', { ...delivery, subject, recipientDigest, severity: 'high' }, { after });
  const failed = (after: number) =>
    told(
      'notification.delivery_failed',
      { ...delivery, reason: 'no answer', attempts: 5 },
      { after, outcome: 'failure' },
    );
  const broken = told(
    'tenant.audit_verified',
    { subject: 'store', fileDigest: null, range: { first: 1, last: 9 }, verdict: 'invalid', problems: 1, elapsedMs: 0 },
    { after: 0, outcome: 'failure' },
  );

  it('operates with each delivery', () => {
    const asked = told('notification.approval_request_delivered', { ...delivery, planDigest: D('d') });
    expect(fold('SI-02', [sent(0), asked])).toMatchObject({ occurrences: [1, 2], exceptions: [] });
  });

  it('deviates when one was given up, until the same reaches the same', () => {
    expect(fold('SI-02', [failed(0), sent(1, 'incident', D('e'))]).exceptions).toEqual(['not-delivered:1']);
    expect(fold('SI-02', [failed(0), failed(1), sent(2)]).exceptions).toEqual([
      'not-delivered:1 fixed by 3',
      'not-delivered:2 fixed by 3',
    ]);
  });

  it('is not put right by what reached them about another incident', () => {
    const about = (one: Told, incident: string): Told => ({ ...one, links: { incident } });
    const other = [about(failed(0), 'inc-1'), about(sent(1), 'inc-2')];
    expect(fold('SI-02', other).exceptions).toEqual(['not-delivered:1']);
    expect(fold('SI-02', [...other, about(sent(2), 'inc-1')]).exceptions).toEqual(['not-delivered:1 fixed by 3']);
  });

  it('deviates when a broken trail is told to nobody within a day', () => {
    expect(fold('SI-02', [broken], DAY + 1).exceptions).toEqual(['no-alert:1']);
    expect(fold('SI-02', [broken, sent(HOUR, 'audit-trail-broken')], 3 * DAY).exceptions).toEqual([]);
    expect(fold('SI-02', [broken, sent(2 * DAY, 'audit-trail-broken')], 3 * DAY).exceptions).toEqual([
      'no-alert:1 fixed by 2',
    ]);
    expect(fold('SI-02', [broken, sent(HOUR)], 3 * DAY).exceptions).toEqual(['no-alert:1']);
  });
});

describe('backups restored for proof (CP-01)', () => {
  const backup = (outcome: 'success' | 'failure') =>
    told(
      'tenant.backup_verified',
      { backupDigest: D('f'), bytes: 4096, range: { first: 1, last: 9 }, restoredHead: D('1') },
      { outcome },
    );

  it('operates when one was restored, and deviates when one could not be', () => {
    expect(fold('CP-01', [backup('success'), backup('failure')])).toMatchObject({
      occurrences: [1],
      exceptions: ['not-restored:2'],
    });
    expect(fold('CP-01', [backup('failure'), backup('success')]).exceptions).toEqual(['not-restored:1 fixed by 2']);
  });
});

describe('guardrail policy decisions (AC-05)', () => {
  const links = { lease: 'l1' };
  const lease: Told = { action: 'credential.issued', data: {}, links };
  const decided = (decision: 'allow' | 'deny', action = 'ecs:UpdateService') =>
    told(
      'investigation.policy_decided',
      {
        decision,
        principal: 'Agent::remediator',
        action,
        resource: 'r',
        reason: 'because',
        policies: [],
        policyVersion: D('2'),
        contextDigest: D('3'),
      },
      { links },
    );
  const intent: Told = {
    action: 'investigation.system_called',
    data: { phase: 'intent', operation: 'ecs:UpdateService' },
    actor: agent('remediator'),
    links,
  };

  it('operates with each decision, and with changes that were allowed before', () => {
    expect(fold('AC-05', [lease, decided('allow'), intent])).toMatchObject({ occurrences: [2], exceptions: [] });
  });

  it('deviates when a change was announced that was denied, or not asked about', () => {
    expect(fold('AC-05', [lease, intent]).exceptions).toEqual(['not-decided:2']);
    expect(fold('AC-05', [lease, decided('deny'), intent]).exceptions).toEqual(['not-decided:3']);
    expect(fold('AC-05', [lease, decided('allow', 'ecs:RegisterTaskDefinition'), intent]).exceptions).toEqual([
      'not-decided:3',
    ]);
    const ended: Told = { action: 'credential.revoked', data: {}, links };
    expect(fold('AC-05', [lease, ended, intent]).exceptions).toEqual([]);
    expect(fold('AC-05', [lease, { ...intent, actor: { type: 'system', id: 'broker' } }]).exceptions).toEqual([]);
  });
});

describe('input validation (SI-01)', () => {
  const rejected = told('investigation.output_rejected', {
    producer: 'log-analyst',
    schema: 'finding',
    reason: 'a number',
    digest: D('9'),
  });
  const submitted = (findingsDigest: string) =>
    told('investigation.findings_submitted', {
      agent: 'log-analyst',
      findings: 1,
      findingsDigest,
      evidence: [],
      summary: 'errors rose',
    });

  it('operates when output is refused, and deviates when it is taken afterwards', () => {
    expect(fold('SI-01', [rejected, submitted(D('8'))])).toMatchObject({ occurrences: [1], exceptions: [] });
    expect(fold('SI-01', [rejected, submitted(D('9'))]).exceptions).toEqual(['accepted-anyway:2']);
  });
});

describe('doors to the network', () => {
  const denied = (reason: string, more: Partial<Told> = {}) =>
    told('auth.access_denied', { permission: 'api', role: null, reason }, { outcome: 'denied', ...more });
  const origins = (list: string) =>
    told('tenant.configuration_changed', { setting: 'cors.origins', old: null, new: list });
  const webhook = { type: 'webhook', id: 'hook-1' } as const;

  it('CORS (SC-04) operates with refused origins, and deviates while every origin is let in', () => {
    expect(fold('SC-04', [denied('origin'), denied('role'), origins('https://a.example')])).toMatchObject({
      occurrences: [1, 3],
      exceptions: [],
    });
    expect(fold('SC-04', [origins('*'), origins('*')]).exceptions).toEqual(['any-origin:1']);
    expect(fold('SC-04', [origins('*'), origins('https://a.example')]).exceptions).toEqual(['any-origin:1 fixed by 2']);
  });

  it('signed webhooks (SC-05) operate, and deviate without a digest or when one counts twice', () => {
    expect(
      fold('SC-05', [
        created('i1', 'low', 0, { actor: webhook }),
        denied('signature', { actor: webhook }),
        denied('role'),
      ]),
    ).toMatchObject({ occurrences: [1, 2], exceptions: [] });
    const bare: Told = { ...created('i1', 'low', 0, { actor: webhook }), data: { payloadDigest: null } };
    expect(fold('SC-05', [bare]).exceptions).toEqual(['no-digest:1']);
    const twice = [created('i1', 'low', 0, { actor: webhook }), created('i2', 'low', HOUR, { actor: webhook })];
    expect(fold('SC-05', twice).exceptions).toEqual(['taken-twice:2']);
    const merged = told(
      'incident.merged',
      { into: 'i1', reason: 'duplicate' },
      { after: 2 * HOUR, ...incidentOf('i2') },
    );
    expect(fold('SC-05', [...twice, merged]).exceptions).toEqual(['taken-twice:2 fixed by 3']);
    const later = [created('i1', 'low', 0, { actor: webhook }), created('i2', 'low', 2 * DAY, { actor: webhook })];
    expect(fold('SC-05', later).exceptions).toEqual([]);
  });

  it('tenant isolation (SC-03) operates with what is refused for its tenant', () => {
    const token = told('auth.token_rejected', { reason: 'tenant' }, { outcome: 'denied' });
    expect(fold('SC-03', [token, denied('tenant'), denied('role')]).occurrences).toEqual([1, 2]);
  });
});

describe('personal data', () => {
  it('masking (PT-01) operates each time, and deviates when it failed', () => {
    const masked = told('investigation.data_masked', {
      agent: 'log-analyst',
      pattern: 'e-mail',
      count: 3,
      evidence: D('4'),
    });
    expect(fold('PT-01', [masked, { ...masked, outcome: 'failure' }])).toMatchObject({
      occurrences: [1],
      exceptions: ['not-masked:2'],
    });
  });

  it('retention (PT-02) deviates when that of audit data is shortened by one person', () => {
    const period = (dataClass: string, oldDays: number | null, newDays: number, after: number) =>
      told('tenant.retention_policy_changed', { dataClass, oldDays, newDays }, { after });
    const agreed = told(
      'tenant.protection_change_approved',
      { change: 'retention', changeDigest: D('5'), justification: SEALED },
      { after: HOUR },
    );
    expect(fold('PT-02', [period('evidence', 365, 30, 0), period('audit', 365, 730, 1)])).toMatchObject({
      occurrences: [1, 2],
      exceptions: [],
    });
    expect(fold('PT-02', [period('audit', 365, 30, 0)]).exceptions).toEqual(['not-approved:1']);
    expect(fold('PT-02', [agreed, period('audit', 365, 30, HOUR + 1)]).exceptions).toEqual([]);
    expect(fold('PT-02', [agreed, period('audit', 365, 30, 3 * HOUR)]).exceptions).toEqual(['not-approved:2']);
    expect(
      fold('PT-02', [agreed, period('audit', 365, 30, HOUR + 1), period('audit', 30, 7, HOUR + 2)]).exceptions,
    ).toEqual(['not-approved:3']);
  });

  it('erasure (PT-03) deviates when it is late, not done, or nobody asked', () => {
    const asked = told(
      'tenant.erasure_requested',
      { request: 'r1', scope: 'subject', subject: 'u-1', due: at(30 * DAY) },
      { after: 0 },
    );
    const done = (request: string, after: number) =>
      told('tenant.erasure_completed', { request, certificate: D('6'), erased: [] }, { after });
    expect(fold('PT-03', [asked, done('r1', DAY)], 90 * DAY)).toMatchObject({ occurrences: [2], exceptions: [] });
    expect(fold('PT-03', [asked], 30 * DAY).exceptions).toEqual([]);
    expect(fold('PT-03', [asked], 30 * DAY + 1).exceptions).toEqual(['overdue:1']);
    expect(fold('PT-03', [asked, done('r1', 40 * DAY)], 90 * DAY).exceptions).toEqual(['overdue:1 fixed by 2']);
    expect(fold('PT-03', [done('r2', DAY)]).exceptions).toEqual(['no-request:1']);
  });
});

describe('what all controls have in common', () => {
  const check = (control: string, result: CheckResult) =>
    changed('register', { kind: 'self-check', results: [{ control, result, detail: 'looked', digest: D('7') }] });

  it('a self-check that fails is a deviation until one holds, once however often it fails', () => {
    const chain = [check('SC-02', 'holds'), check('SC-02', 'fails'), check('SC-02', 'fails')];
    expect(fold('SC-02', chain)).toMatchObject({ occurrences: [1], exceptions: ['check-failed:2'] });
    expect(fold('SC-02', [...chain, check('SC-02', 'partial')]).exceptions).toEqual(['check-failed:2']);
    expect(fold('SC-02', [...chain, check('SC-02', 'holds')])).toMatchObject({
      occurrences: [1, 4],
      exceptions: ['check-failed:2 fixed by 4'],
    });
  });

  it('a check of another control, or of a record that failed, says nothing', () => {
    const failed: Told = { ...check('SC-02', 'fails'), outcome: 'failure' };
    expect(fold('SC-02', [check('SC-03', 'fails'), failed])).toMatchObject({ occurrences: [], exceptions: [] });
  });

  it('a check is no occurrence of a control that has records of its own', () => {
    expect(fold('IA-04', [check('IA-04', 'holds'), check('IA-04', 'fails')])).toMatchObject({
      occurrences: [],
      exceptions: ['check-failed:2'],
    });
  });

  it('a change of cadence counts for the control it names', () => {
    const change = changed('AU-03', { kind: 'cadence', previous: 'weekly', next: 'daily' });
    expect(fold('AU-03', [change]).cadence).toEqual(['daily']);
    expect(fold('AU-02', [change]).cadence).toEqual([]);
  });
});
