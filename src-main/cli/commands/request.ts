import path from 'node:path';
import { CausewayError } from '#shared/errors.ts';
import { askChoice } from '../decide.ts';
import { followIncident } from '../follow.ts';
import { type Io, plain } from '../io.ts';
import { presentForeign, presentOutcome } from '../present.ts';
import { askReauthentication, demandPerson } from '../reauthenticate.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  save: {
    access: 'request save',
    usage: 'REMEDIATION --out FILE',
    options: { out: { type: 'string' } },
    prepare: ({ words, text }) => {
      const only = exactly(words, 1);
      const out = text('out');
      return only === null || out === undefined ? null : (call) => save(call, only[0], out);
    },
  },
  take: {
    access: 'request take',
    usage: 'FILE',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => take(call, only[0]));
    },
  },
  answer: {
    access: 'request answer',
    usage: 'FILE --out FILE [--trust KEY_ID]',
    options: { out: { type: 'string' }, trust: { type: 'string' } },
    prepare: ({ words, text }) => {
      const only = exactly(words, 1);
      const out = text('out');
      return only === null || out === undefined ? null : (call) => answer(call, only[0], out, text('trust'));
    },
  },
};

/** `causeway request`: a decision by somebody at another console, by signed files (docs/decision-files.md). */
export async function runRequest(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('request', VERBS, args, io);
}

async function save({ console, say }: Call, remediation: string, out: string): Promise<number> {
  const waiting = console.pendingApprovals().find((one) => one.remediation.id === remediation);
  if (waiting === undefined) {
    throw new CausewayError('not-found', `No plan called ${remediation} is waiting for a decision.`);
  }
  const file = path.resolve(out);
  const { planDigest, expiresAt } = waiting.remediation;
  await console.files.saveRequest(file, { remediation, planDigest });
  say(
    { file, remediation, planDigest, expiresAt },
    `${file}\nTo be answered by ${expiresAt}, at the other console: causeway request answer FILE --out ANSWER\nThen here: causeway request take ANSWER\n`,
  );
  return 0;
}

/** Exit status as of `approve`: an approval that is enough is carried out at once. */
async function take({ console, io, say, json }: Call, file: string): Promise<number> {
  const decided = await console.files.takeAnswer(path.resolve(file));
  const { incident } = decided.plan;
  const stop = json ? undefined : followIncident(console, incident, io);
  const { remediation } = await console.settled(decided.plan.investigation).finally(() => stop?.());
  const ended = remediation ?? decided;
  say(ended, `\n${presentOutcome(ended)}`);
  return ended.status === 'rejected' || ended.status === 'proposed' || ended.result?.verdict === 'recovered' ? 0 : 1;
}

async function answer(call: Call, asked: string, out: string, trust: string | undefined): Promise<number> {
  const { console, workspace, principal, io, say, json } = call;
  demandPerson(principal);
  const request = await console.files.openRequest(path.resolve(asked));
  if (!json) io.stdout(`\n${presentForeign(request)}\n`);
  if (request.firstSight === true && trust === undefined) {
    io.stderr(
      `This console has not seen that chain before. Compare its key with what its people tell you another way:\n` +
        `  ${plain(request.keyId)}\nIf it is the same: causeway request answer ${plain(asked)} --out ${plain(out)} --trust ${plain(request.keyId)}\n`,
    );
    return 1;
  }
  const decision = await askChoice(io, ['approve', 'reject']);
  if (decision === null) {
    io.stderr('No decision was made. Nothing was written.\n');
    return 1;
  }
  const reauthentication = await askReauthentication(workspace, principal, io);
  const file = path.resolve(out);
  await console.files.answerRequest(file, { ...decision, digest: request.digest, reauthentication, trust });
  say(
    { file, digest: request.digest, decision: decision.decision },
    `${file}\nSigned, on record here. It counts once it is taken at the console that asked: causeway request take FILE\n`,
  );
  return 0;
}
