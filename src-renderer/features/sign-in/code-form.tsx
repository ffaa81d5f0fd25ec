import { useState } from 'react';
import { SecondFactor } from '#shared/model/access.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button } from '../../components/button.tsx';
import { EntryForm } from '../../components/entry-form.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { isAboutProof, Refusal } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useFirstFocus } from '../../components/use-first-focus.ts';

interface CodeFormProps {
  readonly email: string;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly onCode: (code: string) => Promise<boolean>;
  readonly onStartAgain: () => void;
}

/** The second step: a code of the authenticator, or one of the recovery codes. */
export function CodeForm({ email, busy, error, onCode, onStartAgain }: CodeFormProps) {
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState('');
  const [complained, setComplained] = useState(false);
  const field = useFirstFocus();
  const typed = recovery ? code.trim() : code.replaceAll(' ', '');
  const wrong = recovery ? !SecondFactor.safeParse(typed).success : !/^\d{6}$/.test(typed);
  const refused = isAboutProof(error) ? error : null;
  const submit = async () => {
    setComplained(true);
    if (!wrong && (await onCode(typed))) return;
    field.current?.focus();
    field.current?.select();
  };
  const missing = recovery ? 'Type one of your recovery codes that was not used yet.' : 'The code has six digits.';
  return (
    <Panel title="Second factor">
      <EntryForm onSubmit={submit}>
        <p className="wrap">
          The password of <strong>{email}</strong> is right. Now your second factor.
        </p>
        {error === null || refused !== null ? null : <ErrorPanel error={error} title="You were not signed in" />}
        <Field
          ref={field}
          label={recovery ? 'Recovery code' : 'Six-digit code of your authenticator'}
          code
          maxLength={32}
          autoComplete={recovery ? 'off' : 'one-time-code'}
          value={code}
          busy={busy}
          problem={refused !== null ? <Refusal error={refused} /> : complained && wrong ? missing : null}
          hint={recovery ? 'Each works once.' : undefined}
          onChange={setCode}
        />
        <div className="entry-actions">
          <Button look="primary" submit busy={busy} busyLabel="Checking…">
            Sign in
          </Button>
          <Button
            onPress={() => {
              setRecovery(!recovery);
              setCode('');
              setComplained(false);
              field.current?.focus();
            }}
          >
            {recovery ? 'Use the authenticator' : 'Use a recovery code'}
          </Button>
          <Button look="ghost" onPress={onStartAgain}>
            Start again
          </Button>
        </div>
      </EntryForm>
    </Panel>
  );
}
