import type { PeriodCell } from '#shared/ipc/compliance-views.ts';
import { StateTag } from '../../../components/state-tag.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { formatLocal, formatLocalDate, formatUtc } from '../../../format/times.ts';
import type { StateWord } from '../../../format/words.ts';
import { PERIOD_WORDS } from '../compliance-words.ts';
import { Details } from '../parts/details.tsx';
import { MarkLegend, WeekStrip } from '../parts/week-strip.tsx';

/** So few that the table alone shows them at a glance. */
const FEW = 13;
/** As many as can be told apart beside one another: of days, two months. */
const ROW = 61;
const UNKNOWN: StateWord = { word: 'Not known', tone: 'calm', shape: 'dash' };

/** The periods a control was due in, and whether it was seen in each. */
export function PeriodsPart({ periods }: { readonly periods: readonly PeriodCell[] }) {
  if (periods.length === 0) {
    return <p className="sub">It has no periods: it runs each time what it governs happens.</p>;
  }
  const few = periods.length <= FEW;
  return (
    <div className="stack-tight">
      <h3>Periods of its cadence</h3>
      {few ? null : (
        <>
          <PeriodRows periods={periods} />
          <p>
            <MarkLegend unit="period" periods={periods} />
          </p>
        </>
      )}
      {few ? (
        <PeriodTable periods={periods} />
      ) : (
        <Details className="ranges" summary={`${formatPlural(periods.length, 'period')} as a table`}>
          {() => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
            <section className="table-scroll" tabIndex={0} aria-label="Periods, newest first">
              <PeriodTable periods={periods} />
            </section>
          )}
        </Details>
      )}
    </div>
  );
}

/** Many periods in rows of one scale, each beginning with its date. */
function PeriodRows({ periods }: { readonly periods: readonly PeriodCell[] }) {
  if (periods.length <= ROW) return <WeekStrip periods={periods} unit="periods" />;
  const rows = Array.from({ length: Math.ceil(periods.length / ROW) }, (_, index) =>
    periods.slice(index * ROW, (index + 1) * ROW),
  );
  return (
    <ul className="period-rows">
      {rows.map((row) => (
        <li key={row[0]?.from}>
          {row[0] === undefined ? null : <TimeText iso={row[0].from} form="date" />}
          <WeekStrip periods={row} unit="periods" room={ROW} />
        </li>
      ))}
    </ul>
  );
}

function PeriodTable({ periods }: { readonly periods: readonly PeriodCell[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">State</th>
          <th scope="col" className="right">
            Occurrences
          </th>
        </tr>
      </thead>
      <tbody>
        {periods.toReversed().map(({ from, to, state, count }) => (
          <tr key={from}>
            <td>
              <Day iso={from} />
            </td>
            <td>
              <Day iso={to} />
            </td>
            <td>
              <StateTag quiet state={PERIOD_WORDS[state] ?? UNKNOWN} />
            </td>
            <td className="right num">{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Of hundreds of rows each: local, with UTC on hover; the periods begin at a moment of UTC's clock. */
function Day({ iso }: { readonly iso: string }) {
  const time = new Date(iso);
  return (
    <time className="nowrap" dateTime={iso} title={`${formatLocal(time)} local, ${formatUtc(time)}`}>
      {formatLocalDate(time)}
    </time>
  );
}
