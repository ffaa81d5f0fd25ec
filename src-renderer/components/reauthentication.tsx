import { useId } from 'react';
import type { Reauthentication } from '#shared/model/access.ts';
import { useAccess } from '../bridge/access-provider.tsx';
import type { UiError } from '../bridge/ui-error.ts';
import { Field, PasswordField } from './field.tsx';
import { isAboutProof, Refusal } from './refusal.tsx';

export interface ReauthenticationFieldsProps {
  readonly value: Reauthentication;
  readonly onChange: (value: Reauthentication) => void;
  readonly disabled?: boolean;
  /** What the last attempt failed with; shown here when it is about the proof, see `isAboutProof`. */
  readonly error?: UiError | null;
  /** Why the value cannot be sent yet, once that is to be told. */
  readonly problem?: string | null;
}

/** Who one is, shown once more at this very moment: the password or, where there is an authenticator, a code of it. */
export function ReauthenticationFields(props: ReauthenticationFieldsProps) {
  const { value, onChange, disabled = false, error = null } = props;
  const { person } = useAccess().state;
  const name = useId();
  const problem = isAboutProof(error) ? <Refusal error={error} /> : props.problem;
  return (
    <div className="proof">
      {person?.secondFactor === true ? (
        <fieldset className="choice">
          <legend>Confirm that it is you, with</legend>
          <label>
            <input
              type="radio"
              name={name}
              disabled={disabled}
              checked={value.method === 'password'}
              onChange={() => onChange({ method: 'password', password: '' })}
            />
            Password
          </label>
          <label>
            <input
              type="radio"
              name={name}
              disabled={disabled}
              checked={value.method === 'totp'}
              onChange={() => onChange({ method: 'totp', code: '' })}
            />
            Authenticator code
          </label>
        </fieldset>
      ) : null}
      {value.method === 'password' ? (
        <PasswordField
          label={person?.secondFactor === true ? 'Password' : 'Your password, to confirm that it is you'}
          autoComplete="current-password"
          value={value.password}
          busy={disabled}
          problem={problem}
          onChange={(password) => onChange({ method: 'password', password })}
        />
      ) : (
        <Field
          label="Six-digit code"
          autoComplete="one-time-code"
          code
          maxLength={32}
          value={value.code}
          busy={disabled}
          problem={problem}
          onChange={(code) => onChange({ method: 'totp', code })}
        />
      )}
    </div>
  );
}
