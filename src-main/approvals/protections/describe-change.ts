import type { PolicyPreview, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { HistoryBreak } from '#shared/ipc/verification-views.ts';
import type { KeptChange } from './change.ts';

type Details = Pick<ProtectionRequest, 'summary' | 'details'>;
type Change<Kind extends KeptChange['kind']> = Extract<KeptChange, { readonly kind: Kind }>;

const LONGEST_TEXT = 100_000;
const MOST_DETAILS = 64;
const MARKS = { same: ' ', added: '+', removed: '-' } as const;

/** `difference` is between the version in force and the new one, line by line. */
export function describePolicy(
  { base, version }: Change<'policy-change'>,
  { difference, dryRun }: PolicyPreview,
): Details {
  const lines = difference.map(({ kind, text }) => `${MARKS[kind]} ${text}`).join('\n');
  const count = (wanted: 'added' | 'removed') => difference.filter(({ kind }) => kind === wanted).length;
  const { decisions, notReplayable, changedTotal, from } = dryRun;
  return {
    summary: `Change the guardrail policies: ${count('added')} lines added, ${count('removed')} removed`,
    details: [
      { label: 'Version in force', text: base },
      { label: 'New version', text: version },
      { label: 'Difference', text: cut(lines) },
      {
        label: 'Dry run',
        text: `Of ${decisions} decisions since ${from}, ${changedTotal} would have been other ones; ${notReplayable} could not be tried.`,
      },
    ],
  };
}

export function describeRotation({ from, to }: Change<'key-rotation'>): Details {
  const old = { label: 'Key that signs now', text: from };
  switch (to.kind) {
    case 'keychain':
      return {
        summary: 'Hand the trail to a new signing key in the keychain',
        details: [old, { label: 'New key', text: 'Made when it is carried out, in the keychain of this console' }],
      };
    case 'sandbox-kms':
      return {
        summary: "Hand the trail to a new signing key in the sandbox's AWS KMS",
        details: [old, { label: 'New key', text: "Made when it is carried out, in the sandbox's AWS KMS" }],
      };
    case 'kms': {
      const { access, keyArn, region } = to;
      const place = access.type === 'sandbox' ? 'the sandbox' : (access.endpoint ?? `AWS, ${region}`);
      const profile = access.type === 'aws' && access.profile !== undefined ? `, profile ${access.profile}` : '';
      return {
        summary: 'Hand the trail to a signing key in AWS KMS',
        details: [old, { label: 'New key', text: keyArn }, { label: 'Reached at', text: `${place}${profile}` }],
      };
    }
  }
}

/** `open`: the breaks the change names, as the standing of the history tells them. */
export function describeBreaks(open: readonly HistoryBreak[]): Details {
  const shown = open.slice(0, open.length > MOST_DETAILS ? MOST_DETAILS - 1 : MOST_DETAILS);
  const details = shown.map(({ id, kind, text, source }) => ({
    label: `${kind} (${id})`.slice(0, 200),
    text: source === null ? text : `${text} Source: ${source}`,
  }));
  const more = open.slice(shown.length);
  if (more.length > 0) details.push({ label: 'Further breaks', text: cut(more.map(({ id }) => id).join('\n')) });
  const what = open.length === 1 ? 'a break' : `${open.length} breaks`;
  return { summary: `Take note of ${what} of the history, and go on upon the database as found`, details };
}

function cut(text: string): string {
  const note = '\n(The rest does not fit here.)';
  return text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT - note.length) + note;
}
