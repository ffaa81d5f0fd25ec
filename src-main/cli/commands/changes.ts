import { CausewayError } from '#shared/errors.ts';
import { askChoice } from '../decide.ts';
import { type Io, plain } from '../io.ts';
import { presentProtection, presentRequest } from '../present-protection.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'changes list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  decide: {
    access: 'changes decide',
    usage: 'REQUEST',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => decide(call, only[0]));
    },
  },
  withdraw: {
    access: 'changes withdraw',
    usage: 'REQUEST',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => withdraw(call, only[0]));
    },
  },
};

/** `causeway changes`: changes of what protects the trail, which two people make. */
export async function runChanges(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('changes', VERBS, args, io);
}

async function list({ console, say }: Call): Promise<number> {
  const waiting = console.protections.pending();
  say(waiting, waiting.length === 0 ? 'No change waits for a second person.\n' : waiting.map(presentRequest).join(''));
  return 0;
}

async function decide({ console, workspace, principal, io, say, json }: Call, id: string): Promise<number> {
  const request = console.protections.pending().find((one) => one.id === id);
  if (request === undefined) {
    throw new CausewayError('not-found', `No change called ${id} waits. See: causeway changes list`);
  }
  if (!json) io.stdout(presentRequest(request));
  if (request.mayNotDecide !== null) {
    const own = request.requestedBy === principal.id ? ` To take it back: causeway changes withdraw ${id}` : '';
    io.stderr(`You may not decide on this: ${plain(request.mayNotDecide)}${own}\n`);
    return 1;
  }
  const asked = await askChoice(io, ['approve', 'reject']);
  if (asked === null) {
    io.stderr('No decision was made. Nothing was changed.\n');
    return 1;
  }
  const reauthentication = await askReauthentication(workspace, principal, io);
  const { digest } = request;
  const outcome = await console.protections.decide({ ...asked, request: id, digest, reauthentication });
  say(outcome, presentProtection(outcome));
  return 0;
}

async function withdraw({ console, say }: Call, request: string): Promise<number> {
  await console.protections.withdraw(request);
  say({ withdrawn: request }, `${plain(request)} is withdrawn. Nothing was changed.\n`);
  return 0;
}
