import { readSmallFile } from '#main/platform/atomic-file.ts';
import { CausewayError } from '#shared/errors.ts';
import type { PolicyPreview, PolicyView } from '#shared/ipc/protection-views.ts';
import { readSentence } from '../decide.ts';
import { type Io, plain } from '../io.ts';
import { presentProtection } from '../present-protection.ts';
import { askReauthentication, demandPerson } from '../reauthenticate.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const LARGEST = 400_000; // bytes; how long the text itself may be the policy room says
const SHOWN = 20;

const VERBS: Readonly<Record<string, Verb>> = {
  show: {
    access: 'policy show',
    usage: '[--version V]',
    options: { version: { type: 'string' } },
    prepare: ({ words, text }) => exactly(words, 0) && ((call) => show(call, text('version'))),
  },
  preview: {
    access: 'policy preview',
    usage: 'FILE',
    prepare: ({ words }) => {
      const only = exactly(words, 1);
      return only && ((call) => preview(call, only[0]));
    },
  },
  propose: {
    access: 'policy propose',
    usage: 'FILE --reason TEXT',
    options: { reason: { type: 'string' } },
    prepare: ({ words, text }) => {
      const only = exactly(words, 1);
      const reason = readSentence(text('reason'));
      if (only === null) return null;
      return reason === null
        ? 'say why with --reason, in 10 characters or more'
        : (call) => propose(call, only[0], reason);
    },
  },
};

/** `causeway policy`: the guardrail policies, and asking for others. */
export async function runPolicy(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('policy', VERBS, args, io);
}

async function show({ console: { policies }, say }: Call, asked: string | undefined): Promise<number> {
  const current = policies.current();
  if (asked === undefined) {
    say(current, presentPolicies(current));
    return 0;
  }
  const version = findVersion(current, asked);
  const text = policies.text(version);
  say({ version, text }, readable(text));
  return 0;
}

async function preview({ console: { policies }, say }: Call, file: string): Promise<number> {
  const seen = await policies.preview(await readPolicy(file));
  say(seen, presentPreview(seen));
  return seen.version === null ? 1 : 0;
}

async function propose(call: Call, file: string, reason: string): Promise<number> {
  const { console, workspace, principal, io, say, json } = call;
  demandPerson(principal);
  const text = await readPolicy(file);
  const seen = await console.policies.preview(text);
  if (seen.version === null) {
    say(seen, presentPreview(seen));
    return 1;
  }
  if (!json) io.stdout(presentPreview(seen));
  const outcome = await console.policies.propose(text, reason, await askReauthentication(workspace, principal, io));
  say(outcome, presentProtection(outcome));
  return 0;
}

async function readPolicy(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readSmallFile(file, LARGEST));
  } catch (cause) {
    throw new CausewayError('bad-input', `The policy file ${file} cannot be read as text.`, { cause });
  }
}

/** A version, or enough of its beginning. */
function findVersion({ versions }: PolicyView, asked: string): string {
  const [found, ...others] = versions.filter(({ version }) => version.startsWith(asked.toLowerCase()));
  if (found !== undefined && others.length === 0) return found.version;
  if (found === undefined) throw new CausewayError('not-found', `There is no policy version ${asked}.`);
  throw new CausewayError('bad-input', `Several versions begin with ${asked}. Give more of it.`);
}

function presentPolicies({ version, text, versions, notice }: PolicyView): string {
  const lines = versions.map(({ version: id, number, since, approvedBy, inForce }) => {
    const by = approvedBy.length === 0 ? 'came with the product' : `approved by ${approvedBy.join(', ')}`;
    return `// ${inForce ? '*' : ' '} ${String(number).padStart(3)}  ${id}  since ${since}, ${by}\n`;
  });
  const told = notice === undefined ? '' : `// ${plain(notice)}\n`;
  return `${told}// versions (* in force: ${version.slice(0, 8)})\n${lines.join('')}\n${readable(text)}`;
}

/** What would change, and what it would have meant for what was decided lately. */
function presentPreview({ version, problems, difference, dryRun }: PolicyPreview): string {
  if (version === null) {
    return `These policies cannot be used:\n${problems.map((one) => `  ${plain(one)}\n`).join('')}`;
  }
  const changes = difference.flatMap(({ kind, text }) =>
    kind === 'same' ? [] : [`${kind === 'added' ? '+' : '−'} ${plain(text)}\n`],
  );
  const { decisions, notReplayable, changed, changedTotal, from } = dryRun;
  const replayed = changed
    .slice(0, SHOWN)
    .map(
      ({ at, principal, action, resource, was, wouldBe, reason }) =>
        `  ${at}  ${plain(action)} on ${plain(resource)} by ${plain(principal)}: ${was} → ${wouldBe} (${plain(reason)})\n`,
    );
  return [
    `Version ${version}\n`,
    ...(changes.length === 0 ? ['The text is the same.\n'] : changes),
    ...problems.map((one) => `Note: ${plain(one)}\n`),
    `Since ${from}: ${decisions} decisions tried again, ${changedTotal} would be others`,
    notReplayable === 0 ? '.\n' : `; ${notReplayable} could not be tried.\n`,
    ...replayed,
    ...(changedTotal > replayed.length ? [`  … and ${changedTotal - replayed.length} more\n`] : []),
  ].join('');
}

function readable(text: string): string {
  return `${text
    .trimEnd()
    .split('\n')
    .map((line) => plain(line.trimEnd()))
    .join('\n')}\n`;
}
