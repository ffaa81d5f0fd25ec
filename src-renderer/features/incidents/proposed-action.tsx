import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { CommandButton } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PersonText } from '../../components/person-text.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { Countdown, TimeText } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { RECOVERY_WORDS, REMEDIATION_WORDS } from '../../format/words.ts';
import { GivenApprovals } from '../approvals/given-approvals.tsx';
import { PlanDiff } from '../approvals/plan-diff.tsx';

interface ProposedActionProps {
  readonly remediation: Remediation;
  /** Who has to approve, while it waits for that. */
  readonly approval: PendingApproval | null;
}

/** What is proposed, what was decided about it, and whether it helped. */
export function ProposedAction({ remediation, approval }: ProposedActionProps) {
  const { plan, status, decision, result, failure } = remediation;
  return (
    <Panel title="Proposed action" aside={<StateTag state={REMEDIATION_WORDS[status]} />} className="action-panel">
      <div className="pad stack-tight">
        <p className="strong">{plan.summary}</p>
        <PlanDiff steps={plan.steps} compact />
        <dl className="facts">
          <dt>Touches</dt>
          <dd>{plan.blastRadius.summary}</dd>
          {plan.blastRadius.callers.length === 0 ? null : (
            <>
              <dt>Called by</dt>
              <dd title={plan.blastRadius.callers.join(', ')}>
                {formatPlural(plan.blastRadius.callers.length, 'service')}
              </dd>
            </>
          )}
          <dt>Way back</dt>
          <dd>{plan.wayBack.summary}</dd>
          {status === 'proposed' ? (
            <>
              <dt>Decide by</dt>
              <dd>
                <TimeText iso={remediation.expiresAt} form="clock" /> (<Countdown until={remediation.expiresAt} /> left)
              </dd>
              {approval === null ? null : (
                <>
                  <dt>Approvals</dt>
                  <dd>
                    <GivenApprovals approval={approval} />
                  </dd>
                </>
              )}
            </>
          ) : null}
          {decision === null ? null : (
            <>
              <dt className="capital">{decision.outcome}</dt>
              <dd>
                by <PersonText id={decision.by} />, <TimeText iso={decision.at} form="clock" />, record{' '}
                <HashText value={decision.record} what="Hash of the decision's record" />
                {remediation.breakGlass ? (
                  <strong className="block tone-warn">by break-glass: alone, to be reviewed by another person</strong>
                ) : null}
              </dd>
            </>
          )}
          {status === 'approved' && remediation.executeBy !== null ? (
            <>
              <dt>Begins by</dt>
              <dd>
                <TimeText iso={remediation.executeBy} form="clock" /> (<Countdown until={remediation.executeBy} />{' '}
                left), or it is not done
              </dd>
            </>
          ) : null}
        </dl>
        {failure === null ? null : (
          <div className="error-panel" role="alert">
            <div>
              <strong>It was not carried out in full</strong>
              <p>{failure}</p>
            </div>
          </div>
        )}
        {result === null ? null : <PostCheck result={result} />}
        {status === 'proposed' ? (
          <div className="row-actions">
            <CommandButton command="incident.review" look="primary" />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

function PostCheck({ result }: { readonly result: NonNullable<Remediation['result']> }) {
  return (
    <section className="post-check" aria-label="Result of the check afterwards">
      <div className="agent-head">
        <strong>Checked afterwards</strong>
        <StateTag state={RECOVERY_WORDS[result.verdict]} />
      </div>
      <p>{result.text}</p>
      <dl className="facts facts-numbers">
        <dt>Before</dt>
        <dd className="num">{result.before}</dd>
        <dt>After</dt>
        <dd className="num">{result.after}</dd>
        <dt>Usual</dt>
        <dd className="num">
          {result.usualLow} to {result.usualHigh}
        </dd>
        <dt>Checked</dt>
        <dd>
          <TimeText iso={result.checkedAt} />
        </dd>
      </dl>
    </section>
  );
}
