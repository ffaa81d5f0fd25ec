import { useState } from 'react';
import type { AttachmentView, ControlDetail } from '#shared/ipc/compliance-views.ts';
import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { EmptyState, ErrorPanel } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatBytes, formatPlural } from '../../../format/numbers.ts';
import { EXCEPTION_WORDS, printKind } from '../compliance-words.ts';
import { openFirst } from '../exceptions/exception-order.ts';
import { RecordLink } from '../parts/links.tsx';

const FEW = 20;

/** What should not have been, or should have been and was not; those fixed stay listed. */
export function ExceptionsPanel({ exceptions }: Pick<ControlDetail, 'exceptions'>) {
  const [all, setAll] = useState(false);
  const sorted = openFirst(exceptions);
  const shown = all ? sorted : sorted.slice(0, FEW);
  const open = exceptions.filter(({ state }) => state === 'open').length;
  return (
    <Panel
      title="Exceptions"
      className="list-section"
      aside={
        exceptions.length === 0 ? undefined : (
          <span className="num">
            {formatPlural(exceptions.length, 'exception')}, {open} open
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
                  {exception.text}
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

/** What people recorded as done, with the files that show it. */
export function PerformedPanel({ performed }: Pick<ControlDetail, 'performed'>) {
  return (
    <Panel title="Recorded performances" className="list-section">
      {performed.length === 0 ? (
        <EmptyState title="Nobody has recorded it as done">
          <p>Who did it records when, what was done, and the files that show it; their digests go on record.</p>
        </EmptyState>
      ) : (
        <ul className="entries">
          {performed.map(({ seq, time, on, by, note, attachments }) => (
            <li key={seq}>
              <div className="entry-head">
                <strong>
                  Done on <TimeText iso={on} form="date" />
                </strong>
                <span className="sub">
                  recorded <TimeText iso={time} /> by <span className="external-wrap">{by.name}</span>, record{' '}
                  <RecordLink seq={seq} />
                </span>
              </div>
              <p className="external-wrap">
                {note ?? <span className="faint">What was done is sealed in the record, or was erased.</span>}
              </p>
              {attachments.length === 0 ? (
                <p className="faint">No file attached</p>
              ) : (
                <ul className="attachments" aria-label="Files that show it">
                  {attachments.map((attachment) => (
                    <Attachment key={attachment.digest} attachment={attachment} />
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Attachment({ attachment }: { readonly attachment: AttachmentView }) {
  const { digest, name, bytes, mediaType, kept } = attachment;
  const toasts = useToasts();
  const save = useAction(async () => {
    const answer = await call('compliance.saveAttachment', { digest });
    if (!answer.cancelled) toasts.say(`Saved as ${answer.value.file}: its digest is the one on record`);
  });
  const shown = name ?? 'a file whose name was erased';
  return (
    <li>
      <div className="attachment">
        <span className="external-wrap">
          <strong>{shown}</strong>{' '}
          <span className="faint num">
            {formatBytes(bytes)}, {mediaType}
          </span>{' '}
          <HashText value={digest} what={`Digest of ${shown}`} />
        </span>
        {kept ? (
          <Button look="ghost" label={`Save ${shown}…`} busy={save.busy} onPress={() => void save.run()}>
            Save…
          </Button>
        ) : (
          <span className="faint">not kept here</span>
        )}
      </div>
      {save.error === null ? null : (
        <ErrorPanel error={save.error} title="The file was not saved" onDismiss={save.clear} />
      )}
    </li>
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
