import { useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { EntryForm } from '../../components/entry-form.tsx';
import { PasswordField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { isAboutProof, Refusal } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useFirstFocus } from '../../components/use-first-focus.ts';
import { EntryFrame } from '../first-run/entry-frame.tsx';

/** The session goes on after the password. What was on the screen is not behind this: it is not there any more. */
export function LockScreen() {
  const { state, accept } = useAccess();
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useFirstFocus();
  const unlock = useAction(async () => accept(await call('access.unlock', { password })));
  const leave = useAction(async () => accept(await call('access.signOut', { everywhere: false })));
  const refused = isAboutProof(unlock.error) ? unlock.error : null;
  const submit = async () => {
    setMissing(password === '');
    if (password !== '' && (await unlock.run())) return;
    field.current?.focus();
    field.current?.select();
  };
  return (
    <EntryFrame
      page="Locked"
      title="Locked"
      lead={
        <p className="wrap">
          {state.person === null ? 'Somebody' : <strong>{state.person.name}</strong>} is signed in
          {state.workspace === null ? '' : ` to “${state.workspace.title}”`}. What was open is hidden until the password
          is given; work that was running goes on.
        </p>
      }
      takeFocus={false}
      ways={
        <div className="stack-tight">
          {leave.error === null ? null : <ErrorPanel error={leave.error} title="Nobody was signed out" />}
          <div>
            <Button busy={leave.busy} busyLabel="Signing out…" onPress={() => void leave.run()}>
              Sign in as somebody else
            </Button>
          </div>
        </div>
      }
    >
      <Panel title="Unlock">
        <EntryForm onSubmit={submit}>
          {unlock.error === null || refused !== null ? null : (
            <ErrorPanel error={unlock.error} title="It stays locked" />
          )}
          <PasswordField
            ref={field}
            label="Password"
            autoComplete="current-password"
            value={password}
            busy={unlock.busy}
            problem={
              refused !== null ? (
                <Refusal error={refused} />
              ) : missing && password === '' ? (
                'Your password is missing.'
              ) : null
            }
            onChange={setPassword}
          />
          <div className="entry-actions">
            <Button look="primary" submit busy={unlock.busy} busyLabel="Checking…">
              Unlock
            </Button>
          </div>
        </EntryForm>
      </Panel>
    </EntryFrame>
  );
}
