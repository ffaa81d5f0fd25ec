import { CausewayError } from '#shared/errors.ts';
import type { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { CONTROLS } from '../controls/controls.ts';
import type { EvaluationRequest } from '../evaluation/evaluation.ts';
import { periodEnd } from '../evaluation/periods.ts';
import type { RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import { clip, count } from './blocks/cells.ts';
import { planReport } from './plan-report.ts';
import { preflightControl } from './preflight-control.ts';

export interface PreflightFacts {
  /** What was counted last; null when nothing was yet. */
  readonly snapshot: RegisterSnapshot | null;
  /** Milliseconds UTC. */
  readonly now: number;
  readonly nameOf: (id: string) => string;
  /** Whether the history is whole. */
  readonly standing: 'whole' | 'blocked' | 'acknowledged';
}

export type Finding = Omit<PreflightFinding, 'control'> & { readonly control?: string };
const MOST = 500;

/** What an auditor would send back of a report, before it is made. From what is counted already: it costs no reading. */
export function preflight(request: ReportRequest, facts: PreflightFacts): readonly PreflightFinding[] {
  const plan = planned(request, facts);
  const found =
    'id' in plan
      ? [plan]
      : [
          ...ofWhole(request, facts),
          ...ofWindow(request, facts),
          ...ofCampaign(request, facts),
          ...ofControls(request, facts, plan),
        ];
  return found
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST)
    .map(({ control, text, remedy, ...finding }) => ({
      ...finding,
      text: clip(text),
      remedy: clip(remedy),
      control: control ?? null,
    }));
}

const rank = ({ level }: Finding) => (level === 'sent-back' ? 0 : 1);

function planned(request: ReportRequest, { snapshot, now }: PreflightFacts): EvaluationRequest | Finding {
  try {
    return planReport(request, { last: Math.max(1, snapshot?.asOf.seq ?? 1), now });
  } catch (error) {
    if (!(error instanceof CausewayError) || error.code !== 'bad-input') throw error;
    return {
      id: `request-${error.reason}`,
      level: 'sent-back',
      text: error.message,
      remedy: 'No report can be made of this.',
    };
  }
}

function ofWhole(request: ReportRequest, { snapshot, standing }: PreflightFacts): readonly Finding[] {
  const found: Finding[] = [];
  if (standing === 'blocked') {
    const text = 'The history is broken, and nobody has taken note of it.';
    const remedy = 'Look at what verification found before a report is made: its first page will say so.';
    found.push({ id: 'broken', level: 'sent-back', text, remedy });
  }
  const unsound = snapshot?.unsound ?? null;
  if (unsound !== null && standing !== 'blocked') {
    const [first] = unsound.problems;
    const text = `The history does not verify: ${count(unsound.count, 'problem')}.${first === undefined ? '' : ` The first: ${first.seq === null ? '' : `record ${first.seq}: `}${first.text}`}`;
    const remedy =
      'Find out what was changed before a report is made: its first page will say so, and no status in it is better than partial.';
    found.push({ id: 'unsound', level: 'sent-back', text, remedy });
  }
  if (standing === 'acknowledged') {
    const text = 'The history was broken once, and people took note of it. The report says so on its first page.';
    found.push({
      id: 'acknowledged',
      level: 'asked-about',
      text,
      remedy: 'Have the incident bundle of that break at hand.',
    });
  }
  if (snapshot === null) {
    const text = 'The evidence has not been counted yet, so little can be said beforehand.';
    found.push({
      id: 'not-counted',
      level: 'asked-about',
      text,
      remedy: 'Wait until counting has ended, and look again.',
    });
  }
  if (request.filter !== undefined) {
    const text = 'A filter narrows the population. Auditors ask for the full one.';
    found.push({ id: 'filter', level: 'sent-back', text, remedy: 'Leave the filter out.' });
  }
  if (!request.disclose && ['access-review', 'approvals', 'incident'].includes(request.kind)) {
    const text = 'Names and justifications stay sealed: who decided, and why, cannot be read in it.';
    found.push({
      id: 'sealed',
      level: 'asked-about',
      text,
      remedy: 'Have them given in clear, or hand them over with the chain file.',
    });
  }
  return found;
}

function ofWindow(request: ReportRequest, { snapshot, now }: PreflightFacts): readonly Finding[] {
  const found: Finding[] = [];
  const from = Date.parse(request.window.from);
  const to = Date.parse(request.window.to);
  const add = (id: string, level: Finding['level'], text: string, remedy: string) =>
    found.push({ id, level, text, remedy });
  if (to > now) {
    add(
      'future',
      'sent-back',
      'The window is not over yet: what is still to come is not covered.',
      'Choose an end that has passed.',
    );
  }
  if (snapshot !== null && request.window.from < snapshot.begins) {
    const text = `The window begins before the chain does (${snapshot.begins.slice(0, 10)}): the time before is not covered.`;
    add('before-chain', 'sent-back', text, 'Choose a beginning on or after that day.');
  }
  if (request.kind !== 'soc2-type2') return found;
  if (to < periodEnd(from, 'monthly', 3)) {
    add(
      'short',
      'sent-back',
      'The window is shorter than 3 months.',
      'A Type II report covers 3 to 12 months: choose a longer one.',
    );
  }
  if (to > periodEnd(from, 'monthly', 12)) {
    add(
      'long',
      'sent-back',
      'The window is longer than 12 months.',
      'A Type II report covers 3 to 12 months: choose a shorter one.',
    );
  }
  if (request.sample === undefined) {
    const remedy =
      'Ask the auditor for a number, and enter it: the sample is then drawn with what is not yours to choose, and each draw is on record.';
    add('no-sample', 'asked-about', 'No sample is drawn.', remedy);
  }
  return found;
}

/** Reviews of access: done in time, closed, and by nobody about themselves. */
function ofCampaign(request: ReportRequest, { snapshot, now, nameOf }: PreflightFacts): readonly Finding[] {
  const campaign = snapshot?.state.campaigns.find(({ id }) => id === request.campaign);
  if (campaign === undefined) return [];
  const found: Finding[] = [];
  const open = campaign.subjects.filter(({ decision }) => decision === null).length;
  if (open > 0) {
    const late = Date.parse(campaign.due) < now ? ' It was due.' : '';
    const text = `In ${campaign.id} the access of ${open} of ${campaign.subjects.length} is not decided on.${late}`;
    found.push({ id: 'undecided', level: 'sent-back', text, remedy: 'Decide on everybody, then close the review.' });
  } else if (campaign.closed === null) {
    found.push({ id: 'not-closed', level: 'asked-about', text: `${campaign.id} is not closed.`, remedy: 'Close it.' });
  }
  for (const { id, decision } of campaign.subjects) {
    if (decision === null || decision.by !== id) continue;
    const text = `${nameOf(id)} decided on their own access in ${campaign.id}.`;
    found.push({ id: `own-${id}`, level: 'sent-back', text, remedy: 'Have somebody else review it.' });
  }
  return found;
}

function ofControls(request: ReportRequest, facts: PreflightFacts, plan: EvaluationRequest): readonly Finding[] {
  const { snapshot } = facts;
  if (snapshot === null || request.kind === 'incident') return [];
  const asked = new Set(plan.controls);
  return CONTROLS.filter(({ id }) => asked.has(id)).flatMap((definition) =>
    preflightControl(definition, request, snapshot, facts.now),
  );
}
