import { type ReactNode, type Ref, useId, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  /** Why what was typed cannot be taken; shown and read out beside the field. */
  readonly problem?: ReactNode;
  readonly type?: 'text' | 'email';
  readonly autoComplete?: string;
  readonly maxLength?: number;
  /** While true nothing can be typed, but the focus stays. */
  readonly busy?: boolean;
  readonly optional?: boolean;
  /** For codes: figures and letters that must not be mistaken. */
  readonly code?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A labelled line of text with its hint and, when there is one, what is wrong with it. */
export function Field(props: FieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} {...props}>
      <FieldInput id={id} {...props} type={props.type ?? 'text'} />
    </FieldFrame>
  );
}

/** A password. It can be made readable: a long one is typed without mistakes only when it can be seen. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'code'>) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <FieldFrame id={id} {...props}>
      <span className="field-row">
        <FieldInput id={id} maxLength={256} {...props} type={shown ? 'text' : 'password'} />
        <AriaButton
          className="field-reveal"
          aria-label={`${shown ? 'Hide' : 'Show'} what is typed as ${props.label.toLowerCase()}`}
          onPress={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </AriaButton>
      </span>
    </FieldFrame>
  );
}

function FieldFrame({
  id,
  label,
  hint,
  problem,
  children,
}: FieldProps & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {isThere(problem) ? (
        <p id={`${id}-problem`} className="hint hint-bad" role="alert">
          {problem}
        </p>
      ) : null}
      {isThere(hint) ? (
        <div id={`${id}-hint`} className="hint">
          {hint}
        </div>
      ) : null}
    </div>
  );
}

function FieldInput({ id, type, ...props }: Omit<FieldProps, 'type'> & { readonly id: string; readonly type: string }) {
  const wrong = isThere(props.problem);
  const told = [wrong ? `${id}-problem` : '', isThere(props.hint) ? `${id}-hint` : ''].filter((name) => name !== '');
  return (
    <input
      id={id}
      ref={props.ref}
      type={type}
      className={props.code === true ? 'input input-code' : 'input'}
      value={props.value}
      readOnly={props.busy ?? false}
      maxLength={props.maxLength}
      autoComplete={props.autoComplete ?? 'off'}
      autoCapitalize="off"
      spellCheck={false}
      aria-required={props.optional !== true}
      aria-invalid={wrong}
      {...(told.length === 0 ? {} : { 'aria-describedby': told.join(' ') })}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

function isThere(content: ReactNode): boolean {
  return content !== undefined && content !== null && content !== false && content !== '';
}
