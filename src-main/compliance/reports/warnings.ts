import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { periodEnd } from '../evaluation/periods.ts';
import { count } from './blocks/cells.ts';
import type { BuildContext } from './build-context.ts';
import { POLICY_CHANGE } from './collecting/policies.ts';
import { collected } from './collectors.ts';
import { choiceWarnings, controlWarnings, drawWarnings, ids } from './control-warnings.ts';
import { REPORT_KIND } from './report-kinds.ts';

const MOST_NAMED = 20;

/** What an auditor would send a report back for, the gravest first. Told from the records alone, so that it is told again. */
export function warningsOf(context: BuildContext): readonly string[] {
  return [
    ...originWarnings(context),
    ...integrityWarnings(context),
    ...timeWarnings(context),
    ...choiceWarnings(context),
    ...populationWarnings(context),
    ...windowWarnings(context),
    ...policyWarnings(context),
    ...(context.request.kind === 'soc2-type2' ? typeTwoWarnings(context) : []),
    ...drawWarnings(context),
    ...sampleWarnings(context),
    // a report about records, not controls, has no use for who owns which
    ...(REPORT_KIND[context.request.kind].controls === 'all' ? [] : controlWarnings(context)),
  ];
}

/** Signed and chained as a real one is, so it has to be said. */
function originWarnings({ evaluation }: BuildContext): readonly string[] {
  return collected(evaluation, 'origin').synthetic ? [SYNTHETIC_CHAIN] : [];
}

function integrityWarnings({ evaluation: { integrity } }: BuildContext): readonly string[] {
  const said: string[] = [];
  if (integrity.state === 'broken') {
    const [first] = integrity.problems;
    const where = first === undefined ? '' : ` The first: ${first.text}`;
    said.push(
      `The chain is broken: ${integrity.problemCount} problems were found while its records were counted. Nothing in this report can be relied on where they are.${where}`,
    );
  }
  const [acknowledged] = integrity.acknowledged;
  if (acknowledged !== undefined) {
    said.push(
      `The history was broken before and people took note of it: ${integrity.acknowledged.length} acknowledged breaks, the first in record ${acknowledged.seq} at ${acknowledged.time}.`,
    );
  }
  return said;
}

/** A clock that was put back writes evidence into the past, one that ran ahead into the future. */
function timeWarnings({ evaluation: { timeProblems } }: BuildContext): readonly string[] {
  const { count: many, seqs } = timeProblems;
  if (many === 0) return [];
  const more = many > seqs.length ? ` and ${many - seqs.length} more` : '';
  const which = many === 1 ? 'Record' : 'Records';
  return [
    `${count(many, 'record has', 'records have')} a time more than 5 minutes before that of an earlier one, or far ahead of those that follow, and ${many === 1 ? 'meets' : 'meet'} no period: the clock was put back or ran ahead, or the time is made up. ${which} ${seqs.join(', ')}${more}.`,
  ];
}

function populationWarnings({ evaluation }: BuildContext): readonly string[] {
  const said: string[] = [];
  if (evaluation.inScope === 0)
    said.push('The population is empty: no record is in scope. There is no evidence in this report.');
  return said;
}

function windowWarnings({ request, evaluation }: BuildContext): readonly string[] {
  const said: string[] = [];
  const { from, to } = request.window;
  const { begins, head } = evaluation;
  if (to > head.time) {
    said.push(`The window ends at ${to}, and the newest record is of ${head.time}: what lies between is not covered.`);
  }
  if (from < begins) {
    said.push(`The window begins at ${from}, and the chain at ${begins}: what lies between is not covered.`);
  }
  const after = evaluation.excluded.find(({ reason }) => reason === 'after the window')?.count ?? 0;
  if (after > 0) {
    said.push(
      `${count(after, 'record was', 'records were')} written after the window and ${after === 1 ? 'is' : 'are'} not in its population; statuses of controls and what became of exceptions are as of the newest record.`,
    );
  }
  return said;
}

/** Of policies the chain has the digest alone: what they ask cannot be told again from the records. */
function policyWarnings({ evaluation }: BuildContext): readonly string[] {
  const { changes } = collected(evaluation, 'policies');
  const changed = changes.filter(({ what }) => what === POLICY_CHANGE);
  if (changed.length === 0) return [];
  const listed = changed.slice(0, MOST_NAMED).map(({ seq }) => seq);
  const named = `${listed.join(', ')}${changed.length > listed.length ? ` and ${changed.length - listed.length} more` : ''}`;
  return [
    `The guardrail policies were changed in the window (${changed.length === 1 ? 'record' : 'records'} ${named}). Their text is not on record, only its digest: approvals are judged again by the roles this build lets decide and by whether they name the version in force, not by what the changed policies ask besides.`,
  ];
}

function typeTwoWarnings({ request, evaluation, controls }: BuildContext): readonly string[] {
  const said: string[] = [];
  const from = Date.parse(request.window.from);
  const to = Date.parse(request.window.to);
  if (to < periodEnd(from, 'monthly', 3))
    said.push('The window is shorter than 3 months: auditors rarely accept that for a Type II report.');
  if (to > periodEnd(from, 'monthly', 12))
    said.push('The window is longer than 12 months: Type II reports cover 3 to 12.');
  const { lastTenth, before } = collected(evaluation, 'spread');
  if (evaluation.inScope > 0 && before === 0) {
    said.push('All evidence is from the last tenth of the window: the rest of it is not covered by any record.');
  } else if (lastTenth !== null) {
    const late = controls
      .filter(({ found }) => firstSeq(found.population.seqs) >= lastTenth)
      .map(({ definition }) => definition.id);
    if (late.length > 0) said.push(`Seen only in the last tenth of the window: ${late.join(', ')}.`);
  }
  if (request.sample === undefined)
    said.push(
      'No sample was drawn. An auditor of a Type II report draws one; the number for it is the auditor’s to choose.',
    );
  return said;
}

/** Below every seq where there is none, or they are too many to be listed. */
function firstSeq(seqs: string | null): number {
  const first = /^\d+/.exec(seqs ?? '');
  return first === null ? 0 : Number(first[0]);
}

function sampleWarnings({ request, controls }: BuildContext): readonly string[] {
  const { sample } = request;
  if (sample === undefined) return [];
  const said: string[] = [];
  const none = controls.filter(({ found }) => found.population.count === 0);
  if (none.length > 0) said.push(`There is nothing to draw a sample from for ${ids(none)}.`);
  const short = controls.filter(({ found }) => {
    const drawable = found.population.count;
    return drawable > 0 && drawable < sample.profile.sizes[found.frequency];
  });
  if (short.length > 0) {
    const each = short.map(({ definition, found }) => {
      const asked = sample.profile.sizes[found.frequency];
      return `${definition.id} (${found.population.count} of ${asked})`;
    });
    const text = 'The sample asked for is larger than the population, so all of it was taken';
    said.push(`${text}: ${each.join(', ')}.`);
  }
  return said;
}
