import type { ReadinessPlan } from '#shared/ipc/compliance-views.ts';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatLocalDate } from '../../../format/times.ts';
import {
  CONTROL_WORDS,
  EFFORT_NAMES,
  ITEM_WORDS,
  type PlanItem,
  printCriteria,
  printCriterion,
} from '../compliance-words.ts';
import { ControlLink } from '../parts/links.tsx';
import { lateFirst, placeBar, placeToday, startOfWeek } from './timeline-layout.ts';

interface TrackTableProps {
  readonly plan: Pick<ReadinessPlan, 'start' | 'weeks' | 'today'>;
  readonly items: readonly PlanItem[];
  readonly label: string;
}

/** The items of a track as a timeline: a table, whose last column is drawn to one scale. */
export function TrackTable({ plan, items, label }: TrackTableProps) {
  const { weeks, start, today } = plan;
  const place = placeToday(start, today, weeks);
  const numbers = Array.from({ length: weeks }, (_, index) => index + 1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label={label}>
      <table className="track-table">
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">State</th>
            <th scope="col">Effort</th>
            <th scope="col">Owner</th>
            <th scope="col" className="track-weeks">
              <span className="visually-hidden">Weeks of the plan</span>
              <span className="week-numbers num" aria-hidden="true">
                {numbers.map((week) => (
                  <span key={week} title={`from ${formatLocalDate(startOfWeek(start, week))}`}>
                    {week}
                  </span>
                ))}
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lateFirst(items).map((item) => (
            <tr key={item.control}>
              <td className="control-cell">
                <ControlLink id={item.control} name={item.name} />
                <span className="block faint" title={item.criteria.map(printCriterion).join(', ')}>
                  {CONTROL_WORDS[item.status].word}
                  {item.criteria.length === 0 ? '' : ` · ${printCriteria(item.criteria)}`}
                </span>
                {item.state === 'done' ? null : <span className="block sub wrap">{item.remedy}</span>}
              </td>
              <td>
                <StateTag quiet state={ITEM_WORDS[item.state]} />
                {item.toWeek > weeks ? <span className="block sub">until week {item.toWeek}</span> : null}
              </td>
              <td className="nowrap" title={EFFORT_NAMES[item.effort]}>
                {item.effort}
                <span className="visually-hidden"> {EFFORT_NAMES[item.effort].slice(1)}</span>
              </td>
              <td className="owner-cell external-wrap">
                {item.owner === null ? <span className="faint">nobody</span> : item.owner.name}
              </td>
              <td className="track-weeks">
                <TrackBar item={item} weeks={weeks} today={place} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface TrackBarProps {
  readonly item: PlanItem;
  readonly weeks: number;
  /** Hundredths of the plan that have passed. */
  readonly today: number | null;
}

/** The weeks of an item, as high as its row. Each state has an outline of its own; its word stands in the row. */
function TrackBar({ item, weeks, today }: TrackBarProps) {
  const { from, to } = placeBar(item, weeks);
  const width = `${to - from}%`;
  const weekWords =
    item.fromWeek === item.toWeek ? `week ${item.fromWeek}` : `weeks ${item.fromWeek} to ${item.toWeek}`;
  return (
    <svg
      className="track-bar"
      width="100%"
      height="100%"
      role="img"
      aria-label={`${weekWords}, ${ITEM_WORDS[item.state].word.toLowerCase()}`}
    >
      {Array.from({ length: weeks - 1 }, (_, index) => {
        const x = `${((index + 1) / weeks) * 100}%`;
        return <line key={x} className="track-line" x1={x} x2={x} y1="0" y2="100%" />;
      })}
      <rect className={`bar-${item.state}`} x={`${from}%`} y={9} width={width} height={14} rx={3} />
      {item.state === 'late' ? <line className="bar-hatch" x1={`${from}%`} x2={`${to}%`} y1={16} y2={16} /> : null}
      {item.state === 'under-way' ? (
        <rect className="bar-begun" x={`${from}%`} y={9} width={`${(to - from) / 2}%`} height={14} rx={3} />
      ) : null}
      {today === null ? null : <line className="track-today" x1={`${today}%`} x2={`${today}%`} y1="0" y2="100%" />}
    </svg>
  );
}

/** What the columns are, and the line across the bars while there is one. */
export function TrackLegend({ plan }: Pick<TrackTableProps, 'plan'>) {
  return (
    <span className="mark-legend">
      <span className="mark-name">each column is a week</span>
      {placeToday(plan.start, plan.today, plan.weeks) === null ? null : (
        <span className="mark-name">
          <svg viewBox="0 0 8 16" aria-hidden="true" focusable="false">
            <line className="track-today" x1={4} x2={4} y1={0} y2={16} />
          </svg>
          today
        </span>
      )}
    </span>
  );
}
