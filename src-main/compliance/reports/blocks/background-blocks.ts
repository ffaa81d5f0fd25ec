import type { Block, Cell } from '#shared/model/report.ts';
import type { BuildContext } from '../build-context.ts';
import { collected } from '../collectors.ts';
import { column, row, sealed, table } from './cells.ts';

/** What stands at the end of every report: what was in force, how the records lie in the window, and who acted. */
export function backgroundBlocks(context: BuildContext): readonly Block[] {
  return [policyTable(context), changeTable(context), monthBars(context), peopleTable(context)];
}

function policyTable({ evaluation }: BuildContext): Block {
  const { versions } = collected(evaluation, 'policies');
  return table({
    id: 'policies',
    title: 'Versions of the guardrail policies in force in the window',
    columns: [
      column('version', 'Version', 'hash'),
      column('first', 'First decided by', 'time'),
      column('seq', 'In record', 'seq'),
      column('last', 'Last decided by', 'time'),
      column('decisions', 'Records that name it, in the window', 'number'),
    ],
    rows: versions.map(({ version, first, last, decisions, firstSeq }) =>
      row(version, [version, first, firstSeq, last, decisions]),
    ),
    empty: 'No record up to the end of the window names a version of the policies.',
    note: 'A version is the SHA-256 of the policy text and its schema. Those of the window count, not the ones in force today.',
  });
}

function changeTable({ evaluation }: BuildContext): Block {
  const { changes, more } = collected(evaluation, 'policies');
  return table({
    id: 'rule-changes',
    title: 'Changes of policies, of retention and of cadences in the window',
    columns: [
      column('time', 'Time', 'time'),
      column('seq', 'Record', 'seq'),
      column('what', 'What'),
      column('from', 'From'),
      column('to', 'To'),
      column('by', 'By', 'id'),
    ],
    rows: changes.map(({ seq, time, what, from, to, by }) => row(`${seq}`, [time, seq, what, from, to, by])),
    empty: 'None was changed in the window.',
    ...(more === 0 ? {} : { note: `${more} further changes are not listed.` }),
  });
}

function monthBars({ evaluation }: BuildContext): Block {
  const { months } = collected(evaluation, 'spread');
  return {
    block: 'bars',
    id: 'months',
    title: 'Records in scope by month (UTC)',
    bars: months
      .slice(-100)
      .map(({ month, count }) => ({ id: month, label: month, parts: [{ state: 'info', value: count }] })),
  };
}

/** Records know people by ids that say nothing; this is where their names are sealed. */
function peopleTable({ evaluation, request }: BuildContext): Block {
  const { people, more } = collected(evaluation, 'people');
  const given = request.disclose
    ? 'Names are given as this report was asked to; one that is missing was erased or is not kept here.'
    : 'Names stay sealed in this report. They can be given with the chain file, each for itself.';
  return table({
    id: 'people',
    title: 'People and API keys by the ids in records',
    columns: [
      column('id', 'Id', 'id'),
      column('kind', 'Kind'),
      column('name', 'Name'),
      column('role', 'Role at the end of the window'),
      column('owner', 'Key of', 'id'),
      column('records', 'Records in the window', 'number'),
      column('first', 'First', 'time'),
      column('last', 'Last', 'time'),
    ],
    rows: people.map(({ id, type, name, role, owner, records, first, last }) => {
      const cells: readonly Cell[] = [
        id,
        type === 'user' ? 'person' : 'API key',
        sealed(name),
        role,
        owner,
        records,
        first,
        last,
      ];
      return row(id, cells);
    }),
    empty: 'No person and no API key acted in the window.',
    note: more === 0 ? given : `${given} ${more} further ids are not listed.`,
  });
}
