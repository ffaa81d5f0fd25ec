import { type ReactNode, useId, useState } from 'react';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button, type ButtonLook } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { judgeReason, LONGEST } from './reasons.ts';

interface ReasonDialogProps {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly look: ButtonLook;
  readonly busyLabel: string;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly failed: string;
  readonly onConfirm: (justification: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A decision with a reason that goes on record. The focus starts in the reason; Escape and closing mean no. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { busy, error } = props;
  const [reason, setReason] = useState('');
  const [complained, setComplained] = useState(false);
  const id = useId();
  const problem = judgeReason(reason);
  const confirm = () => {
    if (problem === null) return props.onConfirm(reason.trim());
    setComplained(true);
    document.getElementById(`${id}-why`)?.focus();
  };
  return (
    <ModalDialog
      title={props.title}
      lead={props.lead}
      size="medium"
      dismissable={false}
      locked={busy}
      onClose={props.onClose}
    >
      <div className="dialog-body">{props.children}</div>
      <form className="decision" onSubmit={(event) => event.preventDefault()}>
        {error === null ? null : (
          <ErrorPanel error={error} title={props.failed} hint="What you typed is kept. Nothing was changed." />
        )}
        <label htmlFor={`${id}-why`}>Why (goes on record)</label>
        <textarea
          id={`${id}-why`}
          // biome-ignore lint/a11y/noAutofocus: the focus must not start on a button that decides
          autoFocus
          rows={2}
          maxLength={LONGEST}
          readOnly={busy}
          value={reason}
          aria-required="true"
          aria-describedby={`${id}-hint`}
          aria-invalid={complained && problem !== null}
          onChange={(event) => setReason(event.target.value)}
        />
        <p
          id={`${id}-hint`}
          className={complained && problem !== null ? 'hint hint-bad' : 'hint'}
          aria-live={complained ? 'assertive' : 'off'}
        >
          {problem ?? 'It will be sealed in the record: shown to you, withheld or disclosed in exports as you choose.'}
        </p>
        <footer className="dialog-foot">
          <span className="foot-note">{busy ? 'Recording…' : 'Doing nothing means no.'}</span>
          <Button look="ghost" disabled={busy} onPress={props.onClose}>
            Cancel
          </Button>
          <Button
            look={props.look}
            busy={busy}
            busyLabel={props.busyLabel}
            describedBy={`${id}-hint`}
            onPress={confirm}
          >
            {props.action}
          </Button>
        </footer>
      </form>
    </ModalDialog>
  );
}
