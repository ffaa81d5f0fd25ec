import { useState } from 'react';
import type { PendingApproval } from '#shared/ipc/views.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useCommands } from '../../commands/command-context.tsx';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { PersonText } from '../../components/person-text.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState } from '../../components/states.tsx';
import { Countdown, TimeText } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { SEVERITY_WORDS } from '../../format/words.ts';
import { formatRoute } from '../../navigation/route.ts';
import { ApprovalDialog } from './approval-dialog.tsx';
import { PlanDiff } from './plan-diff.tsx';

/** Proposals that wait for a person, those that expire first on top. */
export function ApprovalsScreen({ open }: { readonly open: string | null }) {
  const { pending } = useConsole();
  const [reviewing, setReviewing] = useState<PendingApproval | null>(
    () => pending.find(({ remediation }) => remediation.id === open) ?? null,
  );
  const queue = [...pending].sort((a, b) => a.remediation.expiresAt.localeCompare(b.remediation.expiresAt));
  const [first] = queue;
  useCommands(
    first === undefined
      ? []
      : [
          {
            id: 'approvals.first',
            title: 'Review the proposal that expires first',
            group: 'Approvals',
            shortcut: 'r',
            run: () => setReviewing(first),
          },
        ],
  );
  return (
    <main className="screen">
      <div className="screen-head">
        <div>
          <ScreenTitle page="Approvals">Approvals</ScreenTitle>
          <p className="sub">
            {queue.length === 0
              ? 'Nothing waits for a decision.'
              : `${formatPlural(queue.length, 'proposal')} waiting. What nobody approves in time does not happen.`}
          </p>
        </div>
      </div>
      {queue.length === 0 ? (
        <section className="panel" aria-label="Waiting proposals">
          <EmptyState title="No proposal is waiting">
            <p>
              When an investigation proposes a change, it stands here until you approve or reject it, or until its time
              is over. Past decisions are in the{' '}
              <a href={formatRoute({ screen: 'audit', filter: { category: 'remediation' } })}>audit trail</a>.
            </p>
          </EmptyState>
        </section>
      ) : (
        <ul className="approvals">
          {queue.map((approval) => (
            <ApprovalCard key={approval.remediation.id} approval={approval} onReview={() => setReviewing(approval)} />
          ))}
        </ul>
      )}
      {reviewing === null ? null : (
        <ApprovalDialog
          key={reviewing.remediation.id}
          incident={reviewing.incident}
          remediation={reviewing.remediation}
          onClose={() => setReviewing(null)}
        />
      )}
    </main>
  );
}

interface ApprovalCardProps {
  readonly approval: PendingApproval;
  readonly onReview: () => void;
}

function ApprovalCard({ approval: { incident, remediation }, onReview }: ApprovalCardProps) {
  const { plan } = remediation;
  return (
    <li className="panel approval-card">
      <div className="approval-what">
        <h2>{plan.summary}</h2>
        <p className="faint facts-line">
          <StateTag state={SEVERITY_WORDS[incident.severity]} />
          <a href={formatRoute({ screen: 'incident', incident: incident.id })}>{incident.id}</a>
          <span className="external-wrap">{incident.title}</span>
        </p>
        <PlanDiff steps={plan.steps} compact />
      </div>
      <div className="approval-when">
        <dl className="facts">
          <dt>Touches</dt>
          <dd>{plan.blastRadius.summary}</dd>
          <dt>Asked for</dt>
          <dd>
            <PersonText id={remediation.onBehalfOf} />
          </dd>
          <dt>Decide by</dt>
          <dd>
            <TimeText iso={remediation.expiresAt} form="clock" /> (<Countdown until={remediation.expiresAt} /> left)
          </dd>
          <dt>Plan</dt>
          <dd>
            <HashText value={remediation.planDigest} what="Plan digest" />
          </dd>
        </dl>
        <Button look="primary" label={`Review: ${plan.summary}`} onPress={onReview}>
          Review…
        </Button>
      </div>
    </li>
  );
}
