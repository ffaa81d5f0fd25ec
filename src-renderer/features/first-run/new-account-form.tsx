import { type ReactNode, useRef, useState } from 'react';
import type { UiError } from '../../bridge/ui-error.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { Field, PasswordField } from '../../components/field.tsx';
import { isAboutProof, Refusal } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useFocusInvalid } from '../../components/use-focus-invalid.ts';
import { type AccountField, judgeAccount, type NewAccount } from './new-account-model.ts';
import { PasswordHint } from './password-hint.tsx';

interface NewAccountFormProps {
  readonly account: NewAccount;
  readonly onChange: (account: NewAccount) => void;
  /** Asked for besides name, e-mail address and password: an invitation fixes the address. */
  readonly asks: readonly AccountField[];
  readonly action: string;
  readonly busyLabel: string;
  readonly failed: string;
  readonly perform: (account: NewAccount) => Promise<void>;
  readonly children?: ReactNode;
}

/** Who comes to a workspace for the first time: its maker, its owner, or somebody who was invited. */
export function NewAccountForm({ account, onChange, asks, children, ...props }: NewAccountFormProps) {
  const [complained, setComplained] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const focusInvalid = useFocusInvalid(form);
  const action = useAction(props.perform);
  const problems = complained ? judgeAccount(account, asks) : {};
  const atCode = asks.includes('code') && isAboutCode(action.error) ? action.error : null;

  const submit = async () => {
    if (Object.keys(judgeAccount(account, asks)).length > 0) {
      setComplained(true);
      focusInvalid();
      return;
    }
    if (!(await action.run(account))) focusInvalid();
  };
  const field = (name: AccountField) => ({
    value: account[name],
    busy: action.busy,
    problem: problems[name],
    onChange: (value: string) => onChange({ ...account, [name]: value }),
  });

  return (
    <form
      ref={form}
      className="entry-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      {action.error === null || atCode !== null ? null : (
        <ErrorPanel error={action.error} title={props.failed} hint="What you typed is kept." />
      )}
      {asks.includes('title') ? (
        <Field label="Name of the workspace" maxLength={100} autoComplete="organization" {...field('title')} />
      ) : null}
      {asks.includes('code') ? (
        <Field
          label="Code of the invitation"
          code
          maxLength={64}
          hint="It was shown once to whoever invited you, and works once."
          {...field('code')}
          {...(atCode === null ? {} : { problem: <Refusal error={atCode} /> })}
        />
      ) : null}
      <Field label="Your name" maxLength={100} autoComplete="name" {...field('name')} />
      {asks.includes('email') ? (
        <Field
          label="Your e-mail address"
          type="email"
          maxLength={254}
          autoComplete="username"
          hint="You sign in with it. Nothing is ever sent to it."
          {...field('email')}
        />
      ) : null}
      <PasswordField
        label="Password"
        autoComplete="new-password"
        hint={<PasswordHint password={account.password} />}
        {...field('password')}
      />
      <PasswordField label="Password again" autoComplete="new-password" {...field('again')} />
      <div className="entry-actions">
        <Button look="primary" submit busy={action.busy} busyLabel={props.busyLabel}>
          {props.action}
        </Button>
      </div>
    </form>
  );
}

/** Refusals that are about the code of an invitation: a wrong or used one is denied. */
function isAboutCode(error: UiError | null): error is UiError {
  return error !== null && (error.code === 'denied' || isAboutProof(error));
}
