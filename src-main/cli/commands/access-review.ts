import { ReviewDecision } from '#shared/model/control.ts';
import { type Io, plain } from '../io.ts';
import { presentReview } from '../present-evidence.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { timeOf } from '../time-option.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  list: { access: 'access-review list', usage: '', prepare: ({ words }) => exactly(words, 0) && list },
  open: {
    access: 'access-review open',
    usage: '--due TIME',
    options: { due: { type: 'string' } },
    prepare: ({ words, text }) => {
      const due = timeOf(text('due'));
      if (exactly(words, 0) === null || due === undefined) return null;
      if (due === null) return 'a time is written like 2026-03-01T12:00:00Z, a day like 2026-03-01';
      return async ({ console, say }) => {
        await console.compliance.counted();
        const review = await console.compliance.reviews.open(due);
        say(review, `Opened, on record, with everybody who has access now:\n${presentReview(review)}`);
        return 0;
      };
    },
  },
  decide: {
    access: 'access-review decide',
    usage: `REVIEW PERSON ${ReviewDecision.options.join('|')} --justification TEXT`,
    options: { justification: { type: 'string' } },
    prepare: ({ words, text }) => {
      const [campaign, subject, word, ...more] = words;
      const decision = ReviewDecision.safeParse(word);
      const note = text('justification')?.trim() ?? '';
      if (campaign === undefined || subject === undefined || !decision.success || more.length > 0) return null;
      if (note.length < 10) return '--justification is a sentence of at least 10 characters';
      return (call) => decide(call, { campaign, subject, decision: decision.data, note });
    },
  },
  close: {
    access: 'access-review close',
    usage: 'REVIEW',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return (
        only &&
        (async ({ console, say }) => {
          await console.compliance.counted();
          const review = await console.compliance.reviews.close(only[0]);
          say(review, `Closed, on record:\n${presentReview(review)}`);
          return 0;
        })
      );
    },
  },
};

/** `causeway access-review`: everybody's access looked at by somebody else. */
export async function runAccessReview(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('access-review', VERBS, args, io);
}

async function list({ console, say }: Call): Promise<number> {
  await console.compliance.counted();
  const reviews = console.compliance.reviews.list();
  say(reviews, reviews.length === 0 ? 'No access review yet.\n' : reviews.map(presentReview).join(''));
  return 0;
}

type Asked = Omit<Parameters<Call['console']['compliance']['reviews']['decide']>[0], 'reauthentication'>;

async function decide({ console, workspace, principal, io, say }: Call, asked: Asked): Promise<number> {
  await console.compliance.counted();
  const reauthentication = await askReauthentication(workspace, principal, io);
  const review = await console.compliance.reviews.decide({ ...asked, reauthentication });
  const hint = asked.decision === 'keep' ? '' : 'Carry it out with: causeway people role|remove, or api-key revoke\n';
  say(review, `Recorded: ${asked.decision} for ${plain(asked.subject)}.\n${hint}`);
  return 0;
}
