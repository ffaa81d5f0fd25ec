import type { AttachmentView, ControlDetail } from '#shared/ipc/compliance-views.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState, ErrorPanel } from '../../../components/states.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { useToasts } from '../../../components/toasts.tsx';
import { formatBytes } from '../../../format/numbers.ts';
import { RecordLink } from '../parts/links.tsx';

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
  const maySave = useMay('reports.make');
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
        {kept && !maySave ? null : kept ? (
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
