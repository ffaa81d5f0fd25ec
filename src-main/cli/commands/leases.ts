import type { LeaseView } from '#shared/ipc/access-views.ts';
import { type Io, plain } from '../io.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'leases list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  revoke: {
    access: 'leases revoke',
    usage: 'LEASE',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => revoke(call, only[0]));
    },
  },
};

/** `causeway leases`: the credentials agents hold now. Those of a program that has ended were revoked when it did. */
export async function runLeases(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('leases', VERBS, args, io);
}

async function list({ console, say }: Call): Promise<number> {
  const leases = console.leases();
  say(leases, presentLeases(leases));
  return 0;
}

async function revoke({ console, say }: Call, lease: string): Promise<number> {
  const left = await console.revokeLease(lease);
  say(left, `${plain(lease)} is revoked, on record.\n${presentLeases(left)}`);
  return 0;
}

/** One below the other, with how long each still holds and what it reaches. */
function presentLeases(leases: readonly LeaseView[]): string {
  if (leases.length === 0) return 'No agent holds credentials now.\n';
  return leases
    .map(({ id, task, agent, investigation, account, actions, resources, calls, expiresAt, cloudRevocation }) =>
      [
        `${id}  ${task} by ${agent} in ${investigation}, account ${account}, until ${expiresAt}`,
        `  ${calls} calls; may ${actions.join(', ')}`,
        ...resources.map((resource) => `  on ${plain(resource)}`),
        cloudRevocation === 'configured'
          ? '  revoking it also reaches the cloud'
          : '  revoking it ends its use here; the cloud accepts it until then (docs/aws-setup.md)',
        '',
      ].join('\n'),
    )
    .join('');
}
