import type { ReadinessPlan } from '#shared/ipc/compliance-views.ts';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatLocalDate } from '../../../format/times.ts';
import { CONTROL_WORDS, EFFORT_NAMES, ITEM_WORDS, type PlanItem, printCriterion } from '../compliance-words.ts';
import { ControlLink } from '../parts/links.tsx';
import { lateFirst, placeBar, placeToday, ROW_HEIGHT, startOfWeek, WEEK_WIDTH } from './timeline-layout.ts';

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
                  {item.criteria.length === 0 ? '' : ` · ${printCriteria(item.criteria.map(printCriterion))}`}
                </span>
                {item.state === 'done' ? null : <span className="block sub wrap">{item.remedy}</span>}
              </td>
              <td>
                <StateTag quiet state={ITEM_WORDS[item.state]} />
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

const SHOWN = 3;

function printCriteria(names: readonly string[]): string {
  const first = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${first} and ${names.length - SHOWN} more` : first;
}

interface TrackBarProps {
  readonly item: PlanItem;
  readonly weeks: number;
  readonly today: number | null;
}

/** The weeks of an item. Each state has an outline of its own; its word stands in the row. */
function TrackBar({ item, weeks, today }: TrackBarProps) {
  const width = weeks * WEEK_WIDTH;
  const { x, width: long } = placeBar(item, weeks);
  const lines = Array.from({ length: weeks - 1 }, (_, index) => `M${(index + 1) * WEEK_WIDTH} 0V${ROW_HEIGHT}`).join(
    '',
  );
  const weekWords =
    item.fromWeek === item.toWeek ? `week ${item.fromWeek}` : `weeks ${item.fromWeek} to ${item.toWeek}`;
  return (
    <svg
      className="track-bar"
      viewBox={`0 0 ${width} ${ROW_HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${weekWords}, ${ITEM_WORDS[item.state].word.toLowerCase()}`}
    >
      <path className="track-line" d={lines} />
      <rect className={`bar-${item.state}`} x={x} y={9} width={long} height={14} />
      {item.state === 'late' ? <path className="bar-hatch" d={hatch(x, long)} /> : null}
      {item.state === 'under-way' ? <rect className="bar-begun" x={x} y={9} width={long / 2} height={14} /> : null}
      {today === null ? null : <path className="track-today" d={`M${today} 0V${ROW_HEIGHT}`} />}
    </svg>
  );
}

/** Slanted strokes across a bar. */
function hatch(x: number, width: number): string {
  const strokes: string[] = [];
  for (let at = x + 14; at < x + width; at += 24) strokes.push(`M${at - 10} 23L${Math.min(at + 4, x + width)} 9`);
  return strokes.join('');
}
