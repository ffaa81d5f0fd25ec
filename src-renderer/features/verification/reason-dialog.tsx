import type { ReactNode } from 'react';
import type { UiError } from '../../bridge/ui-error.ts';
import type { ButtonLook } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { type Justified, JustifiedForm } from '../approvals/justified-form.tsx';

interface ReasonDialogProps {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly look: ButtonLook;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly failed: string;
  readonly onConfirm: (given: Justified) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A change of what protects the trail: with a reason that goes on record, and a proof of who asks for it. */
export function ReasonDialog({ busy, error, ...props }: ReasonDialogProps) {
  return (
    <ModalDialog
      title={props.title}
      lead={props.lead}
      size="large"
      dismissable={false}
      locked={busy}
      onClose={props.onClose}
    >
      <div className="dialog-body">{props.children}</div>
      <JustifiedForm
        answers={[{ key: 'confirm', label: props.action, look: props.look, guarded: true }]}
        busy={busy}
        error={error}
        describe={() => ({ title: props.failed, hint: 'What you typed is kept. Nothing was changed.' })}
        note="Doing nothing means no."
        closeLabel="Cancel"
        onAnswer={(_, given) => props.onConfirm(given)}
        onClose={props.onClose}
      />
    </ModalDialog>
  );
}
