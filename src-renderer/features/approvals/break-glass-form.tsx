import { useId, useState } from 'react';
import type { UiError } from '../../bridge/ui-error.ts';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { describeFailure, judgeJustification, LONGEST } from './decision-model.ts';
import { type Justified, JustifiedForm } from './justified-form.tsx';

interface BreakGlassFormProps {
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly onApprove: (reason: string, given: Justified) => void;
  readonly onClose: () => void;
}

/** Approving alone. It looks like nothing else here: what it takes, and what comes after it, stand before the fields. */
export function BreakGlassForm({ busy, error, onApprove, onClose }: BreakGlassFormProps) {
  const [reason, setReason] = useState('');
  const id = useId();
  const problem = judgeJustification(reason);
  return (
    <JustifiedForm
      answers={[{ key: 'alone', label: 'Approve alone', look: 'reject', guarded: true }]}
      busy={busy}
      error={error}
      describe={describeFailure}
      note="It is recorded as break-glass."
      closeLabel="Back"
      problem={problem}
      before={(told) => (
        <>
          <div className="glass" role="note">
            <ShapeIcon shape="bang" />
            <div>
              <strong>Break glass: you approve alone, without a second person.</strong>
              <p>
                It is marked as that on record for good. Another person must review it afterwards and say whether it was
                justified; until then it stands as due on everybody's screen.
              </p>
            </div>
          </div>
          <div className="decision-why">
            <label htmlFor={`${id}-reason`}>Why it cannot wait for a second person (goes on record)</label>
            <textarea
              id={`${id}-reason`}
              rows={2}
              maxLength={LONGEST}
              readOnly={busy}
              value={reason}
              // biome-ignore lint/a11y/noAutofocus: the focus must not start on a button that decides
              autoFocus
              aria-required="true"
              aria-invalid={told && problem !== null}
              {...(told && problem !== null ? { 'aria-describedby': `${id}-hint` } : {})}
              onChange={(event) => setReason(event.target.value)}
            />
            {told && problem !== null ? (
              <p id={`${id}-hint`} className="hint hint-bad" role="alert">
                {problem}
              </p>
            ) : null}
          </div>
        </>
      )}
      onAnswer={(_, given) => onApprove(reason.trim(), given)}
      onClose={onClose}
    />
  );
}
