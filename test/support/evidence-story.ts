import { join } from 'node:path';
import type { AppendInput } from '#main/audit/append-input.ts';
import { canonicalBytes } from '#main/audit/canonical.ts';
import { seal } from '#main/audit/seal.ts';
import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { openTestStore, TEST_GENERATOR, type TestStore } from './audit-store.ts';
import { sampleRemediation } from './sample-remediation.ts';

/** Half a year of a small workspace, a little of everything reports tell: in a store with real signatures. */
export interface EvidenceStory extends TestStore {
  /** The whole chain, exported, with every sealed value in clear. */
  readonly chainFile: string;
  readonly last: number;
}

export const STORY_WINDOW = { from: '2026-02-01T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z' };
export const STORY_INCIDENT = 'inc-0001';
export const STORY_CAMPAIGN = 'AR-01';
const OWNER = 'u-00000000000a';
const SECOND = 'u-00000000000b';
const THIRD = 'u-00000000000c';
const D = (letter: string) => letter.repeat(64);

const person = (id: string) => ({ type: 'user' as const, id, name: seal(id, `Person ${id.at(-1)} <script>`) });
const SYSTEM = { type: 'system' as const, id: 'causeway' };
const agent = (id: string) => ({ type: 'agent' as const, id });

export async function tellStory(): Promise<EvidenceStory> {
  const made = await openTestStore();
  const { clock, store, folder } = made;
  const at = (time: string) => {
    clock.time = Date.parse(time);
  };
  // the store was opened in March by its clock; what follows goes on from there
  const append = <A extends AuditAction>(input: AppendInput<A>): Promise<StoredRecord> => {
    clock.time += 1000;
    return store.append(input);
  };
  const user = (id: string, role: string) =>
    append({
      action: 'tenant.user_added',
      outcome: 'success',
      actor: person(OWNER),
      target: { type: 'user', id },
      data: { user: id, role, name: seal(id, `Person ${id.at(-1)} <script>`) },
    });
  await user(OWNER, 'owner');
  await user(SECOND, 'admin');
  await user(THIRD, 'operator');
  await tellIncident(append, SECOND);
  await tellRegister(append, at);
  for (let month = 5; month <= 7; month++) {
    if (month === 7) await askErasure(append, 'er-2', '2026-07-15T09:00:00.000Z', () => at('2026-06-15T09:00:00.000Z'));
    at(`2026-0${month}-03T09:00:00.000Z`);
    await append({
      action: 'tenant.backup_verified',
      outcome: 'success',
      actor: SYSTEM,
      target: { type: 'backup', id: `b-${month}` },
      data: { backupDigest: D('b'), bytes: 1000, range: { first: 1, last: 5 }, restoredHead: D('c') },
    });
    await append({
      action: 'tenant.audit_verified',
      outcome: 'success',
      actor: SYSTEM,
      target: { type: 'chain', id: store.chain },
      data: {
        subject: 'store',
        fileDigest: null,
        range: { first: 1, last: 5 },
        verdict: 'valid',
        problems: 0,
        elapsedMs: 3,
      },
    });
    await append({
      action: 'auth.user_signed_in',
      outcome: 'success',
      actor: person(SECOND),
      target: { type: 'session', id: `s-${month}` },
      data: { session: `s-${month}`, method: 'password', secondFactor: month === 6 ? null : 'totp' },
    });
  }
  await tellPrivacy(append, at);
  await tellReview(append, at);
  at('2026-08-20T10:00:00.000Z');
  await append({
    action: 'auth.sign_in_failed',
    outcome: 'failure',
    actor: { type: 'user', id: 'unknown' },
    target: { type: 'session', id: 'none' },
    data: { method: 'password', reason: 'credentials', attempts: 1 },
  });
  await store.checkpoint();
  const last = store.head().seq;
  return { ...made, last, chainFile: await exportStory(store, join(folder, 'story.chain.jsonl')) };
}

export async function exportStory(store: AuditStore, file: string, disclose = true): Promise<string> {
  await store.exportChain(file, { disclose, generator: TEST_GENERATOR });
  return file;
}

type Append = <A extends AuditAction>(input: AppendInput<A>) => Promise<StoredRecord>;

async function tellIncident(append: Append, approver: string): Promise<void> {
  const { plan } = sampleRemediation();
  const links = { incident: STORY_INCIDENT };
  const all = { ...links, investigation: 'inv-0001' };
  const remediation = { ...all, remediation: 'rem-0001' };
  const lease = { ...all, lease: 'lease-1' };
  const about = { type: 'incident', id: STORY_INCIDENT };
  const target = { type: 'remediation', id: 'rem-0001' };
  const record = { outcome: 'success' as const };
  const log = agent('log-analyst');
  await append({
    ...record,
    action: 'incident.created',
    actor: { type: 'webhook', id: 'alarm' },
    target: about,
    links,
    data: {
      severity: 'critical',
      source: 'alertmanager',
      payloadDigest: D('1'),
      title: seal('incident', 'Checkout is slow'),
      service: 'checkout',
      metric: 'checkout.latency',
      environment: 'sandbox',
      account: null,
      region: null,
      startedAt: '2026-03-01T11:50:00.000Z',
    },
  });
  await append({
    ...record,
    action: 'credential.issued',
    actor: SYSTEM,
    target: { type: 'lease', id: 'lease-1' },
    links: lease,
    data: {
      task: 'log-analysis',
      agent: 'log-analyst',
      role: 'arn:aws:iam::000000000001:role/x',
      sessionName: 'causeway-1',
      sourceIdentity: null,
      accessKeyId: 'ASIA',
      sessionPolicyDigest: D('2'),
      actions: ['logs:StartQuery'],
      resources: ['*'],
      issuedAt: '2026-03-01T12:00:10.000Z',
      expiresAt: '2026-03-01T12:15:10.000Z',
      planDigest: null,
    },
  });
  await append({
    ...record,
    action: 'investigation.system_called',
    actor: log,
    onBehalfOf: { type: 'user', id: OWNER },
    target: { type: 'system', id: 'logs' },
    links: lease,
    data: {
      operation: 'logs:StartQuery',
      endpoint: 'localhost:1',
      region: 'us-east-1',
      payloadDigest: D('3'),
      responseDigest: D('4'),
      code: '200',
      httpStatus: 200,
      latencyMs: 12,
      attempts: 1,
      requestId: null,
    },
  });
  await append({
    action: 'investigation.policy_decided',
    outcome: 'denied',
    actor: log,
    target: { type: 'Task', id: 'remediation' },
    links: all,
    data: {
      decision: 'deny',
      principal: 'Agent::log-analyst',
      action: 'issueLease',
      resource: 'remediation',
      reason: 'no policy allows it',
      policies: [],
      policyVersion: D('d'),
      contextDigest: D('5'),
    },
  });
  await append({
    ...record,
    action: 'credential.revoked',
    actor: SYSTEM,
    target: { type: 'lease', id: 'lease-1' },
    links: lease,
    data: { task: 'log-analysis', reason: 'task-finished', cloud: 'revoked', calls: 1 },
  });
  const proposed = await append({
    ...record,
    action: 'remediation.proposed',
    actor: agent('remediator'),
    onBehalfOf: { type: 'user', id: OWNER },
    target,
    links: remediation,
    data: {
      plan,
      planDigest: D('b'),
      rule: 'people-approve-changes',
      policyVersion: D('d'),
      expiresAt: '2026-03-01T13:00:00.000Z',
      severity: 'critical',
      environment: 'sandbox',
      environmentKind: 'sandbox',
      approvalsRequired: 1,
      executeWithinMs: 600_000,
    },
  });
  await append({
    ...record,
    action: 'remediation.approved',
    actor: person(approver),
    target,
    links: { ...remediation, request: proposed.hash },
    device: { id: 'dev-1', name: seal(approver, 'Laptop') },
    data: {
      planDigest: D('b'),
      justification: seal(approver, 'The revision before it was sound.'),
      channel: 'dialog',
      rule: 'people-approve-changes',
      policyVersion: D('d'),
      reauthentication: 'password',
    },
  });
  await append({
    ...record,
    action: 'remediation.executed',
    actor: agent('remediator'),
    target,
    links: remediation,
    data: {
      planDigest: D('b'),
      steps: [
        {
          operation: 'ecs:UpdateService',
          payloadDigest: D('6'),
          responseDigest: D('7'),
          code: '200',
          httpStatus: 200,
          latencyMs: 40,
        },
      ],
      elapsedMs: 50,
    },
  });
  await append({
    ...record,
    action: 'incident.status_changed',
    actor: SYSTEM,
    target: about,
    links,
    data: { old: 'remediating', new: 'resolved', reason: 'The metric is back in its range.' },
  });
}

function askErasure(append: Append, request: string, due: string, at: () => void): Promise<StoredRecord> {
  at();
  return append({
    action: 'tenant.erasure_requested',
    outcome: 'success',
    actor: person(SECOND),
    target: { type: 'user', id: THIRD },
    data: { request, scope: 'subject', subject: THIRD, due },
  });
}

async function tellPrivacy(append: Append, at: (time: string) => void): Promise<void> {
  const done = (request: string, time: string) => {
    at(time);
    return append({
      action: 'tenant.erasure_completed',
      outcome: 'success',
      actor: person(SECOND),
      target: { type: 'user', id: THIRD },
      data: { request, certificate: D('e'), erased: [] },
    });
  };
  await askErasure(append, 'er-1', '2026-08-03T09:00:00.000Z', () => at('2026-07-04T09:00:00.000Z'));
  await done('er-1', '2026-07-05T09:00:00.000Z');
  at('2026-07-05T12:00:00.000Z');
  await append({
    action: 'investigation.data_masked',
    outcome: 'success',
    actor: SYSTEM,
    target: { type: 'evidence', id: 'e' },
    data: { agent: 'log-analyst', pattern: 'email', count: 4, evidence: D('8') },
  });
}

type Change = NonNullable<AppendInput<'tenant.control_updated'>['data']['change']>;

function update(append: Append, by: string | null, control: string, change: Change): Promise<StoredRecord> {
  return append({
    action: 'tenant.control_updated',
    outcome: 'success',
    actor: by === null ? SYSTEM : person(by),
    target: { type: 'control', id: control },
    data: { framework: 'causeway', control, oldStatus: null, newStatus: 'recorded', owner: null, evidence: [], change },
  });
}

/** A control that is taken up, whose cadence is changed, and that is done once; and what a self-check found. */
async function tellRegister(append: Append, at: (time: string) => void): Promise<void> {
  at('2026-04-10T08:00:00.000Z');
  await update(append, OWNER, 'RA-01', { kind: 'owner', previous: null });
  at('2026-04-12T08:00:00.000Z');
  await update(append, OWNER, 'RA-01', { kind: 'cadence', previous: 'annual', next: 'monthly' });
  at('2026-04-15T08:00:00.000Z');
  const note = seal(OWNER, 'Went through the risks one by one.');
  await update(append, OWNER, 'RA-01', { kind: 'performed', on: '2026-04-15T07:00:00.000Z', note, attachments: [] });
  at('2026-04-20T08:00:00.000Z');
  const results = [
    { control: 'SC-02', result: 'holds' as const, detail: 'Secrets are wrapped.', digest: D('9') },
    { control: 'SC-03', result: 'fails' as const, detail: 'A query reached another tenant.', digest: D('9') },
  ];
  await update(append, null, 'register', { kind: 'self-check', results });
}

async function tellReview(append: Append, at: (time: string) => void): Promise<void> {
  const subjects = [OWNER, SECOND, THIRD].map((id, index) => ({
    id,
    role: ['owner', 'admin', 'operator'][index] ?? '',
  }));
  const tree = new Frontier();
  for (const subject of subjects) tree.append(hashLeaf(canonicalBytes(subject)));
  at('2026-07-10T09:00:00.000Z');
  const campaign = STORY_CAMPAIGN;
  const due = '2026-07-20T09:00:00.000Z';
  await update(append, OWNER, campaign, {
    kind: 'review-opened',
    campaign,
    due,
    subjects,
    root: tree.root().toString('hex'),
  });
  const decide = (by: string, subject: string, decision: 'keep' | 'revoke') =>
    update(append, by, campaign, {
      kind: 'review-decided',
      campaign,
      subject,
      decision,
      note: seal(by, `About ${subject.at(-1)}: looked at the role.`),
    });
  await decide(SECOND, OWNER, 'keep');
  await decide(OWNER, SECOND, 'keep');
  await decide(OWNER, THIRD, 'revoke');
  await append({
    action: 'tenant.user_removed',
    outcome: 'success',
    actor: person(OWNER),
    target: { type: 'user', id: THIRD },
    data: { user: THIRD, reason: 'removed' },
  });
  await update(append, OWNER, campaign, { kind: 'review-closed', campaign, decided: 3, undecided: 0 });
}
