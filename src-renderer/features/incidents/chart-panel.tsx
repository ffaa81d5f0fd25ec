import { useMemo, useState } from 'react';
import type { ChartSeries } from '#shared/model/investigation.ts';
import { call } from '../../bridge/call.ts';
import { toUiError, type UiError } from '../../bridge/ui-error.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { MetricChart } from '../../components/metric-chart.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSetting, writeSetting } from '../../components/settings.ts';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useWide } from '../../components/use-wide.ts';
import { unitSymbol } from '../../format/numbers.ts';
import { CHART_HOURS, chooseHours, chooseWindow, summarizeSeries } from './chart-summary.ts';

interface ChartPanelProps {
  readonly investigation: string;
  readonly title: string;
  /** Metric keys to try, the likeliest first. */
  readonly metrics: readonly string[];
  /** Changes when the chart should be asked for again. */
  readonly version: string;
  /** A chart beside the main one: lower. */
  readonly minor?: boolean;
  /** Leaves the panel out where there is no such metric, instead of saying so. */
  readonly optional?: boolean;
}

/** In pixels, for a usual and a wide window. */
const HEIGHTS = { main: { usual: 200, wide: 260 }, minor: { usual: 185, wide: 220 } } as const;

/** A metric of the investigation with its usual range and what happened to it. */
export function ChartPanel({
  investigation,
  title,
  metrics,
  version,
  minor = false,
  optional = false,
}: ChartPanelProps) {
  const height = HEIGHTS[minor ? 'minor' : 'main'][useWide() ? 'wide' : 'usual'];
  const query = useQuery(`${investigation} ${metrics.join(' ')} ${version}`, () => loadFirst(investigation, metrics));
  const [kept, setKept] = useState<ChartSeries | null>(null);
  if (query.data !== null && query.data !== kept) setKept(query.data);
  const series = query.data ?? kept;
  if (series !== null && series.times.length > 0) return <ChartFigure title={title} series={series} height={height} />;
  if (optional) return null;
  return (
    <Panel title={title}>
      <div className="pad">
        {series !== null ? (
          <p className="faint">No data point of this metric has been collected yet.</p>
        ) : query.error === null ? (
          <Loading what="Reading the metric…" />
        ) : (
          <ChartMissing error={query.error} onRetry={query.reload} />
        )}
      </div>
    </Panel>
  );
}

function ChartMissing({ error, onRetry }: { readonly error: UiError; readonly onRetry: () => void }) {
  return error.code === 'not-found' ? (
    <p className="faint">The metric analyst has not collected this metric yet.</p>
  ) : (
    <ErrorPanel error={error} title="The chart could not be read" onRetry={onRetry} />
  );
}

/** The first of the metrics that was collected. */
async function loadFirst(investigation: string, metrics: readonly string[]): Promise<ChartSeries> {
  let last: UiError | null = null;
  for (const metric of metrics) {
    try {
      return await call('investigations.chart', { investigation, metric });
    } catch (error) {
      last = toUiError(error);
      if (last.code !== 'not-found') throw last;
    }
  }
  throw last ?? new Error('no metric to draw');
}

interface ChartFigureProps {
  readonly title: string;
  readonly series: ChartSeries;
  readonly height: number;
}

function ChartFigure({ title, series, height }: ChartFigureProps) {
  const [chosen, setChosen] = useState<number | null | undefined>(undefined);
  const utc = useSetting('chart-zone') === 'utc';
  const hours = chosen === undefined ? chooseHours(series) : chosen;
  const [from, to] = chooseWindow(series, hours);
  const summary = useMemo(() => summarizeSeries(series, from, to), [series, from, to]);
  const unit = unitSymbol(series.unit);
  return (
    <Panel
      title={title}
      aside={
        <>
          <span>
            {series.name} {series.stat}
            {unit === '' ? '' : `, ${unit}`}
          </span>
          <select
            aria-label="Part shown"
            value={hours ?? 'all'}
            onChange={(event) => setChosen(event.target.value === 'all' ? null : Number(event.target.value))}
          >
            {CHART_HOURS.map((option) => (
              <option key={option} value={option}>
                last {option} h
              </option>
            ))}
            <option value="all">all</option>
          </select>
          <select
            aria-label="Time zone of the axis"
            value={utc ? 'utc' : 'local'}
            onChange={(event) => writeSetting('chart-zone', event.target.value)}
          >
            <option value="local">local time</option>
            <option value="utc">UTC</option>
          </select>
        </>
      }
    >
      <div className="chart-pad">
        <MetricChart series={series} from={from} to={to} utc={utc} height={height} summary={summary} />
        <details className="chart-words">
          <summary>In words</summary>
          <p>{summary}</p>
          {series.marks.length === 0 ? null : (
            <ul>
              {series.marks.map((mark) => (
                <li key={`${mark.kind}${mark.time}${mark.label}`}>
                  <TimeText iso={new Date(mark.time).toISOString()} /> {mark.label}
                </li>
              ))}
            </ul>
          )}
        </details>
      </div>
    </Panel>
  );
}
