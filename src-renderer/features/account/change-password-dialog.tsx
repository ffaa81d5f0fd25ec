import { useRef, useState } from 'react';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { PasswordField } from '../../components/field.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { isAboutProof, Refusal } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { useFirstFocus } from '../../components/use-first-focus.ts';
import { useFocusInvalid } from '../../components/use-focus-invalid.ts';
import { EMPTY_ACCOUNT, judgeAccount } from '../first-run/new-account-model.ts';
import { PasswordHint } from '../first-run/password-hint.tsx';

/** The own password: the one that holds now, and the new one twice. */
export function ChangePasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const toasts = useToasts();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [complained, setComplained] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const focusInvalid = useFocusInvalid(form);
  const first = useFirstFocus();
  const change = useAction(async () => {
    await call('account.changePassword', { current, next });
    toasts.say('Your password was changed, and that is on record.');
    onClose();
  });
  const judged = judgeAccount({ ...EMPTY_ACCOUNT, password: next, again }, ['password', 'again']);
  const wrong = current === '' || Object.keys(judged).length > 0;
  const problems = complained ? judged : {};
  const refused = isAboutProof(change.error) ? change.error : null;
  const missing = complained && current === '' ? 'Your current password is missing.' : null;
  const submit = async () => {
    setComplained(true);
    if (!wrong && (await change.run())) return;
    focusInvalid();
  };
  return (
    <ModalDialog title="Change your password" dismissable={false} locked={change.busy} onClose={onClose}>
      <form
        ref={form}
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="dialog-body">
          {change.error === null || refused !== null ? null : (
            <ErrorPanel error={change.error} title="Your password was not changed" hint="The old one still holds." />
          )}
          <PasswordField
            ref={first}
            label="Current password"
            autoComplete="current-password"
            value={current}
            busy={change.busy}
            problem={refused === null ? missing : <Refusal error={refused} />}
            onChange={setCurrent}
          />
          <PasswordField
            label="New password"
            autoComplete="new-password"
            value={next}
            busy={change.busy}
            problem={problems.password}
            hint={<PasswordHint password={next} />}
            onChange={setNext}
          />
          <PasswordField
            label="New password again"
            autoComplete="new-password"
            value={again}
            busy={change.busy}
            problem={problems.again}
            onChange={setAgain}
          />
        </div>
        <footer className="dialog-foot">
          <span className="foot-note" />
          <Button look="ghost" disabled={change.busy} onPress={onClose}>
            Cancel
          </Button>
          <Button look="primary" submit busy={change.busy} busyLabel="Changing…">
            Change password
          </Button>
        </footer>
      </form>
    </ModalDialog>
  );
}
