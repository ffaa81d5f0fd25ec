import { type ReactNode, useId, useState } from 'react';
import type { UiError } from '../../../bridge/ui-error.ts';
import { Button } from '../../../components/button.tsx';
import { ModalDialog } from '../../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../../components/states.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly action: string;
  readonly busyLabel?: string;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly failed: string;
  /** Why what is asked cannot be sent yet; null when it can. */
  readonly problem: string | null;
  readonly note?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A change of the register: goes on record under one's name. What is missing is said when it is to be sent. */
export function FormDialog({ busy, error, problem, ...props }: FormDialogProps) {
  const [asked, setAsked] = useState(false);
  const id = useId();
  const confirm = () => {
    setAsked(true);
    if (problem === null && !busy) props.onConfirm();
  };
  return (
    <ModalDialog
      title={props.title}
      {...(props.lead === undefined ? {} : { lead: props.lead })}
      dismissable={false}
      locked={busy}
      onClose={props.onClose}
    >
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <div className="dialog-body">
          {props.children}
          {error === null ? null : (
            <ErrorPanel error={error} title={props.failed} hint="What you entered is kept. Nothing was changed." />
          )}
        </div>
        <footer className="dialog-foot">
          <span id={`${id}-missing`} className="foot-note" role="status">
            {asked && problem !== null ? <strong className="hint-bad">{problem}</strong> : (props.note ?? '')}
          </span>
          <Button look="ghost" disabled={busy} onPress={props.onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            submit
            busy={busy}
            busyLabel={props.busyLabel ?? 'Recording…'}
            describedBy={`${id}-missing`}
          >
            {props.action}
          </Button>
        </footer>
      </form>
    </ModalDialog>
  );
}

interface AreaProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly busy: boolean;
  readonly onChange: (value: string) => void;
}

/** Some sentences that go on record. */
export function Area({ label, hint, value, busy, onChange }: AreaProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input area"
        rows={4}
        maxLength={2000}
        readOnly={busy}
        aria-required="true"
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
    </div>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly busy: boolean;
  readonly min?: string;
  readonly max?: string;
  readonly onChange: (value: string) => void;
}

/** A day of the local calendar, `2026-11-20`; empty while none is chosen. */
export function DayField({ label, hint, value, busy, min, max, onChange }: DayFieldProps) {
  const id = useId();
  return (
    <div className="field field-day">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        className="input num"
        readOnly={busy}
        min={min}
        max={max}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
    </div>
  );
}
