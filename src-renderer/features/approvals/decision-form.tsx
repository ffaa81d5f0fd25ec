import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import type { UiError } from '../../bridge/ui-error.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/now.ts';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { formatCountdown, spellCountdown } from '../../format/times.ts';
import { type ApprovalAnswer, answersFor, describeFailure, whyClosed } from './decision-model.ts';
import { type Answer, type Justified, JustifiedForm } from './justified-form.tsx';

const ANSWERS: Readonly<Record<ApprovalAnswer, Answer<ApprovalAnswer>>> = {
  reject: { key: 'reject', label: 'Reject', look: 'reject', guarded: false },
  approve: { key: 'approve', label: 'Approve', look: 'approve', guarded: true },
};

interface DecisionFormProps {
  readonly approval: PendingApproval;
  readonly remediation: Remediation;
  readonly busy: boolean;
  readonly error: UiError | null;
  readonly onDecide: (decision: ApprovalAnswer, given: Justified) => void;
  /** Absent where one may not approve alone. */
  readonly onBreakGlass?: () => void;
  readonly onClose: () => void;
}

/** The answers to a proposal; for somebody who may not approve the reason instead of a button. */
export function DecisionForm({ approval, remediation, busy, error, ...props }: DecisionFormProps) {
  const mayDecide = useMay('approvals.decide');
  const now = useNow(1000);
  const closed = whyClosed(remediation, now);
  const left = Date.parse(remediation.expiresAt) - now;
  const { mayNotDecide } = approval;
  const answers = answersFor({ mayDecide, mayNotDecide, closed: closed !== null }).map((answer) => ANSWERS[answer]);
  const alone = closed === null ? props.onBreakGlass : undefined;
  return (
    <JustifiedForm
      answers={answers}
      busy={busy}
      error={error}
      describe={describeFailure}
      note={closed ?? `Doing nothing means no: it expires in ${formatCountdown(left)}`}
      timer={closed ?? `Doing nothing means no: it expires in ${spellCountdown(left)}`}
      closeLabel="Decide later"
      {...(closed !== null || (mayNotDecide === null && alone === undefined)
        ? {}
        : {
            before: (
              <>
                {mayNotDecide === null ? null : (
                  <p className="may-not">
                    <ShapeIcon shape="dash" />
                    <span>
                      <strong>You cannot approve this.</strong> {mayNotDecide}
                      {mayDecide ? ' You may reject it.' : ''}
                    </span>
                  </p>
                )}
                {alone === undefined ? null : (
                  <div className="glass-offer">
                    <span>If it cannot wait for another person:</span>
                    <Button disabled={busy} onPress={alone}>
                      Break glass…
                    </Button>
                  </div>
                )}
              </>
            ),
          })}
      onAnswer={props.onDecide}
      onClose={props.onClose}
    />
  );
}
