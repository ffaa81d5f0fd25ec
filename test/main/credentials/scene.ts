import { join } from 'node:path';
import type { ApprovalRules } from '#main/approvals/approval-rules.ts';
import { seal } from '#main/audit/seal.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { type CredentialBroker, createBroker } from '#main/credentials/broker.ts';
import type { CloudEnvironment } from '#main/credentials/environment.ts';
import type { LeaseRequest } from '#main/credentials/lease.ts';
import { type AwsClients, createAwsClients, fixedKeys } from '#main/platform/aws-clients.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { systemRandom } from '#main/platform/random.ts';
import { loadPolicyEngine, type PolicyEngine } from '#main/policy/engine.ts';
import { createGuard, type Guard } from '#main/policy/guard.ts';
import { startSandbox } from '#main/sandbox/server.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Actor, AuditRecord } from '#shared/model/audit-record.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import { AGENT_OF_TASK, type TaskKind } from '#shared/model/task.ts';
import { HandClock, openTestStore, removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import type { MemorySecrets } from '../../support/memory-secrets.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';
import { writeScenario } from '../../support/scenario.ts';
import { type SessionKeys, type TappedCloud, tapCloud } from './tapped-cloud.ts';

/** Who investigates: the agents act for them. */
export const PERSON = { type: 'user', id: 'u-1000' } as const;
/** Who approves: somebody else. */
export const APPROVER = { type: 'user', id: 'u-2000' } as const;
/** Other accounts and API keys of the same humans, as the people of a workspace know them. */
export const ALIASES: Readonly<Record<string, string>> = {
  'u-1001': 'u-1000',
  'key-1000': 'u-1000',
  'u-2001': 'u-2000',
};
/** Device keys: whose, and registered by whom. */
export const DEVICES: Readonly<Record<string, { readonly person: string; readonly registeredBy: string }>> = {
  '0123456789abcdef': { person: APPROVER.id, registeredBy: APPROVER.id },
  fedcba9876543210: { person: APPROVER.id, registeredBy: PERSON.id },
};
export const CHECKOUT = 'arn:aws:ecs:us-east-1:000000000001:service/prod/checkout';
export const CHECKOUT_FAMILY = 'arn:aws:ecs:us-east-1:000000000001:task-definition/checkout:*';
export const LOG_GROUP = 'arn:aws:logs:us-east-1:000000000001:log-group:/ecs/prod/checkout';

/** What each task is narrowed to in these tests. */
export const RESOURCES: Readonly<Record<TaskKind, readonly string[]>> = {
  'log-analysis': [LOG_GROUP],
  'metric-analysis': ['*'],
  'infrastructure-inspection': [CHECKOUT, 'arn:aws:ecs:us-east-1:000000000001:cluster/prod', '*'],
  remediation: [CHECKOUT],
};

/** The sandbox cloud, an audit store, the policies and the broker, put together as in the product. */
export interface Scene {
  readonly folder: string;
  readonly cloud: TappedCloud;
  readonly environment: CloudEnvironment;
  readonly secrets: MemorySecrets;
  readonly clock: HandClock;
  readonly store: AuditStore;
  readonly engine: PolicyEngine;
  readonly guard: Guard;
  /** By what approvals are judged; a test may change them. */
  readonly rules: TestRules;
  readonly broker: CredentialBroker;
  readonly revocationFailures: unknown[];
  request(task: TaskKind, changes?: Partial<LeaseRequest>): LeaseRequest;
  /** The newest first is last: in the order of the chain. */
  records(action?: string): readonly AuditRecord[];
  /** Clients without any of the broker's checks: what a thief of these keys could do. */
  thief(keys: SessionKeys): AwsClients;
  close(): Promise<void>;
}

/** The product's way of judging, with a policy that asks for `needed` approvals of what is critical in an AWS account. */
export interface TestRules extends ApprovalRules {
  needed: number;
  policyVersion: string;
  /** Who is not in the workspace any more. */
  gone: readonly string[];
}

function testRules(policyVersion: string): TestRules {
  return {
    needed: 2,
    policyVersion,
    version() {
      return this.policyVersion;
    },
    required({ severity, environmentKind }) {
      return severity === 'critical' && environmentKind === 'aws' ? this.needed : 1;
    },
    humanBehind: (id) => ALIASES[id] ?? id,
    gone: [],
    mayNow(id) {
      return !this.gone.includes(id);
    },
    deviceBinding: (keyId) => DEVICES[keyId] ?? null,
  };
}

export async function openScene(): Promise<Scene> {
  const folder = temporaryFolder();
  const sandbox = await startSandbox({ folders: [await writeScenario(join(folder, 'scenario'), { hoursBefore: 1 })] });
  const [account] = sandbox.accounts;
  if (account === undefined) throw new Error('The sandbox has no account');
  const cloud = await tapCloud(sandbox.endpoint);
  const clock = new HandClock();
  clock.time = Date.now(); // the sandbox checks signatures by the wall clock
  const { store, secrets } = await openTestStore(join(folder, 'tenant'), undefined, clock);
  const engine = await loadPolicyEngine();
  const guard = createGuard({ audit: store, engine });
  const rules = testRules(engine.version);
  const revocationFailures: unknown[] = [];
  const broker = createBroker({
    audit: store,
    guard,
    approvalRules: rules,
    clock,
    random: systemRandom,
    version: '0.0.0-test',
    onRevocationFailure: (_lease, error) => revocationFailures.push(error),
  });
  const environment: CloudEnvironment = {
    id: 'sandbox-1',
    title: account.scenario.title,
    kind: 'sandbox',
    endpoint: cloud.endpoint,
    region: account.region,
    account: account.accountId,
    baseCredentials: fixedKeys(account.baseCredentials),
    roles: account.roles,
    revocationRole: account.revocationRole,
    serviceMap: account.serviceMap,
    clock: account.clock,
  };
  const thieves: AwsClients[] = [];
  return {
    folder,
    cloud,
    environment,
    secrets,
    clock,
    store,
    engine,
    guard,
    rules,
    broker,
    revocationFailures,
    request: (task, changes) => ({
      environment,
      task,
      agent: AGENT_OF_TASK[task],
      incident: 'inc-0001',
      investigation: 'inv-0001',
      onBehalfOf: PERSON,
      resources: RESOURCES[task],
      ...changes,
    }),
    records: (action) => {
      const all: AuditRecord[] = [];
      for (let seq = 1; seq <= store.head().seq; seq++) {
        const record = store.get(seq)?.record;
        if (record !== undefined && (action === undefined || record.action === action)) all.push(record);
      }
      return all;
    },
    thief: (keys) => {
      const clients = createAwsClients({
        endpoint: cloud.endpoint,
        region: account.region,
        keys: fixedKeys(keys),
        hooks: {},
        version: '0.0.0-test',
      });
      thieves.push(clients);
      return clients;
    },
    close: async () => {
      for (const clients of thieves) clients.destroy();
      await store.close().catch(() => undefined); // some tests close it before
      await cloud.close();
      await sandbox.close();
      removeFolder(folder);
    },
  };
}

type Proposed = AuditData<'remediation.proposed'>;
type Approved = AuditData<'remediation.approved'>;

export interface ApprovalChanges {
  readonly plan?: Partial<RemediationPlan>;
  readonly requester?: Actor;
  readonly onBehalfOf?: Actor;
  readonly approver?: Actor;
  /** What the approval says was approved. */
  readonly approvedDigest?: string;
  /** What the proposal says its digest is. */
  readonly proposedDigest?: string;
  /** Members of the proposal's record; undefined: left out, as by earlier versions. */
  readonly proposed?: { readonly [Member in keyof Proposed]?: Proposed[Member] | undefined };
  /** Members of the approval's record. */
  readonly approved?: Partial<Omit<Approved, 'justification' | 'breakGlass'>>;
  /** The reason of an approval given alone. */
  readonly breakGlass?: string;
  /** How long after the proposal it is approved, ms. */
  readonly decidedAfter?: number;
  readonly remediation?: string;
  readonly action?: 'remediation.approved' | 'remediation.rejected';
}

/** A proposal and its approval in the chain, in every detail as the product writes them unless told otherwise. */
export async function approve(scene: Scene, changes: ApprovalChanges = {}) {
  const proposal = await propose(scene, changes);
  const hash = await approveAlso(scene, proposal, changes);
  const { plan, planDigest } = proposal;
  return { ...proposal, hash, approval: { hash, remediation: plan.remediation }, plan, planDigest };
}

export interface Proposing {
  readonly plan: RemediationPlan;
  readonly planDigest: string;
  readonly request: string;
}

/** A proposal in the chain. */
export async function propose(scene: Scene, changes: ApprovalChanges = {}): Promise<Proposing> {
  const sample = sampleRemediation().plan;
  const steps = sample.steps.map((step) => ({
    ...step,
    parameters: { cluster: 'prod', service: 'checkout', forceNewDeployment: true },
  }));
  const plan: RemediationPlan = { ...sample, steps, ...changes.plan };
  const planDigest = changes.proposedDigest ?? canonicalDigest(plan).digest;
  const { environment } = scene;
  const data = {
    plan,
    planDigest,
    rule: scene.engine.approvalRule.id,
    policyVersion: scene.rules.policyVersion,
    expiresAt: new Date(scene.clock.now() + 30 * 60_000).toISOString(),
    severity: 'high',
    environment: environment.id,
    environmentKind: environment.kind,
    approvalsRequired: 1,
    executeWithinMs: 15 * 60_000,
    ...changes.proposed,
  };
  const { hash } = await scene.store.append({
    action: 'remediation.proposed',
    outcome: 'success',
    actor: changes.requester ?? { type: 'agent', id: 'remediator' },
    onBehalfOf: changes.onBehalfOf ?? PERSON,
    target: { type: 'remediation', id: plan.remediation },
    links: { incident: plan.incident, investigation: plan.investigation, remediation: plan.remediation },
    data: JSON.parse(JSON.stringify(data)) as Proposed, // what is undefined is left out
  });
  return { plan, planDigest, request: hash };
}

/** An approval of a proposal in the chain, perhaps one of several; resolves with the hash of its record. */
export async function approveAlso(
  scene: Scene,
  { plan, planDigest, request }: Proposing,
  changes: ApprovalChanges = {},
): Promise<string> {
  scene.clock.time += changes.decidedAfter ?? 1000;
  const { incident, investigation, remediation } = plan;
  const { breakGlass, approver = APPROVER } = changes;
  const { hash } = await scene.store.append({
    action: changes.action ?? 'remediation.approved',
    outcome: 'success',
    actor: approver,
    target: { type: 'remediation', id: remediation },
    links: { incident, investigation, remediation: changes.remediation ?? remediation, request },
    device: { id: 'd-0123456789ab' },
    data: {
      planDigest: changes.approvedDigest ?? planDigest,
      justification: seal(approver.id, 'The error rate began with this deployment.'),
      channel: 'terminal',
      rule: breakGlass === undefined ? scene.engine.approvalRule.id : 'break-glass',
      policyVersion: scene.rules.policyVersion,
      reauthentication: 'password',
      ...(breakGlass === undefined ? {} : { breakGlass: seal(approver.id, breakGlass) }),
      ...changes.approved,
    },
  });
  return hash;
}
