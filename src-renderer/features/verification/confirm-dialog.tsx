import type { ReactNode } from 'react';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button, type ButtonLook } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ErrorPanel } from '../../components/states.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly action: string;
  readonly look?: ButtonLook;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly failed: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something is trusted or taken away. The focus is on the dialog, on neither answer; Escape means no. */
export function ConfirmDialog({ look = 'primary', busy, error, ...props }: ConfirmDialogProps) {
  return (
    <ModalDialog
      title={props.title}
      {...(props.lead === undefined ? {} : { lead: props.lead })}
      dismissable={false}
      locked={busy}
      onClose={props.onClose}
    >
      <div className="dialog-body">
        {props.children}
        {error === null ? null : <ErrorPanel error={error} title={props.failed} />}
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        <Button look="ghost" disabled={busy} onPress={props.onClose}>
          Cancel
        </Button>
        <Button look={look} busy={busy} onPress={props.onConfirm}>
          {props.action}
        </Button>
      </footer>
    </ModalDialog>
  );
}
