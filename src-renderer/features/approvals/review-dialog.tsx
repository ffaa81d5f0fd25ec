import { useState } from 'react';
import type { DueReview } from '#shared/ipc/approval-views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatRoute } from '../../navigation/route.ts';
import { describeFailure } from './decision-model.ts';
import { type Answer, type Justified, JustifiedForm } from './justified-form.tsx';
import { RecordedNote } from './recorded-note.tsx';

type Verdict = 'not-justified' | 'justified';

const ANSWERS: readonly Answer<Verdict>[] = [
  { key: 'not-justified', label: 'Not justified', look: 'reject', guarded: true },
  { key: 'justified', label: 'Justified', look: 'approve', guarded: true },
];

interface ReviewDialogProps {
  readonly review: DueReview;
  readonly onReviewed: () => void;
  readonly onClose: () => void;
}

/** Another person's judgement on what one approved alone. It undoes nothing; it goes on record beside it for good. */
export function ReviewDialog({ review, onReviewed, onClose }: ReviewDialogProps) {
  const [given, setGiven] = useState<Verdict | null>(null);
  const answer = useAction(async (verdict: Verdict, { justification, proof }: Justified) => {
    await call('approvals.review', { record: review.record, verdict, justification, reauthentication: proof });
    setGiven(verdict);
    onReviewed();
  });
  return (
    <ModalDialog
      title="Was it right to break the glass?"
      lead="Your judgement undoes nothing. It stands beside the approval on record, for good."
      size="large"
      locked={answer.busy}
      dismissable={false}
      onClose={onClose}
    >
      {given === null ? (
        <>
          <div className="dialog-body">
            <dl className="facts facts-wide">
              <dt>Done</dt>
              <dd>{review.summary}</dd>
              <dt>Approved by</dt>
              <dd>
                {review.byName} (<code>{review.by}</code>), alone, <TimeText iso={review.at} />
              </dd>
              <dt>Why not wait</dt>
              <dd>{review.reason}</dd>
              <dt>Incident</dt>
              <dd>
                <a href={formatRoute({ screen: 'incident', incident: review.incident })}>{review.incident}</a>, proposal{' '}
                <code>{review.remediation}</code>
              </dd>
              <dt>Record</dt>
              <dd>
                <HashText value={review.record} what="Hash of the approval's record" />
              </dd>
            </dl>
          </div>
          <JustifiedForm
            answers={ANSWERS}
            busy={answer.busy}
            error={answer.error}
            describe={describeFailure}
            note="It stays due until somebody judges it."
            closeLabel="Judge later"
            onAnswer={(verdict, justified) => void answer.run(verdict, justified)}
            onClose={onClose}
          />
        </>
      ) : (
        <RecordedNote title={`Recorded: ${given === 'justified' ? 'justified' : 'not justified'}`} onClose={onClose}>
          The review is durable in the chain, and nothing is due for this approval any more.
        </RecordedNote>
      )}
    </ModalDialog>
  );
}
