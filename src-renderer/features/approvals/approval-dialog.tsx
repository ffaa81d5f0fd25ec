import { useState } from 'react';
import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { BreakGlassForm } from './break-glass-form.tsx';
import { DecisionForm } from './decision-form.tsx';
import { type ApprovalAnswer, mayNeedGlass } from './decision-model.ts';
import type { Justified } from './justified-form.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { Recorded } from './recorded.tsx';

interface ApprovalDialogProps {
  readonly approval: PendingApproval;
  readonly onClose: () => void;
}

/**
 * The decision. It shows everything the plan's digest binds, sends that digest with the answer, and says "Recorded" only
 * after the record is durable. Closing it decides nothing.
 */
export function ApprovalDialog({ approval: opened, onClose }: ApprovalDialogProps) {
  const { pending } = useConsole();
  const [changed, setChanged] = useState<Remediation | null>(null);
  const [recorded, setRecorded] = useState<Remediation | null>(null);
  const [alone, setAlone] = useState(false);
  const mayBreakGlass = useMay('approvals.break-glass');
  const { incident, remediation } = opened;
  // What others decide meanwhile is shown; the plan itself stays the one that was opened.
  const approval = pending.find((one) => one.remediation.id === remediation.id) ?? opened;
  const current = changed ?? approval.remediation;
  useConsoleEvents((event) => {
    if (event.type !== 'investigation') return;
    const next = event.investigation.remediation;
    if (next !== null && next.id === remediation.id) setChanged(next);
  });
  // The digest of what is on the screen: a plan changed since is another plan and will be refused.
  const plan = { remediation: remediation.id, planDigest: remediation.planDigest };
  const decide = useAction(async (decision: ApprovalAnswer, { justification, proof }: Justified) => {
    setRecorded(
      await call('approvals.decide', {
        ...plan,
        decision,
        justification,
        ...(decision === 'approve' ? { reauthentication: proof } : {}),
      }),
    );
  });
  const breakGlass = useAction(async (reason: string, { justification, proof }: Justified) => {
    setRecorded(await call('approvals.breakGlass', { ...plan, reason, justification, reauthentication: proof }));
  });

  return (
    <ModalDialog
      title={`${remediation.plan.summary.replace(/[.?!]$/, '')}?`}
      size="large"
      lead={
        <>
          Nothing runs before {approval.required === 1 ? 'your decision is' : `${approval.required} approvals are`}{' '}
          recorded. For <code>{incident.id}</code>,{' '}
          <span className="external-wrap" title={incident.title}>
            “{incident.title}”
          </span>
        </>
      }
      locked={decide.busy || breakGlass.busy}
      dismissable={false}
      onClose={onClose}
    >
      {recorded === null ? (
        <>
          <PlanFacts approval={approval} remediation={remediation} />
          {alone ? (
            <BreakGlassForm
              busy={breakGlass.busy}
              error={breakGlass.error}
              onApprove={(reason, given) => void breakGlass.run(reason, given)}
              onClose={() => {
                breakGlass.clear();
                setAlone(false);
              }}
            />
          ) : (
            <DecisionForm
              approval={approval}
              remediation={current}
              busy={decide.busy}
              error={decide.error}
              onDecide={(decision, given) => void decide.run(decision, given)}
              {...(mayNeedGlass(approval) && mayBreakGlass
                ? {
                    onBreakGlass: () => {
                      decide.clear();
                      setAlone(true);
                    },
                  }
                : {})}
              onClose={onClose}
            />
          )}
        </>
      ) : (
        <Recorded remediation={recorded} onClose={onClose} />
      )}
    </ModalDialog>
  );
}
