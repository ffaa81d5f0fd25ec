import { useEffect, useState } from 'react';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { toUiError } from '../../bridge/ui-error.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button, CommandButton } from '../../components/button.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import type { TrailFilter } from '../../navigation/route.ts';
import { navigate, refineRoute } from '../../navigation/use-route.ts';
import { ExportDialog } from './export-dialog.tsx';
import { isFiltered, queryOf } from './filter-model.ts';
import { countText, indexOfSeq, type TrailRows } from './paging.ts';
import { RecordInspector } from './record-inspector.tsx';
import { FilterChips, TrailFilters } from './trail-filters.tsx';
import { TrailGrid } from './trail-grid.tsx';
import { useTrail } from './use-trail.ts';

interface TrailScreenProps {
  readonly filter: TrailFilter;
  readonly seq: number | null;
}

/** Every record there is: narrowed, read, checked one by one, and handed on. */
export function TrailScreen({ filter, seq }: TrailScreenProps) {
  const { chain } = useConsole();
  const toasts = useToasts();
  const trail = useTrail(filter);
  const mayExport = useMay('trail.export');
  const mayVerify = useMay('trail.verify');
  const [exporting, setExporting] = useState(false);
  const { rows, reload } = trail;
  const newer = rows === null ? 0 : Math.max(0, chain.records - rows.head);
  const searching = rows !== null && !rows.anywhere && rows.list.length === 0 && rows.next !== null;
  const open = (next: number | null) =>
    refineRoute(next === null ? { screen: 'audit', filter } : { screen: 'audit', filter, seq: next });

  const narrow = (next: TrailFilter) => refineRoute({ screen: 'audit', filter: next });

  useCommands([
    ...(mayExport
      ? [{ id: 'trail.export', title: 'Export…', group: 'Audit trail', shortcut: 'e', run: () => setExporting(true) }]
      : []),
    {
      id: 'trail.search',
      title: 'Search the trail',
      group: 'Audit trail',
      shortcut: '/',
      run: () => document.getElementById('trail-text')?.focus(),
    },
    { id: 'trail.reload', title: 'Load the newest records', group: 'Audit trail', shortcut: 'u', run: reload },
    ...(mayVerify
      ? [
          {
            id: 'trail.reindex',
            title: 'Build the search index again',
            group: 'Audit trail',
            run: () =>
              call('trail.reindex', {}).then(
                () => toasts.say('The search index is being built again; until then searching takes longer'),
                (error: unknown) => toasts.say(toUiError(error).message, 'bad'),
              ),
          },
        ]
      : []),
    ...(isFiltered(filter)
      ? [
          {
            id: 'trail.clear',
            title: 'Clear all filters',
            group: 'Audit trail',
            run: () => navigate({ screen: 'audit', filter: {} }),
          },
        ]
      : []),
  ]);

  // A screen just opened shows the newest records by itself, as long as nothing has been chosen or narrowed.
  const quiet = seq === null && !isFiltered(filter);
  useEffect(() => {
    if (!quiet || newer === 0) return;
    const timer = setTimeout(reload, 1500);
    return () => clearTimeout(timer);
  }, [quiet, newer, reload]);

  return (
    <main className="screen screen-fill trail">
      <div className="screen-head">
        <div>
          <ScreenTitle page="Audit trail">Audit trail</ScreenTitle>
          <p className="sub num" aria-live="polite">
            {rows === null ? ' ' : <Found rows={rows} filtered={isFiltered(filter)} />}
            {trail.loading && rows !== null ? ' · loading…' : ''}
          </p>
        </div>
        <div className="row-actions">
          {newer > 0 && !quiet ? (
            <Button look="ghost" onPress={reload}>
              {formatPlural(newer, 'newer record')}: load
            </Button>
          ) : null}
          <CommandButton command="trail.export" />
        </div>
      </div>
      <TrailFilters filter={filter} onChange={narrow} onJump={open} />
      <FilterChips filter={filter} onChange={narrow} />
      {trail.error === null ? null : (
        <ErrorPanel error={trail.error} title="The trail could not be read" onRetry={reload} />
      )}
      <div className={seq === null ? 'trail-body' : 'trail-body trail-split'}>
        {rows === null ? (
          trail.error === null ? (
            <Loading what="Reading the trail…" />
          ) : null
        ) : searching ? (
          <Loading what={`Searching… down to record ${formatCount(rows.searched)} of ${formatCount(rows.head)}`} />
        ) : rows.total === 0 ? (
          <section className="panel" aria-label="Records">
            <EmptyState title={isFiltered(filter) ? 'No record matches' : 'No record yet'}>
              <p>
                {isFiltered(filter)
                  ? filter.text === undefined
                    ? 'Take a filter out, or widen the time range.'
                    : 'Words are found whole or, from three letters on, by their beginning. Take a filter out, or shorten a word.'
                  : 'The first record is written when the workspace is created.'}
              </p>
              {isFiltered(filter) ? (
                <Button onPress={() => navigate({ screen: 'audit', filter: {} })}>Clear all filters</Button>
              ) : null}
            </EmptyState>
          </section>
        ) : (
          <TrailGrid
            key={trail.version}
            rows={rows}
            selected={seq === null ? null : indexOfSeq(rows, seq)}
            onView={trail.view}
            onOpen={open}
          />
        )}
        {seq === null ? null : (
          <RecordInspector key={seq} seq={seq} filter={filter} onOpen={open} onClose={() => open(null)} />
        )}
      </div>
      {exporting ? (
        <ExportDialog
          query={queryOf(filter, Date.now())}
          filtered={isFiltered(filter)}
          head={chain.records}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </main>
  );
}

/** How many there are, as well as that is known, and how far a search came. */
function Found({ rows, filtered }: { readonly rows: TrailRows; readonly filtered: boolean }) {
  if (!filtered) return formatPlural(rows.total, 'record');
  const partly = rows.next !== null && rows.searched > 1;
  return (
    <>
      {countText(rows, formatCount)} of {formatPlural(rows.head, 'record')}
      {partly ? ` · searched down to record ${formatCount(rows.searched)}` : ''}
    </>
  );
}
