import { type ReactNode, useId, useRef, useState } from 'react';
import type { Reauthentication } from '#shared/model/access.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button, type ButtonLook } from '../../components/button.tsx';
import { isAboutProof } from '../../components/refusal.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { judgeJustification, LONGEST } from './decision-model.ts';
import { judgeProof, NO_PROOF, ProofFields } from './proof-fields.tsx';

export interface Answer<K extends string> {
  readonly key: K;
  readonly label: string;
  readonly look: ButtonLook;
  /** Given only by somebody who shows at this moment who they are. */
  readonly guarded: boolean;
}

export interface Justified {
  readonly justification: string;
  readonly proof: Reauthentication;
}

interface JustifiedFormProps<K extends string> {
  /** Those this person may give, in the order of their buttons. Without one the form only closes. */
  readonly answers: readonly Answer<K>[];
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly describe: (error: UiError) => { readonly title: string; readonly hint: string };
  /** Beside the buttons: what doing nothing means, or how long there is. */
  readonly note: string;
  /** The note for those who hear it, when it counts down. */
  readonly timer?: string;
  readonly closeLabel: string;
  /** What stands before the justification; fields among it begin with the focus and tell their own problem once asked. */
  readonly before?: ReactNode | ((told: boolean) => ReactNode);
  /** Why the fields before cannot be taken yet. */
  readonly problem?: string | null;
  readonly hint?: string;
  readonly onAnswer: (key: K, given: Justified) => void;
  readonly onClose: () => void;
}

const SEALED = 'It will be sealed in the record: shown to you, withheld or disclosed in exports as you choose.';

/**
 * A justification, a proof of who decides, and the answers. None can be given by accident: the focus starts in the text,
 * Enter sends nothing, and what is missing is said where it is missing.
 */
export function JustifiedForm<K extends string>({ answers, busy, error, ...props }: JustifiedFormProps<K>) {
  const [justification, setJustification] = useState('');
  const [proof, setProof] = useState<Reauthentication>(NO_PROOF);
  const [asked, setAsked] = useState<K | null>(null);
  const [complained, setComplained] = useState<'nothing' | 'text' | 'proof'>('nothing');
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const ownFields = props.problem !== undefined;
  const before = typeof props.before === 'function' ? props.before(complained !== 'nothing') : props.before;
  const problem = judgeJustification(justification);
  const told = complained !== 'nothing' && problem !== null;
  const guarded = answers.filter((answer) => answer.guarded);

  const give = (answer: Answer<K>) => {
    const wrong = (props.problem ?? null) !== null ? 'textarea' : problem === null ? null : '.decision-fields textarea';
    if (wrong !== null) {
      setComplained('text');
      form.current?.querySelector<HTMLElement>(wrong)?.focus();
      return;
    }
    if (answer.guarded && judgeProof(proof) !== null) {
      setComplained('proof');
      form.current?.querySelector<HTMLElement>('.proof .input')?.focus();
      return;
    }
    setAsked(answer.key);
    props.onAnswer(answer.key, { justification: justification.trim(), proof });
  };

  return (
    <form ref={form} className="decision" onSubmit={(event) => event.preventDefault()}>
      {error === null || isAboutProof(error) ? null : <ErrorPanel error={error} {...props.describe(error)} />}
      {before === undefined ? null : <div className="decision-before">{before}</div>}
      {answers.length === 0 ? null : (
        <div className="decision-fields">
          <div className="decision-why">
            <label htmlFor={`${id}-why`}>Why (goes on record)</label>
            <textarea
              id={`${id}-why`}
              // biome-ignore lint/a11y/noAutofocus: the focus must not start on a button that decides
              autoFocus={!ownFields}
              rows={2}
              maxLength={LONGEST}
              readOnly={busy}
              value={justification}
              aria-required="true"
              aria-describedby={`${id}-hint`}
              aria-invalid={told}
              onChange={(event) => setJustification(event.target.value)}
            />
            <p id={`${id}-hint`} className={told ? 'hint hint-bad' : 'hint'} aria-live={told ? 'assertive' : 'off'}>
              {problem ?? props.hint ?? SEALED}
            </p>
          </div>
          {guarded.length === 0 ? null : (
            <div className="decision-proof">
              <ProofFields
                value={proof}
                onChange={setProof}
                busy={busy}
                error={error}
                complained={complained === 'proof'}
              />
              {guarded.length === answers.length ? null : (
                <p className="hint">Needed to {guarded.map(({ label }) => label.toLowerCase()).join(' or ')} only.</p>
              )}
            </div>
          )}
        </div>
      )}
      <footer className="dialog-foot">
        <span
          className="foot-note num"
          {...(props.timer === undefined ? {} : { role: 'timer', 'aria-label': props.timer })}
        >
          {busy ? 'Recording…' : props.note}
        </span>
        <Button look="ghost" disabled={busy} onPress={props.onClose}>
          {answers.length === 0 ? 'Close' : props.closeLabel}
        </Button>
        {answers.map((answer) => (
          <Button
            key={answer.key}
            look={answer.look}
            busy={busy && asked === answer.key}
            busyLabel="Recording…"
            disabled={busy && asked !== answer.key}
            describedBy={`${id}-hint`}
            onPress={() => give(answer)}
          >
            {answer.label}
          </Button>
        ))}
      </footer>
    </form>
  );
}
