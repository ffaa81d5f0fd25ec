import { useState } from 'react';
import type { ReviewDecision } from '#shared/model/control.ts';
import { call } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { ModalDialog } from '../../../components/modal-dialog.tsx';
import { formatRoute } from '../../../navigation/route.ts';
import { describeFailure } from '../../approvals/decision-model.ts';
import { type Answer, type Justified, JustifiedForm } from '../../approvals/justified-form.tsx';
import { RecordedNote } from '../../approvals/recorded-note.tsx';
import { DECISION_WORDS } from '../compliance-words.ts';
import type { Subject } from './review-progress.ts';

const LOOKS = { keep: 'plain', change: 'plain', revoke: 'reject' } as const;
const ANSWERS: readonly Answer<ReviewDecision>[] = (['revoke', 'change', 'keep'] as const).map((key) => ({
  key,
  label: DECISION_WORDS[key].word,
  look: LOOKS[key],
  guarded: true,
}));

interface DecideDialogProps {
  readonly campaign: string;
  readonly subject: Subject;
  readonly onDecided: () => void;
  readonly onClose: () => void;
}

/** What becomes of somebody's access. Closing it decides nothing. */
export function DecideDialog({ campaign, subject, onDecided, onClose }: DecideDialogProps) {
  const [recorded, setRecorded] = useState<ReviewDecision | null>(null);
  const decide = useAction(async (decision: ReviewDecision, { justification, proof }: Justified) => {
    await call('reviews.decide', {
      campaign,
      subject: subject.id,
      decision,
      note: justification,
      reauthentication: proof,
    });
    setRecorded(decision);
    onDecided();
  });
  return (
    <ModalDialog
      title={`Does ${subject.name} keep this access?`}
      lead="It is decided over the access of the moment the review was opened."
      size="large"
      locked={decide.busy}
      dismissable={false}
      onClose={onClose}
    >
      {recorded === null ? (
        <>
          <div className="dialog-body">
            <dl className="facts facts-wide">
              <dt>Account</dt>
              <dd>
                <code>{subject.id}</code>
              </dd>
              <dt>Role then</dt>
              <dd className="capital">{subject.role}</dd>
              <dt>Role now</dt>
              <dd className="capital">{subject.roleNow ?? 'no access any more'}</dd>
            </dl>
          </div>
          <JustifiedForm
            answers={ANSWERS}
            busy={decide.busy}
            error={decide.error}
            describe={describeFailure}
            note="Doing nothing decides nothing."
            closeLabel="Decide later"
            onAnswer={(decision, given) => void decide.run(decision, given)}
            onClose={onClose}
          />
        </>
      ) : (
        <Recorded decision={recorded} subject={subject} onClose={onClose} />
      )}
    </ModalDialog>
  );
}

interface RecordedProps {
  readonly decision: ReviewDecision;
  readonly subject: Subject;
  readonly onClose: () => void;
}

function Recorded({ decision, subject, onClose }: RecordedProps) {
  if (decision === 'keep' || subject.roleNow === null) {
    return (
      <RecordedNote title={`Recorded: ${DECISION_WORDS[decision].word.toLowerCase()}`} onClose={onClose}>
        {decision === 'keep' ? 'The access stays as it is.' : 'There is no access left to change.'}
      </RecordedNote>
    );
  }
  return (
    <RecordedNote
      waiting
      title={`Recorded: ${DECISION_WORDS[decision].word.toLowerCase()}. Now it has to be carried out`}
      link={{ href: formatRoute({ screen: 'access', section: 'people' }), text: 'Go to the people' }}
      onClose={onClose}
    >
      {decision === 'revoke'
        ? 'A review changes no access by itself. Somebody who manages the people removes the account.'
        : 'A review changes no access by itself. Somebody who manages the people gives the account another role.'}
    </RecordedNote>
  );
}
