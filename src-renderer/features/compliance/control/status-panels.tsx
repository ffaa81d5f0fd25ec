import type { ControlDetail } from '#shared/ipc/compliance-views.ts';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount } from '../../../format/numbers.ts';
import { WHY_TITLES } from '../compliance-words.ts';
import { RecordLink } from '../parts/links.tsx';
import { PeriodsPart } from './periods-part.tsx';
import { YearCalendar } from './year-calendar.tsx';

/** How it stands, why, and what would change it. Nobody types a status in. */
export function StatusPanel({ detail }: { readonly detail: ControlDetail }) {
  const { control, notApplicable, remedy } = detail;
  return (
    <Panel title={WHY_TITLES[control.status]}>
      <div className="pad stack-tight">
        {control.reasons.length === 0 ? (
          <p>Its rules are met, and nothing speaks against it.</p>
        ) : (
          <ul className="reason-list">
            {control.reasons.map((reason) => (
              <li key={reason} className="external-wrap">
                {reason}
              </li>
            ))}
          </ul>
        )}
        {notApplicable === null ? null : (
          <div>
            <p className="external-wrap">
              {notApplicable.justification ?? (
                <span className="faint">The justification is sealed in the record, or was erased.</span>
              )}
            </p>
            <p className="sub">
              said by <span className="external-wrap">{notApplicable.by.name}</span>,{' '}
              <TimeText iso={notApplicable.time} />
            </p>
          </div>
        )}
        {control.status === 'gap' || control.status === 'partial' ? (
          <div>
            <h3>What would close it</h3>
            <p className="wrap">{remedy}</p>
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

/** When it was seen operating: by day, and by the periods it was due in. */
export function SeenPanel({ detail }: { readonly detail: ControlDetail }) {
  const { control, days, periods, counting } = detail;
  const { expected, actual } = control.occurrences;
  const [first] = control.weeks;
  const last = control.weeks.at(-1);
  return (
    <Panel
      title="Occurrences in the last twelve months"
      aside={
        counting.asOf === null ? undefined : (
          <span className="num">
            {formatCount(actual)} seen of {formatCount(expected)} expected
          </span>
        )
      }
    >
      {counting.asOf === null ? (
        <EmptyState title="The records are being counted for the first time">
          <p>When it was seen stands here as soon as they are.</p>
        </EmptyState>
      ) : (
        <div className="pad stack">
          {first === undefined || last === undefined ? null : (
            <YearCalendar days={days} from={first.from} to={last.to} />
          )}
          <PeriodsPart periods={periods} />
          {control.last === null ? null : (
            <p className="sub">
              Seen last <TimeText iso={control.last.time} />, record <RecordLink seq={control.last.seq} />.
            </p>
          )}
        </div>
      )}
    </Panel>
  );
}
