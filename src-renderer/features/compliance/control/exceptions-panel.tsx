import { useState } from 'react';
import type { ControlDetail } from '#shared/ipc/compliance-views.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { EXCEPTION_WORDS, printKind } from '../compliance-words.ts';
import { openFirst } from '../exceptions/exception-order.ts';
import { RecordLink } from '../parts/links.tsx';
import { printTimes } from '../parts/sentence-times.ts';

const FEW = 20;
/** As many as one control is given here; reports have all of them. */
const MOST = 500;

/** What should not have been, or should have been and was not; those fixed stay listed. */
export function ExceptionsPanel({ exceptions, control }: Pick<ControlDetail, 'exceptions' | 'control'>) {
  const [all, setAll] = useState(false);
  const sorted = openFirst(exceptions);
  const shown = all ? sorted : sorted.slice(0, FEW);
  const open = exceptions.filter(({ state }) => state === 'open').length;
  const more = control.exceptions.open + control.exceptions.fixed - exceptions.length;
  return (
    <Panel
      title="Exceptions"
      className="list-section"
      aside={
        exceptions.length === 0 ? undefined : (
          <span className="num">
            {formatPlural(exceptions.length, 'exception')}, {open} open
            {exceptions.length >= MOST && more > 0 ? `, ${formatCount(more)} more in the reports` : ''}
          </span>
        )
      }
    >
      {exceptions.length === 0 ? (
        <EmptyState title="No exception">
          <p>None of the records counted is a deviation from this control.</p>
        </EmptyState>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">What</th>
              <th scope="col">When</th>
              <th scope="col">Record</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((exception) => (
              <tr key={exception.id}>
                <td>
                  <StateTag state={EXCEPTION_WORDS[exception.state]} />
                </td>
                <td className="external-wrap">
                  {printTimes(exception.text)}
                  <span className="block faint">{printKind(exception.kind)}</span>
                </td>
                <td className="nowrap">
                  {exception.time === null ? <span className="faint">–</span> : <TimeText iso={exception.time} />}
                </td>
                <td>
                  {exception.seq === null ? <span className="faint">none</span> : <RecordLink seq={exception.seq} />}
                  {exception.fixedBy === null ? null : (
                    <span className="block sub">
                      fixed by <RecordLink seq={exception.fixedBy} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown.length < sorted.length ? (
        <div className="pad">
          <Button onPress={() => setAll(true)}>Show all {formatPlural(sorted.length, 'exception')}</Button>
        </div>
      ) : null}
    </Panel>
  );
}
