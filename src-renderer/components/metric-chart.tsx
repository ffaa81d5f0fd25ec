import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { ChartSeries } from '#shared/model/investigation.ts';
import { formatAmount } from '../format/numbers.ts';
import { formatLocalClock, formatLocalDate, formatUtc } from '../format/times.ts';
import { chartOptions } from './chart-options.ts';
import { readChartColors } from './colors.ts';
import { useScheme } from './theme.ts';

interface MetricChartProps {
  readonly series: ChartSeries;
  /** The times shown, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly utc: boolean;
  readonly height: number;
  /** What the chart says, in words. */
  readonly summary: string;
}

/** A metric over time on a canvas. The arrow keys move along it; what is under the cursor stands below in words. */
export function MetricChart({ series, from, to, utc, height, summary }: MetricChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const scheme = useScheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours follow from the scheme
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const options = chartOptions(series, readChartColors(element), { width: element.clientWidth, height }, utc, setAt);
    const seconds = series.times.map((time) => time / 1000);
    const made = new uPlot(options, [seconds, [...series.values], [...series.low], [...series.high]], element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [series, height, utc, scheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart drawn anew is set to the window again
  useEffect(() => {
    plot.current?.setScale('x', { min: from / 1000, max: to / 1000 });
  }, [from, to, series, height, utc, scheme]);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 };
    const step = steps[event.key];
    const chart = plot.current;
    if (step === undefined || chart === null) return;
    event.preventDefault();
    const start = at ?? series.times.findIndex((time) => time >= (from + to) / 2);
    const next = Math.min(Math.max(0, start + step), series.times.length - 1);
    const left = chart.valToPos((series.times[next] ?? 0) / 1000, 'x');
    chart.setCursor({ left, top: 0 });
    setAt(next);
  };

  return (
    <div className="chart">
      <div
        ref={place}
        className="chart-canvas"
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the chart value by value
        tabIndex={0}
        aria-label={`${summary} Arrow keys read single values.`}
        onKeyDown={onKeyDown}
        style={{ height }}
      />
      <p className="chart-readout num" aria-live="polite">
        {at === null ? (
          <span className="faint">Shaded: usual range. Point at the line, or use the arrow keys, to read values.</span>
        ) : (
          <Readout series={series} index={at} />
        )}
      </p>
    </div>
  );
}

function Readout({ series, index }: { readonly series: ChartSeries; readonly index: number }) {
  const time = new Date(series.times[index] ?? 0);
  const value = series.values[index] ?? null;
  const low = series.low[index] ?? null;
  const high = series.high[index] ?? null;
  const outside = value !== null && ((low !== null && value < low) || (high !== null && value > high));
  return (
    <>
      <strong>{value === null ? 'no data point' : formatAmount(value, series.unit)}</strong>
      {outside ? ' · outside its usual range' : ''}
      {low === null || high === null
        ? ''
        : ` · usual ${formatAmount(low, series.unit)} to ${formatAmount(high, series.unit)}`}
      <span className="faint">
        {' · '}
        <span className="time-full">
          {formatLocalDate(time)} {formatLocalClock(time)} local · {formatUtc(time)}
        </span>
      </span>
    </>
  );
}
