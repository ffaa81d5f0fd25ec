import { useState } from 'react';
import type { Incident } from '#shared/model/incident.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ModalDialog } from '../../components/modal-dialog.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { type Decide, DecisionForm } from './decision-form.tsx';
import { PlanFacts } from './plan-facts.tsx';

interface ApprovalDialogProps {
  readonly incident: Incident;
  readonly remediation: Remediation;
  readonly onClose: () => void;
}

/**
 * The decision. It shows everything the plan's digest binds, sends that digest with the answer, and says "Recorded" only
 * after the record is durable. Closing it decides nothing.
 */
export function ApprovalDialog({ incident, remediation: opened, onClose }: ApprovalDialogProps) {
  const [current, setCurrent] = useState(opened);
  const [recorded, setRecorded] = useState<Remediation | null>(null);
  useConsoleEvents((event) => {
    if (event.type !== 'investigation') return;
    const changed = event.investigation.remediation;
    if (changed !== null && changed.id === opened.id) setCurrent(changed);
  });
  const decide = useAction(async ({ decision, justification }: Parameters<Decide>[0]) => {
    const answer = await call('approvals.decide', {
      remediation: opened.id,
      // The digest of what is on the screen: a plan changed since is another plan and will be refused.
      planDigest: opened.planDigest,
      decision,
      justification,
    });
    setRecorded(answer);
  });

  return (
    <ModalDialog
      title={`${opened.plan.summary.replace(/[.?!]$/, '')}?`}
      size="large"
      lead={
        <>
          Nothing runs before your decision is recorded. For <code>{incident.id}</code>,{' '}
          <span className="external-wrap" title={incident.title}>
            “{incident.title}”
          </span>
        </>
      }
      locked={decide.busy}
      dismissable={false}
      onClose={onClose}
    >
      {recorded === null ? (
        <>
          <PlanFacts remediation={opened} />
          <DecisionForm
            remediation={current}
            busy={decide.busy}
            error={decide.error}
            onDecide={(answer) => void decide.run(answer)}
            onClose={onClose}
          />
        </>
      ) : (
        <Recorded remediation={recorded} onClose={onClose} />
      )}
    </ModalDialog>
  );
}

function Recorded({ remediation, onClose }: { readonly remediation: Remediation; readonly onClose: () => void }) {
  const { decision } = remediation;
  return (
    <>
      <div className="dialog-body recorded" role="status">
        <span className="recorded-mark">
          <ShapeIcon shape="check" />
        </span>
        <div>
          <strong>Recorded: {decision?.outcome ?? remediation.status}</strong>
          <p>
            {decision?.outcome === 'approved'
              ? 'The decision is durable in the chain. The remediator now carries out exactly this plan; follow it on the incident.'
              : 'The decision is durable in the chain. Nothing will be changed.'}
          </p>
          {decision === null ? null : (
            <p>
              Record <HashText value={decision.record} what="Hash of the decision's record" />
            </p>
          )}
        </div>
      </div>
      <footer className="dialog-foot">
        <span className="foot-note" />
        <Button
          ref={(element) => {
            element?.focus();
          }}
          onPress={onClose}
        >
          Close
        </Button>
      </footer>
    </>
  );
}
