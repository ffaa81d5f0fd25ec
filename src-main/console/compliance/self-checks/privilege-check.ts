import { sessionPolicyFor, TASK_ACTIONS } from '#main/credentials/session-policy.ts';
import type { Permission, Role } from '#shared/model/access.ts';
import { AGENT_OF_TASK, AgentName, TaskKind } from '#shared/model/task.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, isRefused, partial } from './found.ts';

/** One request of each role that has to be allowed, and one that has to be denied. An owner is denied nothing. */
const OF_ROLES: Readonly<Record<Role, { readonly allowed: Permission; readonly denied: Permission | null }>> = {
  viewer: { allowed: 'trail.read', denied: 'approvals.decide' },
  operator: { allowed: 'approvals.decide', denied: 'people.manage' },
  admin: { allowed: 'people.manage', denied: 'approvals.break-glass' },
  owner: { allowed: 'policies.change', denied: null },
};
const NEWEST_LEASES = 100;

/**
 * What agents, roles and API keys of this workspace may do: its policies are asked, and the leases it issued and the keys
 * it gave are looked at. Session policies are tried on the function that makes them.
 */
export async function checkLeastPrivilege(parts: Parts): Promise<Found> {
  const agents = askForLeases(parts);
  const roles = askOfRoles(parts);
  const keys = keysBeyondTheirOwners(parts);
  const leases = lookAtLeases(parts);
  const made = await tryPolicies();
  const looked = { agents, roles, keys, leases, made };
  const wrong = [
    ...agents.tooMuch.map((lease) => `the policy in force gives ${lease}`),
    ...roles.wrong,
    ...keys.beyond.map((id) => `the API key ${id} may do more than its owner`),
    ...leases.beyond.map((seq) => `the lease of record ${seq} goes beyond its task`),
    ...made.taken.map((name) => `a session policy was made for ${name}`),
  ];
  if (wrong.length > 0) return fails(`More than is needed: ${wrong.slice(0, 10).join('; ')}.`, looked);
  if (agents.tooLittle.length > 0) {
    return partial(
      `The policy in force denies agents the leases of their own tasks (${agents.tooLittle.join(', ')}), so what it would allow them cannot be told.`,
      looked,
    );
  }
  return holds(
    `The policy in force was asked for ${agents.asked} leases and gives each agent those of its task only, and none to change anything without an approval; each role was asked for what it may and what it may not; ${keys.keys} API keys and the newest ${leases.leases} leases on record stay within their bounds. This build refused ${made.tried} session policies that go too far.`,
    looked,
  );
}

function askForLeases({ policies }: Parts) {
  const engine = policies.engine();
  const tooMuch: string[] = [];
  const tooLittle: string[] = [];
  let asked = 0;
  for (const task of TaskKind.options) {
    for (const agent of AgentName.options) {
      asked++;
      const { decision } = engine.decide({
        principal: { type: 'Agent', id: agent },
        action: 'issueLease',
        resource: { type: 'Task', id: task },
        context: { approved: false },
      });
      const may = task !== 'remediation' && AGENT_OF_TASK[task] === agent;
      if (decision === 'allow' && !may) tooMuch.push(`${agent} a lease for ${task}`);
      if (decision !== 'allow' && may) tooLittle.push(task);
    }
  }
  return { version: engine.version, asked, tooMuch, tooLittle };
}

function askOfRoles({ permissions }: Parts) {
  const wrong: string[] = [];
  for (const [role, { allowed, denied }] of Object.entries(OF_ROLES) as [Role, (typeof OF_ROLES)[Role]][]) {
    const may = permissions.allowed(role);
    if (!may.includes(allowed)) wrong.push(`${role} is denied ${allowed}`);
    if (denied !== null && may.includes(denied)) wrong.push(`${role} is allowed ${denied}`);
  }
  return { version: permissions.version, asked: OF_ROLES, wrong };
}

function keysBeyondTheirOwners({ identity, permissions }: Parts) {
  const roles = new Map(identity.people().map(({ id, role }) => [id, role]));
  const keys = identity.apiKeys().filter(({ revokedAt }) => revokedAt === null);
  const beyond = keys
    .filter(({ owner, scopes }) => {
      const role = roles.get(owner);
      const may = role === undefined ? [] : permissions.allowed(role);
      return scopes.some((scope) => !may.includes(scope));
    })
    .map(({ id }) => id);
  return { keys: keys.length, beyond };
}

/** By the records of the leases: what they were for, and on what. */
function lookAtLeases({ rooms: { store } }: Parts) {
  const { rows } = store.page({ action: 'credential.issued', outcome: 'success', limit: NEWEST_LEASES });
  const beyond = rows
    .filter(({ seq }) => {
      const { task, actions, resources } = (store.get(seq)?.record.data ?? {}) as Readonly<Record<string, unknown>>;
      const kind = TaskKind.safeParse(task);
      if (!kind.success || !Array.isArray(actions) || !Array.isArray(resources)) return true;
      const known = actions.every((action) => TASK_ACTIONS[kind.data].includes(String(action)));
      return !known || (kind.data === 'remediation' && resources.includes('*'));
    })
    .map(({ seq }) => seq);
  return { leases: rows.length, beyond };
}

async function tryPolicies() {
  const tried: Record<string, boolean> = {};
  for (const task of TaskKind.options) {
    tried[`${task}: a foreign action`] = await isRefused(() => sessionPolicyFor(task, ['*'], ['iam:PassRole']));
    if (task === 'remediation' || task === 'log-analysis') {
      tried[`${task}: every resource`] = await isRefused(() => sessionPolicyFor(task, ['*']));
    }
  }
  const taken = Object.entries(tried).flatMap(([name, refused]) => (refused ? [] : [name]));
  return { tried: Object.keys(tried).length, taken };
}
