import { useEffect, useRef, useState } from 'react';
import { Email } from '#shared/model/access.ts';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { EntryForm } from '../../components/entry-form.tsx';
import { Field, PasswordField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { isAboutProof, Refusal } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useFirstFocus } from '../../components/use-first-focus.ts';
import { ExampleFacts } from '../first-run/example-panel.tsx';
import type { Example } from '../first-run/use-example.ts';
import { CodeForm } from './code-form.tsx';

/** E-mail address and password; then, where there is a second factor, a code of it. Of an example both are told. */
export function SignInForm({ example }: { readonly example?: Example }) {
  const { accept } = useAccess();
  const [email, setEmail] = useState(example?.email ?? '');
  const [password, setPassword] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [complained, setComplained] = useState(false);
  const emailField = useFirstFocus();
  const passwordField = useRef<HTMLInputElement>(null);
  const again = useRef(false);
  useEffect(() => {
    if (!asksCode && again.current) passwordField.current?.focus();
  }, [asksCode]);
  useEffect(() => {
    if (example !== undefined) passwordField.current?.focus();
  }, [example]);

  const signIn = useAction(async (code: string | null) => {
    const typed = { email: email.trim(), password };
    const answer = await call('access.signIn', code === null ? typed : { ...typed, code });
    if (answer.step === 'done') accept(answer.state);
    else setAsksCode(true);
  });
  const startAgain = () => {
    signIn.clear();
    setPassword('');
    setAsksCode(false);
    setComplained(false);
    again.current = true;
  };
  if (asksCode) {
    return (
      <CodeForm
        email={email.trim()}
        busy={signIn.busy}
        error={signIn.error}
        onCode={signIn.run}
        onStartAgain={startAgain}
      />
    );
  }

  const wrongEmail = !Email.safeParse(email.trim()).success;
  const refused = isAboutProof(signIn.error) ? signIn.error : null;
  const submit = async () => {
    setComplained(true);
    if (wrongEmail) return emailField.current?.focus();
    if (password !== '') await signIn.run(null);
    passwordField.current?.focus();
    passwordField.current?.select();
  };
  return (
    <Panel title="Sign in">
      <EntryForm onSubmit={submit}>
        {signIn.error === null || refused !== null ? null : (
          <ErrorPanel error={signIn.error} title="You were not signed in" />
        )}
        {example === undefined ? null : <ExampleFacts example={example} />}
        <Field
          ref={emailField}
          label="E-mail address"
          type="email"
          maxLength={254}
          autoComplete="username"
          value={email}
          busy={signIn.busy}
          problem={complained && wrongEmail ? 'This is not an e-mail address, such as name@example.org.' : null}
          onChange={setEmail}
        />
        <PasswordField
          ref={passwordField}
          label="Password"
          autoComplete="current-password"
          value={password}
          busy={signIn.busy}
          problem={
            refused !== null ? (
              <Refusal error={refused} />
            ) : complained && !wrongEmail && password === '' ? (
              'Your password is missing.'
            ) : null
          }
          onChange={setPassword}
        />
        <div className="entry-actions">
          <Button look="primary" submit busy={signIn.busy} busyLabel="Checking…">
            Sign in
          </Button>
        </div>
      </EntryForm>
    </Panel>
  );
}
