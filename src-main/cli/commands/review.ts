import { CausewayError } from '#shared/errors.ts';
import type { DueReview } from '#shared/ipc/approval-views.ts';
import { askJustification, readSentence } from '../decide.ts';
import { type Io, plain } from '../io.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERDICTS = ['justified', 'not-justified'] as const;
type Verdict = (typeof VERDICTS)[number];

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'review list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  decide: {
    access: 'review decide',
    usage: 'RECORD --verdict justified|not-justified [--justification TEXT]',
    options: { verdict: { type: 'string' }, justification: { type: 'string' } },
    prepare: ({ words, text }) => {
      const only = exactly(words, 1);
      const verdict = VERDICTS.find((one) => one === text('verdict'));
      const given = text('justification');
      const justification = readSentence(given);
      if (only === null || verdict === undefined || (given !== undefined && justification === null)) return null;
      return (call) => review(call, only[0], verdict, justification);
    },
  },
};

/** `causeway review`: approvals one person gave alone, and what another says of them afterwards. */
export async function runReview(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('review', VERBS, args, io);
}

async function list({ console, say }: Call): Promise<number> {
  const due = console.reviews();
  say(due, due.length === 0 ? 'Nothing waits for a review.\n' : due.map(present).join(''));
  return 0;
}

/** `asked` is the approval record's hash, or enough of its beginning. */
async function review(call: Call, asked: string, verdict: Verdict, given: string | null): Promise<number> {
  const { console, workspace, principal, io, say, json } = call;
  const [due, ...others] = console.reviews().filter(({ record }) => record.startsWith(asked));
  if (due === undefined || others.length > 0) {
    const text = others.length > 0 ? `Several reviews begin with ${asked}. Give more of it.` : NOT_DUE;
    throw new CausewayError(others.length > 0 ? 'bad-input' : 'not-found', text);
  }
  if (!json) io.stdout(present(due));
  if (due.mayNotReview !== null) {
    io.stderr(`${due.mayNotReview}\n`);
    return 1;
  }
  const justification = given ?? (await askJustification(io));
  if (justification === null) {
    io.stderr('No reason was given. The review is still to be done.\n');
    return 1;
  }
  const reauthentication = await askReauthentication(workspace, principal, io);
  const left = await console.review({ record: due.record, verdict, justification, reauthentication });
  say(left, `Reviewed on record: ${verdict === 'justified' ? 'justified' : 'not justified'}.\n`);
  return 0;
}

const NOT_DUE = 'No such approval waits for a review. See: causeway review list';

function present({ record, remediation, incident, byName, at, reason, summary, mayNotReview }: DueReview): string {
  return [
    `${record}`,
    `  ${remediation} of ${incident}: ${plain(summary)}`,
    `  approved by ${plain(byName)} alone, ${at}: ${plain(reason)}`,
    ...(mayNotReview === null ? [] : [`  not by you: ${plain(mayNotReview)}`]),
    '',
  ].join('\n');
}
