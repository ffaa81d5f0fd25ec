import { useState } from 'react';
import type { ProtectionOutcome, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { useNow } from '../../components/now.ts';
import { formatCountdown, spellCountdown } from '../../format/times.ts';
import { type ApprovalAnswer, describeFailure } from '../approvals/decision-model.ts';
import { type Answer, type Justified, JustifiedForm } from '../approvals/justified-form.tsx';
import { RecordedNote } from '../approvals/recorded-note.tsx';
import { KIND_EFFECTS, KIND_NAMES } from './access-words.ts';
import { ChangeFacts } from './change-facts.tsx';

const ANSWERS: readonly Answer<ApprovalAnswer>[] = [
  { key: 'reject', label: 'Reject', look: 'reject', guarded: true },
  { key: 'approve', label: 'Approve', look: 'approve', guarded: true },
];

interface ChangeDialogProps {
  readonly request: ProtectionRequest;
  readonly onDecided: () => void;
  readonly onClose: () => void;
}

/** The second person's decision on a change of the protections. Closing it decides nothing. */
export function ChangeDialog({ request, onDecided, onClose }: ChangeDialogProps) {
  const [outcome, setOutcome] = useState<ProtectionOutcome['state'] | null>(null);
  const now = useNow(1000);
  const left = Date.parse(request.expiresAt) - now;
  const over = left <= 0;
  const decide = useAction(async (decision: ApprovalAnswer, { justification, proof }: Justified) => {
    const answer = await call('protections.decide', {
      request: request.id,
      digest: request.digest,
      decision,
      justification,
      reauthentication: proof,
    });
    setOutcome(answer.state);
    onDecided();
  });
  return (
    <ModalDialog
      title={`${KIND_NAMES[request.kind]}: agree to it?`}
      lead={KIND_EFFECTS[request.kind]}
      size="large"
      locked={decide.busy}
      dismissable={false}
      onClose={onClose}
    >
      {outcome === null ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, the keyboard has to reach it */}
          <section className="dialog-body plan-facts" tabIndex={0} aria-label="What is asked for">
            <ChangeFacts request={request} open />
          </section>
          <JustifiedForm
            answers={over ? [] : ANSWERS}
            busy={decide.busy}
            error={decide.error}
            describe={describeFailure}
            note={
              over
                ? 'The time is over, which means no. Nothing changes.'
                : `Doing nothing means no: it expires in ${formatCountdown(left)}`
            }
            timer={
              over
                ? 'The time is over, which means no'
                : `Doing nothing means no: it expires in ${spellCountdown(left)}`
            }
            closeLabel="Decide later"
            onAnswer={(decision, given) => void decide.run(decision, given)}
            onClose={onClose}
          />
        </>
      ) : (
        <ChangeRecorded outcome={outcome} onClose={onClose} />
      )}
    </ModalDialog>
  );
}

function ChangeRecorded({ outcome, onClose }: { readonly outcome: ProtectionOutcome['state']; onClose: () => void }) {
  switch (outcome) {
    case 'done':
      return (
        <RecordedNote title="Recorded: approved, and in effect" onClose={onClose}>
          Both names stand in the chain. The change is made.
        </RecordedNote>
      );
    case 'rejected':
      return (
        <RecordedNote title="Recorded: rejected" onClose={onClose}>
          Nothing changes. It can be asked for again.
        </RecordedNote>
      );
    case 'waiting':
      return (
        <RecordedNote waiting title="Recorded: more people are needed" onClose={onClose}>
          Your decision counts, and the change waits on.
        </RecordedNote>
      );
  }
}
