import type { ReactNode } from 'react';
import type { TrailRow } from '#shared/ipc/views.ts';
import { StateTag } from '../../components/state-tag.tsx';
import { type GridColumn, VirtualGrid } from '../../components/virtual-grid.tsx';
import { resourceOfArn } from '../../format/digests.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatLocalDate, formatLocalMillis, formatLocalShort, formatUtc } from '../../format/times.ts';
import { OUTCOME_WORDS } from '../../format/words.ts';
import { reachableRows, rowAt, type TrailRows } from './paging.ts';

const COLUMNS: readonly GridColumn[] = [
  { id: 'seq', title: '#', className: 'col-seq' },
  { id: 'time', title: 'Time (local)', className: 'col-time' },
  { id: 'action', title: 'Action', className: 'col-action' },
  { id: 'outcome', title: 'Outcome', className: 'col-outcome' },
  { id: 'actor', title: 'Actor', className: 'col-actor' },
  { id: 'target', title: 'Target', className: 'col-target' },
];

interface TrailGridProps {
  readonly rows: TrailRows;
  readonly selected: number | null;
  readonly onView: (from: number, to: number) => void;
  readonly onOpen: (seq: number) => void;
}

/** The records, newest first. Enter or a click opens the inspector. */
export function TrailGrid({ rows, selected, onView, onOpen }: TrailGridProps) {
  return (
    <section className="panel list-panel trail-list" aria-label="Records">
      <VirtualGrid
        label="Records, newest first"
        className="trail-grid"
        columns={COLUMNS}
        measures={{ '--seq-letters': formatCount(rows.head).length }}
        rows={reachableRows(rows)}
        total={rows.total}
        rowHeight={30}
        selected={selected}
        initialActive={selected ?? 0}
        rowKey={(index) => String(index)}
        renderRow={(index) => {
          const row = rowAt(rows, index);
          return row === null ? null : cellsOf(row);
        }}
        onView={onView}
        onActivate={(index) => {
          const row = rowAt(rows, index);
          if (row !== null) onOpen(row.seq);
        }}
      />
    </section>
  );
}

function cellsOf(row: TrailRow): readonly ReactNode[] {
  const time = new Date(row.time);
  const dot = row.action.indexOf('.');
  return [
    <code key="seq">{formatCount(row.seq)}</code>,
    <code key="time" title={`${formatLocalDate(time)} ${formatLocalMillis(time)} local, ${formatUtc(time)}`}>
      {formatLocalShort(time, new Date())}
    </code>,
    <span key="action" className="action-name" title={row.action}>
      <b>{row.action.slice(0, dot)}</b>
      <span>{row.action.slice(dot)}</span>
    </span>,
    <StateTag key="outcome" state={OUTCOME_WORDS[row.outcome]} quiet={row.outcome === 'success'} />,
    <span key="actor" title={`${row.actorType} ${row.actorId}`}>
      <span className="faint actor-type">{row.actorType} </span>
      {row.actorId}
    </span>,
    <code key="target" title={`${row.targetType} ${row.targetId}`}>
      {resourceOfArn(row.targetId)}
    </code>,
  ];
}
