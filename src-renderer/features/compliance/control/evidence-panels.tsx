import type { ControlDetail } from '#shared/ipc/compliance-views.ts';
import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { RecordLink } from '../parts/links.tsx';

/** The newest records that are occurrences. */
export function OccurrencesPanel({ evidence }: Pick<ControlDetail, 'evidence'>) {
  return (
    <Panel title="Newest occurrences" className="list-section">
      {evidence.length === 0 ? (
        <EmptyState title="No occurrence on record">
          <p>As soon as a record shows it operating, it stands here with the record's number.</p>
        </EmptyState>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">When</th>
              <th scope="col">Action</th>
            </tr>
          </thead>
          <tbody>
            {evidence.map(({ seq, time, action }) => (
              <tr key={seq}>
                <td>
                  <RecordLink seq={seq} />
                </td>
                <td className="nowrap">
                  <TimeText iso={time} />
                </td>
                <td>
                  <code className="wrap" title={ACTION_DESCRIPTIONS[action]}>
                    {action}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** Who changed what about the control, newest first. */
export function HistoryPanel({ history }: Pick<ControlDetail, 'history'>) {
  return (
    <Panel title="History" className="list-section">
      {history.length === 0 ? (
        <EmptyState title="Nothing was changed">
          <p>Owner, cadence, due date and status changes stand here, each with its record.</p>
        </EmptyState>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {history.map(({ seq, time, by, text }) => (
              <tr key={`${seq} ${text}`}>
                <td>
                  <RecordLink seq={seq} />
                </td>
                <td className="nowrap">
                  <TimeText iso={time} />
                </td>
                <td className="external-wrap">{by.name}</td>
                <td className="external-wrap">{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
