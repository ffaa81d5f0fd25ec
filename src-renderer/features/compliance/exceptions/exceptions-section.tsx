import { type ReactNode, useMemo, useState } from 'react';
import type { ControlRow } from '#shared/ipc/compliance-views.ts';
import type { ReportException } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { Button } from '../../../components/button.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { type GridColumn, VirtualGrid } from '../../../components/virtual-grid.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatLocal, formatLocalShort, formatUtc } from '../../../format/times.ts';
import { EXCEPTION_WORDS, printKind } from '../compliance-words.ts';
import { QueryStates } from '../parts/query-states.tsx';
import { printTimes } from '../parts/sentence-times.ts';
import { StateSearch } from '../parts/state-search.tsx';
import { useCompliance } from '../use-compliance.ts';
import { ExceptionInspector } from './exception-inspector.tsx';
import { type ExceptionFilter, filterExceptions, openFirst } from './exception-order.ts';

const COLUMNS: readonly GridColumn[] = [
  { id: 'state', title: 'State' },
  { id: 'control', title: 'Control' },
  { id: 'kind', title: 'Kind', className: 'col-kind' },
  { id: 'text', title: 'What' },
  { id: 'time', title: 'When (local)', className: 'col-time' },
  { id: 'record', title: 'Record', className: 'col-record' },
];
/** As many as the list is given; reports have all of them. */
const MOST = 20_000;
const STATES: readonly ReportException['state'][] = ['open', 'fixed'];

/** Every exception there is, open ones first. A filter says how many it leaves out. */
export function ExceptionsSection({ controls }: { readonly controls: readonly ControlRow[] }) {
  const known = controls.reduce((sum, { exceptions }) => sum + exceptions.open + exceptions.fixed, 0);
  const query = useCompliance('exceptions', () => call('compliance.exceptions', {}));
  const [filter, setFilter] = useState<ExceptionFilter>({});
  const [selected, setSelected] = useState<string | null>(null);
  const { data } = query;
  const sorted = useMemo(() => (data === null ? [] : openFirst(data)), [data]);
  const shown = useMemo(() => filterExceptions(sorted, filter), [sorted, filter]);
  const index = selected === null ? -1 : shown.findIndex(({ id }) => id === selected);
  const open = shown[index] ?? null;
  if (data === null || data.length === 0) {
    return (
      <div>
        <QueryStates query={query} what="Reading exceptions…" failed="The exceptions could not be read" />
        {data === null ? null : (
          <section className="panel" aria-label="Exceptions">
            <EmptyState title="No exception">
              <p>
                Late revocations, changes without an approval, missed periods and the like would stand here, those that
                were fixed too. None of the records counted is one.
              </p>
            </EmptyState>
          </section>
        )}
      </div>
    );
  }
  const openOnes = data.filter(({ state }) => state === 'open').length;
  return (
    <>
      {query.error === null ? null : (
        <QueryStates query={query} what="" failed="The exceptions could not be read again" />
      )}
      <div className="exceptions-bar">
        <StateSearch
          id="exceptions-text"
          label="Filter the exceptions"
          hint="words of a control, a kind or what happened"
          placeholder="Search exceptions"
          filter={filter}
          states={STATES}
          words={EXCEPTION_WORDS}
          onChange={setFilter}
        />
        <p className="sub num" role="status">
          {formatPlural(data.length, 'exception')}, {formatCount(openOnes)} open ·{' '}
          {shown.length < data.length
            ? `${formatCount(data.length - shown.length)} left out by what you look for`
            : data.length >= MOST && known > data.length
              ? `${formatCount(known - data.length)} older ones are in the reports only`
              : 'none hidden'}
        </p>
      </div>
      <div className={open === null ? 'trail-body' : 'trail-body trail-split'}>
        {shown.length === 0 ? (
          <section className="panel" aria-label="Exceptions">
            <EmptyState title="No exception fits">
              <Button onPress={() => setFilter({})}>Show every exception</Button>
            </EmptyState>
          </section>
        ) : (
          <section className="panel list-panel exceptions-list" aria-label="All exceptions">
            <VirtualGrid
              label="Exceptions, open ones first"
              className="exceptions-grid"
              columns={COLUMNS}
              rows={shown.length}
              rowHeight={32}
              selected={index === -1 ? null : index}
              rowKey={(row) => shown[row]?.id ?? String(row)}
              renderRow={(row) => {
                const exception = shown[row];
                return exception === undefined ? null : cellsOf(exception);
              }}
              onActivate={(row) => setSelected(shown[row]?.id ?? null)}
            />
          </section>
        )}
        {open === null ? null : (
          <ExceptionInspector
            exception={open}
            controlName={controls.find(({ id }) => id === open.control)?.name ?? null}
            onClose={() => setSelected(null)}
          />
        )}
      </div>
    </>
  );
}

function cellsOf(exception: ReportException): readonly ReactNode[] {
  const { state, control, kind, text, time, seq } = exception;
  const moment = time === null ? null : new Date(time);
  return [
    <StateTag key="state" quiet={state === 'fixed'} state={EXCEPTION_WORDS[state]} />,
    control === null ? (
      <span key="control" className="faint">
        none
      </span>
    ) : (
      <code key="control">{control}</code>
    ),
    <span key="kind">{printKind(kind)}</span>,
    <span key="text" title={text}>
      {printTimes(text)}
    </span>,
    moment === null ? (
      <span key="time" className="faint">
        –
      </span>
    ) : (
      <code key="time" title={`${formatLocal(moment)} local, ${formatUtc(moment)}`}>
        {formatLocalShort(moment, new Date())}
      </code>
    ),
    seq === null ? (
      <span key="record" className="faint">
        none
      </span>
    ) : (
      <code key="record">#{formatCount(seq)}</code>
    ),
  ];
}
