import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { Details } from '../parts/details.tsx';
import { type CalendarGrid, type DayLevel, layDays } from './calendar-grid.ts';

const CELL = 11;
const TOP = 16;
const LEFT = 28;
/** The more was seen, the larger the square: told by size besides colour. */
const SIZES: Readonly<Record<DayLevel, number>> = { 0: 2, 1: 5, 2: 7.5, 3: 10 };
const LEVELS: readonly DayLevel[] = [0, 1, 2, 3];
const LEVEL_NAMES: Readonly<Record<DayLevel, string>> = { 0: 'none', 1: 'once', 2: '2 to 9', 3: '10 and more' };
const WEEKDAYS = [
  { row: 0, name: 'Mon' },
  { row: 2, name: 'Wed' },
  { row: 4, name: 'Fri' },
] as const;

interface YearCalendarProps {
  readonly days: readonly { readonly day: string; readonly count: number }[];
  readonly from: string;
  readonly to: string;
}

/** The days of the window, a square each. The same as a table below, for those who read or hear it. */
export function YearCalendar({ days, from, to }: YearCalendarProps) {
  const grid = layDays(days, from, to);
  const seen = days.filter(({ count }) => count > 0);
  return (
    <div className="calendar">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="calendar-scroll" tabIndex={0} aria-label="Days of the last twelve months">
        <CalendarDrawing
          grid={grid}
          label={`Seen on ${formatCount(seen.length)} of ${formatPlural(grid.cells.length, 'day')}`}
        />
      </section>
      <p className="mark-legend">
        <span>each square is a day (UTC), by how often it was seen:</span>
        {LEVELS.map((level) => (
          <span key={level} className="mark-name">
            <svg className="day-sample" viewBox="0 0 11 11" aria-hidden="true" focusable="false">
              <DaySquare level={level} x={0} y={0} />
            </svg>
            {LEVEL_NAMES[level]}
          </span>
        ))}
      </p>
      <DayTable days={seen} />
    </div>
  );
}

function CalendarDrawing({ grid, label }: { readonly grid: CalendarGrid; readonly label: string }) {
  const width = LEFT + grid.columns * CELL;
  return (
    <svg
      className="calendar-grid"
      width={width}
      height={TOP + 7 * CELL}
      viewBox={`0 0 ${width} ${TOP + 7 * CELL}`}
      role="img"
      aria-label={label}
    >
      {grid.months.map(({ name, column }) =>
        column * CELL + LEFT + 20 > width ? null : (
          <text key={`${name} ${column}`} x={LEFT + column * CELL} y={10}>
            {name}
          </text>
        ),
      )}
      {WEEKDAYS.map(({ row, name }) => (
        <text key={name} x={0} y={TOP + row * CELL + 9}>
          {name}
        </text>
      ))}
      {grid.cells.map(({ day, count, level, column, row }) => (
        <DaySquare key={day} level={level} x={LEFT + column * CELL} y={TOP + row * CELL}>
          {`${day}: ${count === 0 ? 'none' : formatCount(count)}`}
        </DaySquare>
      ))}
    </svg>
  );
}

interface DaySquareProps {
  readonly level: DayLevel;
  readonly x: number;
  readonly y: number;
  readonly children?: string;
}

function DaySquare({ level, x, y, children }: DaySquareProps) {
  const size = SIZES[level];
  const margin = (CELL - size) / 2;
  return (
    <rect
      className={`day-${level}`}
      x={x + margin}
      y={y + margin}
      width={size}
      height={size}
      rx={level === 0 ? 1.5 : 2}
    >
      {children === undefined ? null : <title>{children}</title>}
    </rect>
  );
}

function DayTable({ days }: { readonly days: YearCalendarProps['days'] }) {
  if (days.length === 0) return null;
  return (
    <Details className="ranges" summary={`${formatPlural(days.length, 'day')} as a table`}>
      {() => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className="table-scroll" tabIndex={0} aria-label="Days with occurrences">
          <table>
            <thead>
              <tr>
                <th scope="col">Day (UTC)</th>
                <th scope="col" className="right">
                  Occurrences
                </th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ day, count }) => (
                <tr key={day}>
                  <td className="num">{day}</td>
                  <td className="right num">{formatCount(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Details>
  );
}
