import type { Window } from '#shared/model/report.ts';
import { CONTROLS } from '../controls/controls.ts';
import { isLooser } from '../evaluation/periods.ts';
import { count, FREQUENCY_WORDS } from './blocks/cells.ts';
import type { BuildContext, ReportControl } from './build-context.ts';
import { collected } from './collectors.ts';
import { criteriaOf } from './plan-report.ts';

/** What an auditor would ask of single controls: what was said of them by people, and what cannot be found missing. */
export function controlWarnings(context: BuildContext): readonly string[] {
  return [
    ...applicabilityWarnings(context),
    ...ownerWarnings(context),
    ...cadenceWarnings(context),
    ...silenceWarnings(context),
  ];
}

export function ids(controls: readonly ReportControl[]): string {
  return controls.map(({ definition }) => definition.id).join(', ');
}

/** One line that begins with what is said of each: none where there is nobody it is said of. */
function line(text: string, each: readonly string[]): readonly string[] {
  return each.length === 0 ? [] : [`${text}: ${each.join(', ')}.`];
}

const day = (time: string) => time.slice(0, 10);

/** That a control does not apply is one person's word: it takes its gaps and exceptions out of every figure. */
function applicabilityWarnings({ controls, evaluation, request }: BuildContext): readonly string[] {
  const said = controls
    .filter(({ found }) => found.status === 'not-applicable')
    .map(({ definition, found }) => {
      const entry = evaluation.register.controls[definition.id];
      const word = entry?.notApplicable;
      if (word == null) return definition.id;
      const open = found.exceptions.filter(({ state }) => state === 'open').length;
      const also = [
        ...(word.time >= request.window.from ? ['within or after the window'] : []),
        ...(entry?.check?.result === 'fails' ? ['its newest self-check fails'] : []),
        ...(open === 0 ? [] : [`${count(open, 'exception')} of it ${open === 1 ? 'is' : 'are'} open`]),
      ];
      const more = also.length === 0 ? '' : ` (${also.join('; ')})`;
      return `${definition.id} on ${day(word.time)} by ${word.by}${more}`;
    });
  return line('Not judged, for somebody said that it does not apply', said);
}

function ownerWarnings({ controls, evaluation }: BuildContext): readonly string[] {
  const ours = controls.filter(
    ({ definition, found }) => definition.kind === 'organizational' && found.status !== 'not-applicable',
  );
  const entryOf = ({ definition }: ReportControl) => evaluation.register.controls[definition.id];
  const ownerless = ours.filter((control) => !entryOf(control)?.owner && !entryOf(control)?.ownerLeft);
  const left = ours.flatMap((control) => {
    const who = entryOf(control)?.ownerLeft;
    return who ? [`${control.definition.id} (${who})`] : [];
  });
  return [
    ...(ownerless.length === 0 ? [] : [`Without an owner: ${ids(ownerless)}.`]),
    ...line('Without an owner since that one was removed from the workspace', left),
  ];
}

function cadenceWarnings({ controls, evaluation }: BuildContext): readonly string[] {
  const judged = controls.filter(({ found }) => found.status !== 'not-applicable');
  const uncadenced = judged.filter(
    ({ definition, found }) =>
      found.frequency === 'event' && (definition.kind === 'organizational' || definition.frequency !== 'event'),
  );
  const looser = judged
    .filter(({ definition, found }) => found.frequency !== 'event' && isLooser(found.frequency, definition.frequency))
    .map(
      ({ definition, found }) =>
        `${definition.id} (${FREQUENCY_WORDS[found.frequency]} instead of ${FREQUENCY_WORDS[definition.frequency]})`,
    );
  const changed = controls.flatMap(({ definition, found }) =>
    found.cadenceChanges.map(({ seq, time, before, next, loosened }) => {
      const by = evaluation.register.controls[definition.id]?.history.find((entry) => entry.seq === seq)?.by;
      const who = by === undefined ? '' : ` by ${by}`;
      const what = `${definition.id} from ${FREQUENCY_WORDS[before]} to ${FREQUENCY_WORDS[next]}`;
      return `${what} on ${day(time)}${who} (record ${seq}${loosened ? ', less often' : ''})`;
    }),
  );
  return [
    ...(uncadenced.length === 0
      ? []
      : [`Without a cadence (${FREQUENCY_WORDS.event}), so that nothing can be found missing: ${ids(uncadenced)}.`]),
    ...line('Seen less often than this product asks for', looser),
    ...line('Cadences changed in the window or in the year before it', changed),
  ];
}

function silenceWarnings({ controls }: BuildContext): readonly string[] {
  const silent = controls.filter(({ found }) => found.status === 'in-place' && found.population.count === 0);
  const unjudged = controls
    .filter(
      ({ found }) =>
        found.status !== 'not-applicable' &&
        found.periods.length > 0 &&
        found.expected === 0 &&
        found.periods.some(({ state }) => state === 'not-due'),
    )
    .map(({ definition, found }) => `${definition.id} (${FREQUENCY_WORDS[found.frequency]})`);
  return [
    ...(silent.length === 0 ? [] : [`In place, and not seen operating in the window: ${ids(silent)}.`]),
    ...line('No whole period of its cadence lies in the window, so that none can be found missing', unjudged),
  ];
}

/** What the one who asked for the report left out of it. */
export function choiceWarnings(context: BuildContext): readonly string[] {
  const { request, evaluation, criteria, controls } = context;
  const said: string[] = [];
  if (request.criteria !== undefined) {
    const { criteria: _, ...whole } = request;
    const all = criteriaOf(whole).length;
    const outside = CONTROLS.length - controls.length;
    if (criteria.length < all) {
      said.push(
        `Criteria were chosen: ${criteria.length} of the ${all} that such a report speaks of. ${count(outside, 'control')} of the register ${outside === 1 ? 'is' : 'are'} of none of them, and ${outside === 1 ? 'is' : 'are'} left out with all exceptions.`,
      );
    }
  }
  if (request.filter !== undefined) {
    const left = evaluation.excluded.find(({ reason }) => reason === 'left out by the filter')?.count ?? 0;
    const hidden = evaluation.controls.reduce((sum, control) => sum + control.hidden, 0);
    said.push(
      `A filter narrows the population to ${evaluation.inScope} of ${evaluation.inScope + left} records, those by ${request.filter.actors.join(', ')}. ${count(hidden, 'exception')} by others ${hidden === 1 ? 'is' : 'are'} listed all the same.`,
    );
  }
  return said;
}

/** Each draw is on record: somebody who goes on until the sample is to their liking is seen, with the window of each. */
export function drawWarnings({ request, evaluation }: BuildContext): readonly string[] {
  if (request.sample === undefined) return [];
  const { records, recordCount, count: times } = collected(evaluation, 'draws');
  if (times === 0) return [];
  const named = records.map((draw) => {
    const which = draw.again ? 'of the same draw' : `number ${draw.number}`;
    return `record ${draw.seq} (${which}, ${windowText(draw, request.window)})`;
  });
  const more = recordCount > records.length ? ` and ${count(recordCount - records.length, 'more record')}` : '';
  return [
    `Of this window, or of one that overlaps it, a sample was drawn ${times === 1 ? 'once' : `${times} times`} before: ${named.join(', ')}${more}. Ask why it was drawn again.`,
  ];
}

const MIDNIGHT = 'T00:00:00.000Z';

function windowText({ from, to }: Window, own: Window): string {
  if (from === own.from && to === own.to) return 'this window';
  return [from, to].every((time) => time.endsWith(MIDNIGHT)) ? `${day(from)} to ${day(to)}` : `${from} to ${to}`;
}
