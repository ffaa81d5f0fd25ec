import type { PeriodCell } from '#shared/ipc/compliance-views.ts';
import { CELL, drawMark, drawMarks, MARK_NAMES, MARKS, markOf, spellMarks } from './week-marks.ts';

interface WeekStripProps {
  readonly periods: readonly PeriodCell[];
  /** What one square stands for, in the plural. */
  readonly unit: string;
  /** How many there would be room for, where rows of one scale stand below one another. */
  readonly room?: number;
}

/** The periods of a control, oldest first, a mark each. */
export function WeekStrip({ periods, unit, room = periods.length }: WeekStripProps) {
  return (
    <svg
      className="week-strip"
      viewBox={`0 0 ${Math.max(1, room) * CELL - 2} 16`}
      preserveAspectRatio="none"
      role="img"
      aria-label={spellMarks(periods, unit)}
    >
      {drawMarks(periods).map(({ mark, path }) => (
        <path key={mark} className={`mark-${mark}`} d={path} />
      ))}
    </svg>
  );
}

interface MarkLegendProps {
  readonly unit: string;
  /** Only marks that are among these are told. */
  readonly periods: readonly PeriodCell[];
}

/** What the marks mean. */
export function MarkLegend({ unit, periods }: MarkLegendProps) {
  const there = new Set(periods.map(({ state }) => markOf(state)));
  return (
    <span className="mark-legend">
      <span>each mark is a {unit}:</span>
      {MARKS.filter((mark) => there.has(mark)).map((mark) => (
        <span key={mark} className="mark-name">
          <svg viewBox="0 0 8 16" aria-hidden="true" focusable="false">
            <path className={`mark-${mark}`} d={drawMark(mark, 0)} />
          </svg>
          {MARK_NAMES[mark]}
        </span>
      ))}
    </span>
  );
}
