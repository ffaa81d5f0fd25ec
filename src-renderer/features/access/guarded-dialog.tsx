import { type ReactNode, useId, useState } from 'react';
import type { Reauthentication } from '#shared/model/access.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button, type ButtonLook } from '../../components/button.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { isAboutProof } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { judgeProof, NO_PROOF, ProofFields } from '../approvals/proof-fields.tsx';

interface GuardedDialogProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly action: string;
  readonly busyLabel?: string;
  readonly look?: ButtonLook;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly failed: string;
  /** Why what stands above cannot be taken yet; null when it can. */
  readonly problem?: string | null;
  readonly note?: string;
  readonly onConfirm: (proof: Reauthentication) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Something that changes who may do what: said in a sentence, and done only by somebody who shows at this moment who they
 * are. Escape and closing mean no; nothing is sent while something is missing, and what is missing is said.
 */
export function GuardedDialog({ look = 'primary', busy, error, problem = null, ...props }: GuardedDialogProps) {
  const [proof, setProof] = useState<Reauthentication>(NO_PROOF);
  const [complained, setComplained] = useState(false);
  const id = useId();
  const missing = problem ?? judgeProof(proof);
  const confirm = () => {
    setComplained(true);
    if (missing === null) props.onConfirm(proof);
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
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) confirm();
        }}
      >
        <div className="dialog-body">
          {props.children}
          <ProofFields
            value={proof}
            onChange={setProof}
            busy={busy}
            error={error}
            complained={complained && problem === null}
          />
          {error === null || isAboutProof(error) ? null : (
            <ErrorPanel error={error} title={props.failed} hint="Nothing was changed." />
          )}
        </div>
        <footer className="dialog-foot">
          <span id={`${id}-missing`} className="foot-note" role="status">
            {complained && missing !== null ? <strong className="hint-bad">{missing}</strong> : (props.note ?? '')}
          </span>
          <Button look="ghost" disabled={busy} onPress={props.onClose}>
            Cancel
          </Button>
          <Button
            look={look}
            busy={busy}
            {...(props.busyLabel === undefined ? {} : { busyLabel: props.busyLabel })}
            describedBy={`${id}-missing`}
            onPress={confirm}
          >
            {props.action}
          </Button>
        </footer>
      </form>
    </ModalDialog>
  );
}
