import { brokenInvariants, INVARIANTS } from '#main/policy/invariants.ts';
import { sessionPolicyFor, TASK_ACTIONS } from '#main/credentials/session-policy.ts';
import { TaskKind } from '#shared/model/task.ts';
import { approversOf, countApprovers } from '../../people.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, isRefused, partial } from './found.ts';

const LONGEST_LEASE_MS = 15 * 60_000;

/** Leases that live now. */
export async function checkLeases({ broker }: Parts): Promise<Found> {
  const live = broker.live().map(({ id, issuedAt, expiresAt }) => ({ id, ms: expiresAt - issuedAt }));
  const long = live.filter(({ ms }) => ms > LONGEST_LEASE_MS);
  if (long.length > 0) return fails(`Leases longer than 15 minutes: ${long.map(({ id }) => id).join(', ')}.`, live);
  return holds(`${live.length} leases live now, none longer than 15 minutes; no credentials rest on disk.`, live);
}

/** The session policies of each kind of task: no more than agreed, and nothing without its resources. */
export async function checkLeastPrivilege(): Promise<Found> {
  const tried: Record<string, boolean> = {};
  for (const task of TaskKind.options) {
    tried[`${task}: foreign action`] = await isRefused(() => sessionPolicyFor(task, ['*'], ['iam:PassRole']));
    if (task === 'remediation' || task === 'log-analysis') {
      tried[`${task}: every resource`] = await isRefused(() => sessionPolicyFor(task, ['*']));
    }
  }
  const looked = { tried, actions: TASK_ACTIONS };
  const taken = Object.entries(tried).flatMap(([name, refused]) => (refused ? [] : [name]));
  if (taken.length > 0) return fails(`Session policies were made for what no task may do: ${taken.join(', ')}.`, looked);
  return holds(`${Object.keys(tried).length} session policies that go too far were refused.`, looked);
}

/** What every guardrail policy has to keep, asked of the one in force. */
export async function checkGuardrails({ policies }: Parts): Promise<Found> {
  const engine = policies.engine();
  const broken = brokenInvariants(engine);
  const looked = { version: engine.version, asked: INVARIANTS.map(({ sentence }) => sentence), broken };
  if (broken.length > 0) return fails(`The policy in force does not keep: ${broken.join(' ')}`, looked);
  return holds(`The policy in force keeps all ${INVARIANTS.length} rules nothing may give up.`, looked);
}

/** Whether there is a second person at all. */
export async function checkSecondPerson({ identity, permissions }: Parts): Promise<Found> {
  const approvers = countApprovers(approversOf(identity, permissions));
  const looked = { approvers };
  if (approvers < 2) return partial('Only one human here may decide: nobody else can look at what they ask for.', looked);
  return holds(`${approvers} humans may decide; nobody approves what they asked for.`, looked);
}
