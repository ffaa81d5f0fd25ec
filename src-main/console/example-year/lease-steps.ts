import { TASK_ACTIONS } from '#main/credentials/session-policy.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import { AGENT_OF_TASK, type TaskKind } from '#shared/model/task.ts';
import { ACCOUNT, agent, REGION, system } from './cast.ts';
import { type Happening, MINUTE, of, type Past, SECOND, timeOf } from './happening.ts';
import { policyDecided, type Stage } from './stage.ts';

const LEASE_MS = 15 * MINUTE;
/** Until the cloud confirms a revocation. */
const CONFIRMED_MS = 2 * SECOND;
const BROKER = system('credential-broker');
const ISSUE_RULES = {
  'log-analysis': 'lease-log-analysis',
  'metric-analysis': 'lease-metric-analysis',
  'infrastructure-inspection': 'lease-infrastructure-inspection',
  remediation: 'lease-remediation',
} as const satisfies Record<TaskKind, string>;

/** A lease as its task uses it. */
export interface ExampleLease {
  readonly id: string;
  readonly task: TaskKind;
  readonly links: Links;
  readonly onBehalfOf: Actor;
  readonly resources: readonly string[];
  /** Of an approved plan; its approval's record by name. */
  readonly approved?: { readonly planDigest: string; readonly approval: string } | undefined;
}

/** A call on the cloud, as the recorder writes it. */
export interface ExampleCall {
  readonly at: number;
  readonly actor: Actor;
  readonly onBehalfOf: Actor;
  readonly links: Links;
  readonly operation: string;
  readonly resource: string;
  /** Of a change: the name of its intent. */
  readonly intent?: string | undefined;
  readonly phase?: 'intent' | 'outcome' | undefined;
  readonly failed?: boolean | undefined;
  readonly name?: string | undefined;
  /** Records to be named by hash in the links. */
  readonly approval?: string | undefined;
}

export function systemCalled({ content }: Stage, call: ExampleCall): Happening {
  const { at, actor, onBehalfOf, operation, resource, intent, phase, failed = false, name, approval } = call;
  const meant = phase === 'intent';
  return {
    at,
    ...(name === undefined ? {} : { name }),
    needs: [intent, approval].filter((needed) => needed !== undefined),
    // made when it is written: a year of them at once would fill the memory
    input: (past) =>
      of<'investigation.system_called'>({
        action: 'investigation.system_called',
        outcome: failed ? 'failure' : 'success',
        actor,
        onBehalfOf,
        target: { type: 'cloud-resource', id: resource },
        links: linksWith(past, call.links, approval),
        data: {
          operation,
          endpoint: endpointOf(operation),
          region: REGION,
          payloadDigest: content.digest(),
          responseDigest: meant || failed ? null : content.digest(),
          code: meant ? 'intent' : failed ? 'ThrottlingException' : '200',
          httpStatus: meant ? null : failed ? 400 : 200,
          latencyMs: meant ? 0 : content.int(18, 900),
          attempts: meant ? 0 : 1,
          requestId: meant ? null : `example-${content.hex(24)}`,
          ...(phase === undefined ? {} : { phase }),
          ...(intent === undefined ? {} : { intent: past.hash(intent) }),
        },
      }),
  };
}

function endpointOf(operation: string): string {
  const service = operation.split(':')[0] ?? '';
  return service === 'sts' || service === 'iam'
    ? `${service}.amazonaws.com:443`
    : `${service}.${REGION}.amazonaws.com:443`;
}

export function linksWith(past: Past, links: Links, approval: string | undefined): Links {
  return approval === undefined ? links : { ...links, approval: past.hash(approval) };
}

export const roleOf = (task: TaskKind) => `arn:aws:iam::${ACCOUNT}:role/example-${task}`;

/** Asked for, decided, taken and on record: three records before the first call. */
export function leaseIssued(stage: Stage, lease: ExampleLease, at: number): readonly Happening[] {
  const { id, task, onBehalfOf, resources, approved } = lease;
  const name = AGENT_OF_TASK[task];
  const approval = approved?.approval;
  const data = {
    task,
    agent: name,
    role: roleOf(task),
    sessionName: `${id}.${name}`,
    sourceIdentity: onBehalfOf.id,
    accessKeyId: `ASIAEXAMPLE${stage.content.hex(9).toUpperCase()}`,
    sessionPolicyDigest: stage.content.digest(),
    actions: [...TASK_ACTIONS[task]],
    resources: [...resources],
    issuedAt: timeOf(at + 120),
    expiresAt: timeOf(at + 120 + LEASE_MS),
    planDigest: approved?.planDigest ?? null,
  };
  return [
    policyDecided(stage, at, {
      rule: ISSUE_RULES[task],
      principal: `Agent::${name}`,
      action: 'issueLease',
      resource: { type: 'Task', id: task },
      actor: agent(name),
      onBehalfOf,
      links: lease.links,
    }),
    systemCalled(stage, {
      at: at + 260,
      actor: BROKER,
      onBehalfOf,
      links: lease.links,
      operation: 'sts:AssumeRole',
      resource: roleOf(task),
      approval,
    }),
    {
      at: at + 300,
      needs: approval === undefined ? [] : [approval],
      input: (past) =>
        of<'credential.issued'>({
          action: 'credential.issued',
          outcome: 'success',
          actor: BROKER,
          onBehalfOf,
          target: { type: 'lease', id },
          links: linksWith(past, lease.links, approval),
          data,
        }),
    },
  ];
}

/** A call that only reads, with the decision before it. */
export function readingCall(stage: Stage, lease: ExampleLease, at: number, operation: string): readonly Happening[] {
  const name = AGENT_OF_TASK[lease.task];
  const resource = stage.content.pick(lease.resources);
  const rule = { 'log-analysis': 'read-logs', 'metric-analysis': 'read-metrics' }[lease.task as string];
  const { onBehalfOf, links } = lease;
  return [
    policyDecided(stage, at, {
      rule: rule ?? 'read-infrastructure',
      principal: `Agent::${name}`,
      action: operation,
      resource: { type: 'CloudResource', id: resource },
      actor: agent(name),
      onBehalfOf,
      links,
    }),
    systemCalled(stage, {
      at: at + stage.content.int(60, 700),
      actor: agent(name),
      onBehalfOf,
      links,
      operation,
      resource,
      failed: stage.content.chance(0.01),
    }),
  ];
}

/** Ended in the cloud too, and on record; `failed`: the cloud did not confirm. */
export function leaseRevoked(
  stage: Stage,
  lease: ExampleLease,
  at: number,
  {
    calls,
    reason = 'task-finished',
    failed = false,
  }: { calls: number; reason?: 'task-finished' | 'task-failed' | 'cancelled'; failed?: boolean },
): readonly Happening[] {
  const { id, task, onBehalfOf, links, approved } = lease;
  const call = { actor: BROKER, onBehalfOf, links, resource: roleOf(task), approval: approved?.approval };
  const intent = `${id}-revocation`;
  return [
    systemCalled(stage, {
      ...call,
      at,
      operation: 'sts:AssumeRole',
      resource: `arn:aws:iam::${ACCOUNT}:role/example-revocation`,
    }),
    systemCalled(stage, { ...call, at: at + 150, operation: 'iam:GetRolePolicy' }),
    systemCalled(stage, { ...call, at: at + 300, operation: 'iam:PutRolePolicy', phase: 'intent', name: intent }),
    systemCalled(stage, {
      ...call,
      at: at + CONFIRMED_MS,
      operation: 'iam:PutRolePolicy',
      phase: 'outcome',
      intent,
      failed,
    }),
    {
      at: at + CONFIRMED_MS + 40,
      needs: approved === undefined ? [] : [approved.approval],
      input: (past) =>
        of<'credential.revoked'>({
          action: 'credential.revoked',
          outcome: failed ? 'failure' : 'success',
          actor: BROKER,
          onBehalfOf,
          target: { type: 'lease', id },
          links: linksWith(past, links, approved?.approval),
          data: { task, reason, cloud: failed ? 'failed' : 'revoked', calls },
        }),
    },
  ];
}
