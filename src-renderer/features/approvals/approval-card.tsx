import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { Button } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { Countdown, TimeText } from '../../components/time-text.tsx';
import { SEVERITY_WORDS } from '../../format/words.ts';
import { formatRoute } from '../../navigation/route.ts';
import { GivenApprovals } from './given-approvals.tsx';
import { PlanDiff } from './plan-diff.tsx';

interface ApprovalCardProps {
  readonly approval: PendingApproval;
  readonly onReview: () => void;
}

/** A proposal in the queue: what would change, who decided so far, and how long there is. */
export function ApprovalCard({ approval, onReview }: ApprovalCardProps) {
  const { incident, remediation, mayNotDecide } = approval;
  const { plan } = remediation;
  const mayDecide = useMay('approvals.decide');
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
          <dd>{approval.requestedByName}</dd>
          <dt>Approvals</dt>
          <dd>
            <GivenApprovals approval={approval} />
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
        {mayNotDecide === null ? null : (
          <p className="sub">
            <strong>You cannot approve this.</strong> {mayNotDecide}
          </p>
        )}
        {mayDecide && mayNotDecide === null ? (
          <Button look="primary" label={`Review: ${plan.summary}`} onPress={onReview}>
            Review…
          </Button>
        ) : (
          <Button label={`${mayDecide ? 'Read or reject' : 'Read'}: ${plan.summary}`} onPress={onReview}>
            {mayDecide ? 'Read or reject…' : 'Read…'}
          </Button>
        )}
      </div>
    </li>
  );
}
