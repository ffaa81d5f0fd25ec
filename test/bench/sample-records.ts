import { createHash } from 'node:crypto';
import type { AppendInput } from '#main/audit/append-input.ts';
import { seal } from '#main/audit/seal.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';

type AnyInput = AppendInput<AuditAction>;

const SERVICES = ['payments-api', 'orders-api', 'ledger', 'cart', 'search-gateway', 'sessions', 'mailer', 'inventory'];
const CALLS = ['ecs:DescribeServices', 'ecs:ListTasks', 'logs:FilterLogEvents', 'cloudwatch:GetMetricData'];
const AGENTS = [
  ['log-analyst', 'log-analysis'],
  ['metric-analyst', 'metric-analysis'],
  ['infrastructure-inspector', 'infrastructure-inspection'],
] as const;
const REASONS = ['TaskFailedToStart', 'CannotPullContainerError', 'OutOfMemoryError', 'ResourceInitializationError'];

/** A small repeatable generator (mulberry32): the same seed gives the same trail. */
export function repeatableRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Plainly made-up records in the proportions of the console's own work: incidents, their investigations, sign-ins. */
export function* sampleInputs(seed = 1): Generator<AnyInput> {
  const random = repeatableRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  let serial = 0;
  const digest = () => createHash('sha256').update(`${seed}:${serial++}`).digest('hex');
  const system = { type: 'system', id: 'causeway' } as const;
  for (let number = 1; ; number++) {
    const incident = `inc-${String(number).padStart(4, '0')}`;
    const investigation = `inv-${String(number).padStart(4, '0')}`;
    const service = pick(SERVICES);
    const arn = `arn:aws:ecs:eu-central-1:123456789012:service/shop/${service}`;
    const person = `user-${1 + below(12)}`;
    const links = { incident, investigation };
    const user = { type: 'user', id: person } as const;
    yield note({
      action: 'auth.user_signed_in',
      outcome: 'success',
      actor: user,
      target: { type: 'session', id: `ses-${number}` },
      data: { session: `ses-${number}`, method: 'password', secondFactor: 'totp' },
    });
    if (below(9) === 0) {
      yield note({
        action: 'auth.sign_in_failed',
        outcome: 'denied',
        actor: { type: 'user', id: `user-${13 + below(50)}` },
        target: { type: 'tenant', id: 'demo' },
        data: { method: 'password', reason: 'wrong-password', attempts: 1 + below(5) },
      });
    }
    yield note({
      action: 'incident.created',
      outcome: 'success',
      actor: { type: 'webhook', id: 'alertmanager' },
      target: { type: 'incident', id: incident },
      links: { incident },
      data: {
        severity: pick(['critical', 'high', 'medium', 'low'] as const),
        source: 'alertmanager',
        payloadDigest: digest(),
        title: seal('alertmanager', `${service} errors`),
        service,
        metric: 'error_ratio',
        environment: 'demo',
        account: '123456789012',
        region: 'eu-central-1',
        startedAt: '2026-01-01T00:00:00.000Z',
      },
    });
    for (const [agent, task] of AGENTS) {
      const lease = `lea-${number}-${agent.slice(0, 3)}`;
      const actor = { type: 'agent', id: `${agent}-1` } as const;
      const asked = { actor, onBehalfOf: user, links: { ...links, lease } };
      yield note({
        action: 'investigation.agent_dispatched',
        outcome: 'success',
        actor: system,
        onBehalfOf: user,
        target: { type: 'agent', id: `${agent}-1` },
        links,
        data: { agent, task, actions: [...CALLS], resources: [arn], argumentsDigest: digest() },
      });
      for (let call = 2 + below(9); call > 0; call--) {
        const operation = pick(CALLS);
        const denied = below(60) === 0;
        yield note({
          ...asked,
          action: 'investigation.policy_decided',
          outcome: denied ? 'denied' : 'success',
          target: { type: 'aws-resource', id: arn },
          data: {
            decision: denied ? 'deny' : 'allow',
            principal: `${agent}-1`,
            action: operation,
            resource: arn,
            reason: denied ? 'outside the task' : 'read within the task',
            policies: ['read-own-task'],
            policyVersion: digest(),
            contextDigest: digest(),
          },
        });
        if (denied) continue;
        const failed = below(80) === 0;
        yield note({
          ...asked,
          action: 'investigation.system_called',
          outcome: failed ? 'failure' : 'success',
          target: { type: 'aws-resource', id: arn },
          data: {
            operation,
            endpoint: 'ecs.eu-central-1.amazonaws.com:443',
            region: 'eu-central-1',
            payloadDigest: digest(),
            responseDigest: failed ? null : digest(),
            code: failed ? pick(REASONS) : '200',
            httpStatus: failed ? 503 : 200,
            latencyMs: 20 + below(900),
            attempts: failed ? 3 : 1,
            requestId: digest().slice(0, 32),
          },
        });
      }
    }
    yield note({
      action: 'incident.status_changed',
      outcome: 'success',
      actor: system,
      target: { type: 'incident', id: incident },
      links: { incident },
      data: { old: 'investigating', new: 'needs-attention', reason: `${pick(REASONS)} on ${service}` },
    });
    if (below(5) === 0) {
      yield note({
        action: 'incident.note_added',
        outcome: 'success',
        actor: { ...user, name: seal(person, `Demo person ${person}`) },
        target: { type: 'incident', id: incident },
        links: { incident },
        data: { note: seal(person, `note on ${incident}`) },
      });
    }
  }
}

/** An input of one action as an input of any; the store checks it against its schema either way. */
function note<A extends AuditAction>(input: AppendInput<A>): AnyInput {
  return input as unknown as AnyInput;
}
