import type { ControlRow } from '#shared/ipc/compliance-views.ts';
import { StateTag } from '../../../components/state-tag.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount } from '../../../format/numbers.ts';
import {
  CONTROL_WORDS,
  EXCEPTION_WORDS,
  FREQUENCY_NAMES,
  KIND_NAMES,
  printCriteria,
  printCriterion,
  UNCOUNTED,
} from '../compliance-words.ts';
import { ControlLink } from '../parts/links.tsx';
import { WeekStrip } from '../parts/week-strip.tsx';

interface ControlsTableProps {
  readonly controls: readonly ControlRow[];
  /** False while nothing is counted: a zero would say more than is known. */
  readonly counted: boolean;
  /** With who answers for each and until when. */
  readonly owners?: boolean;
}

/** Controls with their status and the weeks they were seen operating. */
export function ControlsTable({ controls, counted, owners = false }: ControlsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Controls and their occurrences">
      <table className="controls-table">
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Status</th>
            {owners ? <th scope="col">Owner, due</th> : <th scope="col">Criteria</th>}
            <th scope="col">Cadence</th>
            <th scope="col" className="right">
              Seen / expected
            </th>
            <th scope="col">Weeks of the last twelve months</th>
          </tr>
        </thead>
        <tbody>
          {controls.map((control) => (
            <tr key={control.id}>
              <td className="control-cell">
                <ControlLink id={control.id} name={control.name} />
                {owners ? <span className="block faint">{KIND_NAMES[control.kind]}</span> : null}
              </td>
              <td>
                <StateTag state={counted ? CONTROL_WORDS[control.status] : UNCOUNTED} />
                {counted ? <OpenExceptions open={control.exceptions.open} /> : null}
              </td>
              <td className="owner-cell">
                {owners ? <OwnerCell control={control} /> : <Criteria control={control} />}
              </td>
              <td className="nowrap">{FREQUENCY_NAMES[control.frequency]}</td>
              <td className="right num nowrap">
                {counted
                  ? `${formatCount(control.occurrences.actual)} / ${formatCount(control.occurrences.expected)}`
                  : '–'}
              </td>
              <td className="strip-cell">
                {counted ? <WeekStrip periods={control.weeks} unit="weeks" /> : <span className="faint">–</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function OpenExceptions({ open }: { readonly open: number }) {
  if (open === 0) return null;
  const state = EXCEPTION_WORDS.open;
  return (
    <span className="block">
      <StateTag quiet state={{ ...state, word: `${formatCount(open)} open` }} />
    </span>
  );
}

function Criteria({ control }: { readonly control: ControlRow }) {
  const { criteria } = control;
  return (
    <span className={criteria.length === 0 ? 'nowrap faint' : 'nowrap'} title={criteria.map(printCriterion).join(', ')}>
      {printCriteria(criteria)}
    </span>
  );
}

function OwnerCell({ control }: { readonly control: ControlRow }) {
  return (
    <>
      {control.owner === null ? (
        <span className="faint">nobody</span>
      ) : (
        <span className="external-wrap">{control.owner.name}</span>
      )}
      {control.due === null ? null : (
        <span className="block">
          {control.overdue ? (
            <StateTag quiet state={{ word: 'Overdue', tone: 'bad', shape: 'bang' }} />
          ) : (
            <span className="faint">due </span>
          )}
          <TimeText iso={control.due} form="date" />
        </span>
      )}
    </>
  );
}
