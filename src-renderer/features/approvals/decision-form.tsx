import { useId, useState } from 'react';
import type { Remediation } from '#shared/model/investigation.ts';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/now.ts';
import { ErrorPanel } from '../../components/states.tsx';
import { formatCountdown, spellCountdown } from '../../format/times.ts';
import { describeFailure, judgeJustification, LONGEST, whyClosed } from './decision-model.ts';

export type Decide = (answer: { readonly decision: 'approve' | 'reject'; readonly justification: string }) => void;

interface DecisionFormProps {
  readonly remediation: Remediation;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly onDecide: Decide;
  readonly onClose: () => void;
}

/** The justification and the two answers. Neither can be given by accident: the focus starts in the text. */
export function DecisionForm({ remediation, busy, error, onDecide, onClose }: DecisionFormProps) {
  const [justification, setJustification] = useState('');
  const [asked, setAsked] = useState<'approve' | 'reject' | null>(null);
  const [complained, setComplained] = useState(false);
  const now = useNow(1000);
  const id = useId();
  const closed = whyClosed(remediation, now);
  const problem = judgeJustification(justification);
  const left = Date.parse(remediation.expiresAt) - now;

  const answer = (decision: 'approve' | 'reject') => {
    if (problem !== null) {
      setComplained(true);
      document.getElementById(`${id}-why`)?.focus();
      return;
    }
    setAsked(decision);
    onDecide({ decision, justification: justification.trim() });
  };

  return (
    <form className="decision" onSubmit={(event) => event.preventDefault()}>
      {error === null ? null : <ErrorPanel error={error} {...describeFailure(error)} />}
      <label htmlFor={`${id}-why`}>Why (goes on record)</label>
      <textarea
        id={`${id}-why`}
        // biome-ignore lint/a11y/noAutofocus: the focus must not start on a button that decides
        autoFocus
        rows={2}
        maxLength={LONGEST}
        readOnly={busy || closed !== null}
        value={justification}
        aria-required="true"
        aria-describedby={`${id}-hint`}
        aria-invalid={complained && problem !== null}
        onChange={(event) => setJustification(event.target.value)}
      />
      <p
        id={`${id}-hint`}
        className={complained && problem !== null ? 'hint hint-bad' : 'hint'}
        aria-live={complained ? 'assertive' : 'off'}
      >
        {problem ?? 'It will be sealed in the record: shown to you, withheld or disclosed in exports as you choose.'}
      </p>
      <footer className="dialog-foot">
        <span className="foot-note num" role="timer" aria-label={timerLabel(closed, left)}>
          {busy ? 'Recording…' : (closed ?? `Doing nothing means no: it expires in ${formatCountdown(left)}`)}
        </span>
        <Button look="ghost" disabled={busy} onPress={onClose}>
          {closed === null ? 'Decide later' : 'Close'}
        </Button>
        {closed !== null ? null : (
          <>
            <Button
              look="reject"
              busy={busy && asked === 'reject'}
              busyLabel="Recording…"
              disabled={busy && asked !== 'reject'}
              describedBy={`${id}-hint`}
              onPress={() => answer('reject')}
            >
              Reject
            </Button>
            <Button
              look="approve"
              busy={busy && asked === 'approve'}
              busyLabel="Recording…"
              disabled={busy && asked !== 'approve'}
              describedBy={`${id}-hint`}
              onPress={() => answer('approve')}
            >
              Approve
            </Button>
          </>
        )}
      </footer>
    </form>
  );
}

function timerLabel(closed: string | null, left: number): string {
  return closed ?? `Doing nothing means no: it expires in ${spellCountdown(left)}`;
}
