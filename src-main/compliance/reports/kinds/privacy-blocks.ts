import type { FrameworkId } from '#shared/model/control.ts';
import type { Block, ReportException, StateCell } from '#shared/model/report.ts';
import { column, duration, row, state, table } from '../blocks/cells.ts';
import type { BuildContext } from '../build-context.ts';
import { clockOf, runsOutAt, sayLimit } from '../clocks.ts';
import type { PrivacyCollected, PrivacyList } from '../collecting/privacy.ts';
import { collected } from '../collectors.ts';
import { exceptionOf } from './kind-content.ts';

type Erasure = PrivacyCollected['erasures'][number];

/** The moment up to which it is judged what is late: the window's end, or the newest record where that is earlier. */
function judgedAt({ request, evaluation }: BuildContext): number {
  return Math.min(Date.parse(request.window.to), Date.parse(evaluation.head.time));
}

/** What of a list was too much to keep is said below it, and nothing else is left out of it. */
function noted({ evaluation }: BuildContext, list: PrivacyList, note: string): string | undefined {
  const more = collected(evaluation, 'privacy').more[list];
  const said = [note, more === 0 ? '' : `${more} further entries are not listed.`].filter((text) => text !== '');
  return said.length === 0 ? undefined : said.join(' ');
}

/** Requests against the limit a law sets for answering them. */
export function requestTable(id: string, context: BuildContext, framework: FrameworkId, clockId: string): Block {
  const clock = clockOf(framework, clockId);
  const { erasures } = collected(context.evaluation, 'privacy');
  const note = `${clock.name}: ${sayLimit(clock.limit)} from ${clock.startsWith} (${clock.source}). ${
    clock.extension === null ? 'The law names no prolongation.' : `Prolongation: ${clock.extension}.`
  } Counted from the record of the request.`;
  return table({
    id,
    title: `Requests for erasure: ${sayLimit(clock.limit)}`,
    columns: [
      column('request', 'Request', 'id'),
      column('scope', 'Of'),
      column('subject', 'Person', 'id'),
      column('requested', 'Taken in', 'time'),
      column('due', 'Due', 'time'),
      column('completed', 'Carried out', 'time'),
      column('took', 'Took'),
      column('state', 'In time', 'state'),
      column('certificate', 'Certificate', 'hash'),
      column('places', 'Values erased', 'number'),
      column('seq', 'Record', 'seq'),
    ],
    rows: erasures.map((erasure) => {
      const { request, scope, subject, requested, completed } = erasure;
      const start = Date.parse(requested.time);
      const due = runsOutAt(start, clock.limit);
      return row(request, [
        request,
        scope === 'tenant' ? 'the whole tenant' : 'one person',
        subject,
        requested.time,
        new Date(due).toISOString(),
        completed?.time ?? null,
        completed === null ? '' : duration(Date.parse(completed.time) - start),
        judge(erasure, due, judgedAt(context)),
        completed?.certificate ?? null,
        completed?.places ?? null,
        requested.seq,
      ]);
    }),
    empty: 'No request was taken in, open or carried out in the window.',
    note: noted(context, 'erasures', note),
  });
}

function judge({ completed }: Erasure, due: number, at: number): StateCell {
  if (completed === null) return at > due ? state('missed', 'Overdue') : state('not-due', 'Open, in time');
  if (completed.outcome !== 'success') return state('open', 'Failed');
  return Date.parse(completed.time) > due ? state('late', 'Late') : state('met', 'In time');
}

/** Requests that were not answered in time, each by itself. */
export function lateRequests(context: BuildContext, framework: FrameworkId, clockId: string): ReportException[] {
  const { limit } = clockOf(framework, clockId);
  return collected(context.evaluation, 'privacy').erasures.flatMap((erasure) => {
    const { request, requested, completed } = erasure;
    const due = runsOutAt(Date.parse(requested.time), limit);
    const { word, state: found } = judge(erasure, due, judgedAt(context));
    if (found !== 'missed' && found !== 'late' && found !== 'open') return [];
    const text = `Request ${request}: ${word.toLowerCase()}. It was due on ${new Date(due).toISOString()}.`;
    const fixedBy = found === 'late' ? (completed?.seq ?? null) : null;
    return [exceptionOf({ report: clockId, kind: 'late-request', text, ...pickTime(requested), fixedBy })];
  });
}

const pickTime = ({ seq, time }: { readonly seq: number; readonly time: string }) => ({ seq, time });

/** Every incident of the window, and when telling of a breach would have been due. */
export function breachTable(id: string, context: BuildContext, framework: FrameworkId, clockId: string): Block {
  const clock = clockOf(framework, clockId);
  return table({
    id,
    title: `If it was a breach: ${sayLimit(clock.limit)}`,
    columns: [
      column('incident', 'Incident', 'id'),
      column('severity', 'Severity when opened'),
      column('severityThen', 'At the end of the window'),
      column('service', 'Service', 'foreign'),
      column('known', 'Known from', 'time'),
      column('alerted', 'First alert', 'time'),
      column('due', 'Telling would be due', 'time'),
      column('resolved', 'Resolved', 'time'),
      column('seq', 'Record', 'seq'),
    ],
    rows: collected(context.evaluation, 'privacy').incidents.map(
      ({ incident, severity, severityThen, service, time, alerted, resolved, seq }) => {
        const due = new Date(runsOutAt(Date.parse(time), clock.limit)).toISOString();
        return row(incident, [
          incident,
          severity,
          severityThen,
          service,
          time,
          alerted?.time ?? null,
          due,
          resolved?.time ?? null,
          seq,
        ]);
      },
    ),
    empty: 'No incident was opened in the window.',
    note: noted(
      context,
      'incidents',
      `${clock.name}: ${sayLimit(clock.limit)} from ${clock.startsWith} (${clock.source}). Every incident opened in the window is listed, of whatever severity. The records do not say whether an incident was a breach of personal data, nor whether anybody was told of it: that has to be shown otherwise.`,
    ),
  });
}

/** Exports of somebody's data. */
export function exportTable(id: string, context: BuildContext, note: string): Block {
  return table({
    id,
    title: 'Exports of personal data',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('subject', 'Person', 'id'),
      column('scope', 'Scope'),
      column('records', 'Records', 'number'),
      column('digest', 'Digest of the file', 'hash'),
      column('by', 'By', 'id'),
    ],
    rows: collected(context.evaluation, 'privacy').exports.map(({ seq, time, by, subject, scope, records, digest }) =>
      row(`${seq}`, [time, seq, subject ?? 'everybody', scope, records, digest, by]),
    ),
    empty: 'None was made in the window.',
    note: noted(context, 'exports', note),
  });
}

/** Personal data kept from agents and models. */
export function maskingTable(id: string, context: BuildContext): Block {
  return table({
    id,
    title: 'Personal data masked before it reached an agent',
    columns: [
      column('agent', 'Agent', 'id'),
      column('pattern', 'Pattern'),
      column('records', 'Records', 'number'),
      column('values', 'Values masked', 'number'),
    ],
    rows: collected(context.evaluation, 'privacy').masked.map(({ agent, pattern, records, values }) =>
      row(`${agent} ${pattern}`, [agent, pattern, records, values]),
    ),
    empty: 'No record of the window says that anything was masked.',
    note: 'What was masked stands in no record, only how much of which kind.',
  });
}

/** How long what is kept: the changes up to the window's end, the newest of each class being in force. */
export function retentionTable(id: string, context: BuildContext): Block {
  return table({
    id,
    title: 'Retention as it was set',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('class', 'Class of data'),
      column('old', 'Days before', 'number'),
      column('new', 'Days', 'number'),
      column('by', 'By', 'id'),
    ],
    rows: collected(context.evaluation, 'privacy').retention.map(({ time, seq, dataClass, oldDays, newDays, by }) =>
      row(`${seq}`, [time, seq, dataClass, oldDays, newDays, by]),
    ),
    empty: 'No period was ever set on record: those the product comes with are in force.',
    note: noted(context, 'retention', ''),
  });
}

/** Disposals and until when their records have to be kept. */
export function disposalTable(id: string, context: BuildContext, framework: FrameworkId, clockId: string): Block {
  const clock = clockOf(framework, clockId);
  return table({
    id,
    title: `Records of disposal, kept for ${sayLimit(clock.limit)}`,
    columns: [
      column('time', 'Disposed of', 'time'),
      column('seq', 'Record', 'seq'),
      column('request', 'Request', 'id'),
      column('places', 'Values erased', 'number'),
      column('certificate', 'Certificate', 'hash'),
      column('until', 'To be kept until', 'time'),
      column('state', 'Kept', 'state'),
    ],
    rows: collected(context.evaluation, 'privacy').disposals.map(({ time, seq, request, places, certificate }) => {
      const until = runsOutAt(Date.parse(time), clock.limit);
      const kept = judgedAt(context) > until ? state('info', 'Beyond its time') : state('holds', 'In this chain');
      return row(`${seq}`, [time, seq, request, places, certificate, new Date(until).toISOString(), kept]);
    }),
    empty: 'Nothing was disposed of up to the end of the window.',
    note: noted(
      context,
      'disposals',
      `${clock.name} (${clock.source}). All disposals of this chain up to the end of the window are listed: their records outlive the window, and the erasure of the data does not touch them.`,
    ),
  });
}
