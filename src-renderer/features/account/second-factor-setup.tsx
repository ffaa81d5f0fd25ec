import { useEffect, useRef, useState } from 'react';
import type { SecondFactorSetup as Setup } from '#shared/ipc/access-views.ts';
import { call } from '../../bridge/call.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { EntryForm } from '../../components/entry-form.tsx';
import { Field, PasswordField } from '../../components/field.tsx';
import { CopyButton } from '../../components/hash-text.tsx';
import { isAboutProof, Refusal } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { QrCode } from './qr-code.tsx';
import { groupSecret } from './qr-path.ts';
import { RecoveryCodesView } from './recovery-codes.tsx';

interface SecondFactorSetupProps {
  /** Known where it was just chosen; asked for otherwise. */
  readonly password?: string;
  /** From here on it counts, and the recovery codes are on the screen. */
  readonly onConfirmed?: () => void;
  readonly onDone: () => void;
}

/** Sets up an authenticator: password, QR code and a code of it, recovery codes. It counts only once a code was right. */
export function SecondFactorSetup({ password, onConfirmed, onDone }: SecondFactorSetupProps) {
  const [setup, setSetup] = useState<Setup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes !== null) return <RecoveryCodesView codes={codes} onKept={onDone} />;
  if (setup !== null)
    return (
      <ConfirmCode
        setup={setup}
        onConfirmed={(made) => {
          setCodes(made);
          onConfirmed?.();
        }}
      />
    );
  return <BeginSetup password={password} onBegun={setSetup} />;
}

interface BeginSetupProps {
  readonly password: string | undefined;
  readonly onBegun: (setup: Setup) => void;
}

function BeginSetup({ password: known, onBegun }: BeginSetupProps) {
  const [password, setPassword] = useState(known ?? '');
  const [asks, setAsks] = useState(known === undefined);
  const [missing, setMissing] = useState(false);
  const begin = useAction(async () => {
    try {
      onBegun(await call('account.beginSecondFactor', { password }));
    } catch (failure) {
      setAsks(true); // what was chosen before is not taken for granted any more
      throw failure;
    }
  });
  const refused = isAboutProof(begin.error) ? begin.error : null;
  const absent = missing && password === '' ? 'Your password is missing.' : null;
  return (
    <form
      className="entry-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(password === '');
        if (password !== '') void begin.run();
      }}
    >
      <p>
        An authenticator app on your phone or computer shows a new six-digit code every 30 seconds. With it, somebody
        who learns your password still cannot sign in in your name.
      </p>
      {begin.error === null || refused !== null ? null : (
        <ErrorPanel error={begin.error} title="The authenticator was not set up" />
      )}
      {asks ? (
        <PasswordField
          label="Your password, to confirm that it is you"
          autoComplete="current-password"
          value={password}
          busy={begin.busy}
          problem={refused === null ? absent : <Refusal error={refused} />}
          onChange={setPassword}
        />
      ) : null}
      <div className="entry-actions">
        <Button look="primary" submit busy={begin.busy} busyLabel="Making a secret…">
          Set up an authenticator
        </Button>
      </div>
    </form>
  );
}

function isWrongCode(error: UiError): boolean {
  return error.code === 'bad-input' || error.code === 'denied';
}

interface ConfirmCodeProps {
  readonly setup: Setup;
  readonly onConfirmed: (codes: readonly string[]) => void;
}

function ConfirmCode({ setup, onConfirmed }: ConfirmCodeProps) {
  const [code, setCode] = useState('');
  const [complained, setComplained] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const confirm = useAction(async () => {
    onConfirmed((await call('account.confirmSecondFactor', { code: code.replaceAll(' ', '') })).codes);
  });
  useEffect(() => field.current?.focus(), []);
  const right = /^\d{6}$/.test(code.replaceAll(' ', ''));
  const { error } = confirm;
  const refused = error !== null && (isAboutProof(error) || isWrongCode(error)) ? error : null;
  const absent = complained && !right ? 'The code has six digits.' : null;
  const problem = refused === null ? absent : <Refusal error={refused} />;
  const submit = async () => {
    setComplained(true);
    if (right && (await confirm.run())) return;
    field.current?.focus();
    field.current?.select();
  };
  return (
    <EntryForm onSubmit={submit}>
      <div className="second-factor">
        <QrCode text={setup.uri} label="QR code for your authenticator app" />
        <div className="stack-tight">
          <p>Scan this with your authenticator app, or type the secret into it:</p>
          <code className="secret">{groupSecret(setup.secret)}</code>
          <div className="entry-actions">
            <CopyButton value={setup.secret} what="Secret" />
          </div>
        </div>
      </div>
      {error === null || refused !== null ? null : <ErrorPanel error={error} title="The code could not be checked" />}
      <Field
        ref={field}
        label="The six-digit code it shows now"
        code
        autoComplete="one-time-code"
        maxLength={16}
        value={code}
        busy={confirm.busy}
        problem={problem}
        hint="The authenticator counts from here on only when this code is right."
        onChange={setCode}
      />
      <div className="entry-actions">
        <Button look="primary" submit busy={confirm.busy} busyLabel="Checking the code…">
          Confirm
        </Button>
      </div>
    </EntryForm>
  );
}
