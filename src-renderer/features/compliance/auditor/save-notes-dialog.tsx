import { useState } from 'react';
import type { AuditorNote } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { ModalDialog } from '../../../components/modal-dialog.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import { useFirstFocus } from '../../../components/use-first-focus.ts';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { countNotes, NOTE_VERDICTS, NOTE_WORDS } from './note-words.ts';

interface SaveNotesDialogProps {
  readonly notes: readonly AuditorNote[];
  /** Drafts that are no notes yet: they stay, and are not in the file. */
  readonly unfinished: number;
  readonly auditor: string;
  readonly onAuditor: (auditor: string) => void;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Signs the notes under the name that is typed, and writes them to a file for whoever made the bundle. */
export function SaveNotesDialog({ notes, unfinished, auditor, ...props }: SaveNotesDialogProps) {
  const [told, setTold] = useState(false);
  const [saved, setSaved] = useState<{ readonly file: string; readonly key: string } | null>(null);
  const nameField = useFirstFocus();
  const save = useAction(async () => {
    const answer = await call('bundle.saveNotes', { auditor: auditor.trim(), notes: [...notes] });
    if (answer.cancelled) return;
    setSaved(answer.value);
    props.onSaved();
  });
  const submit = () => {
    setTold(true);
    if (auditor.trim() === '') nameField.current?.focus();
    else void save.run();
  };
  const counts = countNotes([{ notes: [...notes] }]);
  return (
    <ModalDialog
      title={saved === null ? `Save ${formatPlural(notes.length, 'note')}` : 'The notes are saved'}
      lead="One signed file. Send it to whoever gave you the bundle: they take it in, and it goes on their record."
      dismissable={false}
      locked={save.busy}
      onClose={props.onClose}
    >
      <div className="dialog-body">
        {saved === null ? (
          <>
            <ul className="note-counts">
              {NOTE_VERDICTS.map((verdict) => (
                <li key={verdict}>
                  <StateTag quiet state={NOTE_WORDS[verdict]} />
                  <span className="num">{formatCount(counts[verdict])}</span>
                </li>
              ))}
            </ul>
            {unfinished === 0 ? null : (
              <p className="hint hint-bad">
                {formatPlural(unfinished, 'note')} begun but not finished: not in this file.
              </p>
            )}
            <Field
              ref={nameField}
              label="Your name, and your firm’s"
              value={auditor}
              maxLength={200}
              autoComplete="name"
              busy={save.busy}
              problem={told && auditor.trim() === '' ? 'The notes need a name.' : null}
              onChange={props.onAuditor}
            />
            {save.error === null ? null : <ErrorPanel error={save.error} title="The notes were not saved" />}
          </>
        ) : (
          <>
            <p className="wrap">
              Written to <code>{saved.file}</code>
            </p>
            <p className="fingerprint">
              <span className="faint">Id of the key that signed them, kept on this computer</span>
              <code className="wrap">{saved.key}</code>
            </p>
            <p className="sub">
              Tell it to whoever takes the notes in another way than by this file: they compare it before they believe
              that the notes are yours.
            </p>
          </>
        )}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        <Button look={saved === null ? 'ghost' : 'primary'} disabled={save.busy} onPress={props.onClose}>
          {saved === null ? 'Cancel' : 'Close'}
        </Button>
        {saved === null ? (
          <Button look="primary" busy={save.busy} busyLabel="Signing…" onPress={submit}>
            Save notes…
          </Button>
        ) : null}
      </footer>
    </ModalDialog>
  );
}
