import { useState } from 'react';
import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { useNow } from '../../components/now.ts';
import { formatCountdown, spellCountdown } from '../../format/times.ts';
import type { ApprovalAnswer } from './decision-model.ts';
import { ForeignFacts } from './foreign-facts.tsx';
import { type Answer, type Justified, JustifiedForm } from './justified-form.tsx';
import { RecordedNote } from './recorded-note.tsx';

const ANSWERS: readonly Answer<ApprovalAnswer>[] = [
  { key: 'reject', label: 'Reject and save answer…', look: 'reject', guarded: true },
  { key: 'approve', label: 'Approve and save answer…', look: 'approve', guarded: true },
];

const describe = () => ({
  title: 'No answer was written',
  hint: 'What you typed is kept. Nothing was decided.',
});

/** Somebody else's request, decided here: signed with this device's key, and counted only where that key is registered. */
export function ForeignRequestDialog({
  request,
  onClose,
}: {
  readonly request: ForeignRequest;
  readonly onClose: () => void;
}) {
  const [saved, setSaved] = useState<{ readonly decision: ApprovalAnswer; readonly file: string } | null>(null);
  const now = useNow(1000);
  const left = Date.parse(request.expiresAt) - now;
  const over = left <= 0;
  const answer = useAction(async (decision: ApprovalAnswer, { justification, proof }: Justified) => {
    const result = await call('approvals.answerRequest', {
      digest: request.digest,
      decision,
      justification,
      reauthentication: proof,
    });
    if (!result.cancelled) setSaved({ decision, file: result.value.file });
  });
  return (
    <ModalDialog
      title={`${request.plan.summary.replace(/[.?!]$/, '')}?`}
      lead="A request from another console, by file. Compare its key id with what its owner tells you by voice or in person before you answer."
      size="large"
      locked={answer.busy}
      dismissable={false}
      onClose={onClose}
    >
      {saved === null ? (
        <>
          <ForeignFacts request={request} />
          <JustifiedForm
            answers={over ? [] : ANSWERS}
            busy={answer.busy}
            error={answer.error}
            describe={describe}
            note={
              over
                ? 'Its time is over: an answer would be refused.'
                : `Doing nothing means no: it expires in ${formatCountdown(left)}`
            }
            timer={over ? 'Its time is over' : `Doing nothing means no: it expires in ${spellCountdown(left)}`}
            closeLabel="Decide later"
            hint="It goes into the answer, and is sealed in the record of the console that asked."
            onAnswer={(decision, given) => void answer.run(decision, given)}
            onClose={onClose}
          />
        </>
      ) : (
        <RecordedNote
          title={saved.decision === 'approve' ? 'Approved: the answer is written' : 'Rejected: the answer is written'}
          onClose={onClose}
        >
          <p>
            Send <code className="wrap">{saved.file}</code> back to who asked. It counts there only while there is time,
            and only if your device's key is registered there.
          </p>
        </RecordedNote>
      )}
    </ModalDialog>
  );
}
