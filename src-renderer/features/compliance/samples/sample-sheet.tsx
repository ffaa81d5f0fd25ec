import { useState } from 'react';
import type { SampleSheet } from '#shared/ipc/compliance-views.ts';
import { Outcome } from '#shared/model/audit-record.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState, ErrorPanel } from '../../../components/states.tsx';
import { type GridColumn, VirtualGrid } from '../../../components/virtual-grid.tsx';
import { shortDigest } from '../../../format/digests.ts';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatLocal, formatUtc } from '../../../format/times.ts';
import { OUTCOME_WORDS } from '../../../format/words.ts';
import { formatRoute } from '../../../navigation/route.ts';
import { navigate } from '../../../navigation/use-route.ts';
import { SavedLine } from '../reports/saved-line.tsx';
import type { Saved } from '../reports/use-report.ts';
import { DrawnTable } from './drawn-table.tsx';
import { RedrawSteps } from './redraw-steps.tsx';

const COLUMNS: readonly GridColumn[] = [
  { id: 'control', title: 'Control' },
  { id: 'order', title: 'Drawn as', className: 'right' },
  { id: 'seq', title: 'Record', className: 'right' },
  { id: 'time', title: 'Time' },
  { id: 'action', title: 'Action' },
  { id: 'outcome', title: 'Outcome' },
  { id: 'actor', title: 'Actor' },
  { id: 'target', title: 'Target' },
  { id: 'hash', title: 'Hash' },
];

/** A sample that was drawn: how, what of each control, and each record with the way to it. */
export function SampleSheetView({ sheet }: { readonly sheet: SampleSheet }) {
  const mayMake = useMay('reports.make');
  const [control, setControl] = useState<string | null>(null);
  const [saved, setSaved] = useState<Saved | null>(null);
  const save = useAction(async () => {
    const answer = await call('samples.saveWorksheet', {});
    if (!answer.cancelled) setSaved(answer.value);
  });
  const { sample, asOf, window } = sheet;
  const rows = control === null ? sheet.rows : sheet.rows.filter((row) => row.control === control);
  if (sheet.rows.length === 0) {
    return (
      <Panel title="Drawn">
        <EmptyState title="There was nothing to draw from">
          <p>No control has a record in this window. The population is empty, and so is the sample.</p>
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel
      title={`Drawn: ${formatPlural(sheet.rows.length, 'record')} of ${formatPlural(sample.drawn.length, 'control')}`}
      aside={
        mayMake ? (
          <Button look="primary" busy={save.busy} busyLabel="Writing…" onPress={() => void save.run()}>
            Save worksheet…
          </Button>
        ) : undefined
      }
    >
      <div className="pad stack-tight">
        {save.error === null ? null : <ErrorPanel error={save.error} title="The worksheet was not written" />}
        {saved === null ? null : <SavedLine saved={saved} what="Worksheet" />}
        <dl className="facts facts-columns">
          <div>
            <dt>Seed</dt>
            <dd>
              <HashText value={sample.seed} what="Seed" />
            </dd>
          </div>
          <div>
            <dt>The auditor’s number</dt>
            <dd>
              <code>{sample.number}</code>
            </dd>
          </div>
          <div>
            <dt>Head of the chain</dt>
            <dd className="num">
              record {formatCount(asOf.seq)}, <HashText value={asOf.hash} what="Head hash" />
            </dd>
          </div>
          <div>
            <dt>Window (UTC)</dt>
            <dd className="time-full">
              {formatUtc(new Date(window.from)).slice(0, 16)} to {formatUtc(new Date(window.to)).slice(0, 16)}
            </dd>
          </div>
          <div>
            <dt>Sizes</dt>
            <dd className="external-wrap">{sample.profile.name}</dd>
          </div>
        </dl>
        <RedrawSteps sheet={sheet} />
      </div>
      <DrawnTable sheet={sheet} control={control} onControl={setControl} />
      <div className="drawn-head" role="status">
        {control === null
          ? `All ${formatPlural(rows.length, 'record')} in the order drawn. Enter opens one in the trail.`
          : `${formatPlural(rows.length, 'record')} of ${control}, in the order drawn.`}
      </div>
      <VirtualGrid
        key={control ?? ''}
        label="Records drawn"
        className="sample-grid"
        columns={COLUMNS}
        rows={rows.length}
        rowHeight={30}
        rowKey={(index) => String(index)}
        renderRow={(index) => {
          const row = rows[index];
          return row === undefined ? null : renderRow(row);
        }}
        onActivate={(index) => {
          const row = rows[index];
          if (row !== undefined) navigate({ screen: 'audit', filter: {}, seq: row.seq });
        }}
      />
    </Panel>
  );
}

function renderRow(row: SampleSheet['rows'][number]) {
  const time = new Date(row.time);
  const outcome = Outcome.safeParse(row.outcome);
  return [
    <span key="control" title={row.name}>
      {row.control}
    </span>,
    <span key="order" className="num">
      {formatCount(row.order)}
    </span>,
    <a key="seq" className="num" tabIndex={-1} href={formatRoute({ screen: 'audit', filter: {}, seq: row.seq })}>
      {formatCount(row.seq)}
    </a>,
    <time key="time" className="time-full" dateTime={row.time} title={formatUtc(time)}>
      {formatLocal(time)}
    </time>,
    <code key="action">{row.action}</code>,
    outcome.success ? (
      <StateTag key="outcome" quiet state={OUTCOME_WORDS[outcome.data]} />
    ) : (
      <span key="outcome">{row.outcome}</span>
    ),
    <span key="actor" title={row.actor}>
      {row.actor}
    </span>,
    <span key="target" title={row.target}>
      {row.target}
    </span>,
    <code key="hash" title={row.hash}>
      {shortDigest(row.hash)}
    </code>,
  ];
}
