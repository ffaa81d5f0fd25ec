import type { ReportRequest } from '#shared/model/report.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import { frequencyAt, periodsOf } from '../evaluation/periods.ts';
import type { ControlCounts, RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import { judgeStatus } from '../register/status.ts';
import { heedUnsound, integrityExceptions } from '../register/unsound.ts';
import { FREQUENCY_WORDS } from './blocks/cells.ts';
import type { Finding } from './preflight.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What an auditor would say of one control in a report. Counts are by day, so a window within a day is taken for whole. */
export function preflightControl(
  definition: ControlDefinition,
  request: ReportRequest,
  { asOf, state, controls, unsound = null }: RegisterSnapshot,
  now: number,
): readonly Finding[] {
  const { id, name, kind, remedy } = definition;
  const entry = state.controls[id] ?? null;
  const counts = controls[id];
  if (counts === undefined) return [];
  const found: Finding[] = [];
  const add = (what: string, level: Finding['level'], text: string, todo: string) =>
    found.push({ id: `${id}:${what}`, level, text: `${id} ${name}: ${text}`, remedy: todo, control: id });

  const frequency = frequencyAt({ frequency: definition.frequency, cadence: counts.cadence }, now);
  const open = counts.exceptions.filter((exception) => exception.state === 'open');
  const judged = judgeStatus({ control: id, entry, frequency, last: counts.last, open, at: Date.parse(asOf.time) });
  const { status, reasons } = heedUnsound(id, judged, unsound);
  if (status === 'not-applicable') {
    const word = entry?.notApplicable;
    const since = word == null ? '' : `, on record since ${word.time.slice(0, 10)} by ${word.by}`;
    add('not-applicable', 'asked-about', `somebody said that it does not apply${since}.`, 'Be ready to say why not.');
    return found;
  }
  if (status === 'gap') add('gap', 'sent-back', `it is a gap. ${reasons.join(' ')}`, remedy);
  if (status === 'partial') add('partial', 'asked-about', `it is partial. ${reasons.join(' ')}`, remedy);
  const many = open.length + integrityExceptions(id, unsound).length;
  if (many > 0) {
    add(
      'open',
      'asked-about',
      many === 1 ? 'one exception is open.' : `${many} exceptions are open.`,
      'Put them right, or be ready to say why not.',
    );
  }
  if (kind === 'organizational' && entry?.owner == null) {
    add('owner', 'sent-back', 'nobody owns it.', 'Name somebody who does it and can be asked.');
  }
  if (kind === 'organizational' && frequency === 'event') {
    add(
      'cadence',
      'asked-about',
      `it has no cadence (${FREQUENCY_WORDS.event}), so nothing can be found missing.`,
      'Set how often it is done.',
    );
  }
  if (request.kind === 'soc2-type2')
    for (const finding of overWindow(definition, request, counts, asOf.time)) add(...finding);
  return found;
}

type Told = readonly [what: string, level: Finding['level'], text: string, todo: string];

function overWindow(
  definition: ControlDefinition,
  request: ReportRequest,
  counts: ControlCounts,
  asOf: string,
): readonly Told[] {
  const window = { from: Date.parse(request.window.from), to: Date.parse(request.window.to) };
  const days = Object.entries(counts.days).map(([day, count]) => ({ at: Date.parse(`${day}T00:00:00.000Z`), count }));
  const between = (from: number, to: number) =>
    days.reduce((sum, { at, count }) => (at + DAY > from && at < to ? sum + count : sum), 0);
  const seen = between(window.from, window.to);
  const found: Told[] = [];
  if (seen === 0 && definition.needsOccurrence) {
    found.push(['unseen', 'sent-back', 'no record in the window shows it operating.', definition.remedy]);
  }
  const late = window.to - Math.floor((window.to - window.from) / 10);
  if (seen > 0 && between(window.from, late) === 0) {
    const text = 'all of its evidence is from the last tenth of the window.';
    found.push(['recent', 'sent-back', text, 'Choose a window it operated through, or say since when it did.']);
  }
  const facts = { frequency: definition.frequency, cadence: counts.cadence, inForceSince: counts.inForceSince };
  const periods = periodsOf({ ...facts, lastTime: Date.parse(asOf), count: between }, window);
  const missed = periods.filter(({ state }) => state === 'missed').length;
  if (missed > 0) {
    const text = `${missed} of ${periods.length} periods of its cadence were missed.`;
    found.push(['missed', 'asked-about', text, 'Each is a deviation by itself in the report: be ready to say why.']);
  }
  const size = request.sample?.profile.sizes[frequencyAt(facts, window.to)] ?? 0;
  if (size > seen && seen > 0) {
    const text = `the sample (${size}) is larger than its population (${seen}).`;
    found.push(['sample', 'asked-about', text, 'All of it is taken. Nothing has to be done.']);
  }
  return found;
}
