import type { Block } from '#shared/model/report.ts';
import { writeRanges } from '../../evaluation/seq-ranges.ts';
import { clip, column, duration, figure, row, state, table } from '../blocks/cells.ts';
import { stateOfRecord, whoDid, wordRecord } from '../blocks/word-record.ts';
import type { BuildContext } from '../build-context.ts';
import type { IncidentCollected, IncidentEntry } from '../collecting/incident.ts';
import { collected } from '../collectors.ts';
import { refused } from '../plan-report.ts';
import {
  callTable,
  decisionTable,
  findingTable,
  hypothesisTable,
  leaseTable,
  outcomeTable,
  planTable,
  planText,
  policyDecisions,
} from './incident-blocks.ts';
import { recordsOf } from './incident-records.ts';
import type { KindContent } from './kind-content.ts';

/** One incident, everything in order. @throws CausewayError `bad-input` when no record is of it */
export function incident(context: BuildContext): KindContent {
  const { evaluation, request, exceptions } = context;
  const found = collected(evaluation, 'incident');
  const { entries } = found;
  if (entries.length === 0) {
    throw refused('incident', `No record up to ${evaluation.range.last} is of the incident ${request.incident}.`);
  }
  const seqs = new Set(entries.map(({ seq }) => seq));
  const others = exceptions.filter(({ seq }) => seq === null || !seqs.has(seq)).length;
  const outside = entries.filter(({ record }) => record.time < request.window.from || record.time >= request.window.to);
  return {
    blocks: [
      atAGlance(found),
      timeline(entries),
      dispatched(entries),
      leaseTable(entries),
      callTable(entries),
      policyDecisions(entries),
      findingTable(entries),
      hypothesisTable(entries),
      planText(entries),
      planTable(entries),
      decisionTable(entries),
      outcomeTable(entries),
      refusals(entries),
      integrityOf(context, found),
      recordTable(entries),
    ],
    concerns: ({ seq }) => seq !== null && seqs.has(seq),
    inclusion: [
      `Of the incident: every record of the chain linked to ${request.incident}, about it, or about a remediation or lease of it, whenever it was written.`,
    ],
    exclusion:
      others === 0
        ? []
        : [
            `${others} exceptions of controls in the window are about other records: they are in the report on operation, not here.`,
          ],
    warnings: [
      ...(outside.length === 0
        ? []
        : [
            `${outside.length} of the incident’s ${found.records} records lie outside of the window. They are in this report all the same.`,
          ]),
      ...(found.records > entries.length
        ? [
            `Only the first ${entries.length} of the incident’s ${found.records} records are listed; the root stands for all of them.`,
          ]
        : []),
    ],
  };
}

function atAGlance({ entries, records }: IncidentCollected): Block {
  const created = recordsOf(entries, 'incident.created')[0];
  const severity = recordsOf(entries, 'incident.severity_updated').at(-1)?.data.new ?? created?.data.severity;
  const statuses = recordsOf(entries, 'incident.status_changed');
  const resolved = statuses.findLast(({ data }) => data.new === 'resolved');
  const approved = recordsOf(entries, 'remediation.approved')[0];
  const opened = created === undefined ? undefined : Date.parse(created.entry.record.time);
  const since = (time: string | undefined) =>
    opened === undefined || time === undefined ? 'not on record' : duration(Date.parse(time) - opened);
  const denied = entries.filter(({ record }) => record.outcome === 'denied').length;
  return {
    block: 'figures',
    id: 'glance',
    title: 'At a glance',
    items: [
      figure('records', 'Records of the incident', records),
      figure('calls', 'Calls on the cloud', recordsOf(entries, 'investigation.system_called').length),
      figure('leases', 'Leases', recordsOf(entries, 'credential.issued').length),
      figure('denied', 'Refused', denied),
      figure('severity', 'Severity', severity ?? 'not on record'),
      figure('status', 'Status', statuses.at(-1)?.data.new ?? 'open'),
      figure('service', 'Service', clip(created?.data.service ?? 'not on record', 256), { kind: 'foreign' }),
      figure('began', 'Trouble since', created?.data.startedAt ?? null, { kind: 'time' }),
      figure('opened', 'Opened', created?.entry.record.time ?? null, { kind: 'time' }),
      figure('approval', 'From opening to the first approval', since(approved?.entry.record.time)),
      figure('resolution', 'From opening to resolved', since(resolved?.entry.record.time)),
    ],
  };
}

function timeline(entries: readonly IncidentEntry[]): Block {
  return {
    block: 'timeline',
    id: 'timeline',
    title: 'Everything in order',
    entries: entries.map(({ seq, record, sealed }) => ({
      id: `${seq}`,
      seq,
      time: record.time,
      who: whoDid(record),
      text: wordRecord(record),
      sealed: sealed.map((place) => ({ sealed: place.sealed, seq: place.seq, path: place.path, text: null })),
      state: stateOfRecord(record),
    })),
  };
}

function dispatched(entries: readonly IncidentEntry[]): Block {
  return table({
    id: 'agents',
    title: 'Agents and what they were allowed',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('agent', 'Agent', 'id'),
      column('task', 'Task'),
      column('for', 'For', 'id'),
      column('actions', 'Allowed actions'),
      column('resources', 'On', 'foreign'),
    ],
    rows: recordsOf(entries, 'investigation.agent_dispatched').map(({ entry: { seq, record }, data }) =>
      row(`${seq}`, [
        record.time,
        seq,
        data.agent,
        data.task,
        record.onBehalfOf?.id ?? null,
        data.actions.join(', '),
        data.resources.join(', '),
      ]),
    ),
    empty: 'No agent was sent.',
  });
}

/** What was not allowed, not taken or did not work. */
function refusals(entries: readonly IncidentEntry[]): Block {
  return table({
    id: 'refusals',
    title: 'What was refused or failed',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('who', 'Who', 'id'),
      column('action', 'Kind of record'),
      column('what', 'What', 'foreign'),
      column('outcome', 'Outcome', 'state'),
    ],
    rows: entries
      .filter(({ record }) => record.outcome !== 'success' || record.action === 'investigation.output_rejected')
      .map(({ seq, record }) =>
        row(`${seq}`, [
          record.time,
          seq,
          whoDid(record),
          record.action,
          wordRecord(record),
          record.outcome === 'denied' ? state('fails', 'Denied') : state('open', record.outcome),
        ]),
      ),
    empty: 'Nothing was.',
  });
}

function integrityOf({ evaluation }: BuildContext, { entries, records, root }: IncidentCollected): Block {
  const seqs = entries.map(({ seq }) => seq);
  const own = new Set(seqs);
  const { integrity } = evaluation;
  const wrong = integrity.problems.filter(({ seq }) => own.has(seq)).length;
  return {
    block: 'figures',
    id: 'integrity',
    title: 'Integrity of these records',
    items: [
      figure('checked', 'Records of the incident read and hashed', records),
      figure('problems', 'Of them with a problem', wrong, {
        note:
          integrity.state === 'holds'
            ? 'The whole chain up to the newest record holds together.'
            : `The chain has ${integrity.problemCount} problems; of the first ${integrity.problems.length} these are about records of the incident.`,
      }),
      figure('root', 'Merkle root over their hashes', root, { kind: 'hash' }),
      figure('seqs', 'Record numbers', clip(writeRanges(seqs, seqs.length) ?? '', 20_000)),
    ],
  };
}

function recordTable(entries: readonly IncidentEntry[]): Block {
  return table({
    id: 'records',
    title: 'Records and their hashes',
    columns: [column('seq', 'Record', 'seq'), column('action', 'Kind of record'), column('hash', 'Hash', 'hash')],
    rows: entries.map(({ seq, hash, record }) => row(`${seq}`, [seq, record.action, hash])),
    empty: 'None.',
  });
}
