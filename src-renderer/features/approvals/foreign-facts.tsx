import type { ForeignRequest } from '#shared/ipc/approval-views.ts';
import { HashText } from '../../components/hash-text.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { PlanDiff } from './plan-diff.tsx';

/** What is asked in the file, from which chain, and the key to compare. All of it is as the file says. */
export function ForeignFacts({ request }: { readonly request: ForeignRequest }) {
  const { plan } = request;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, the keyboard has to reach it
    <section className="dialog-body plan-facts" tabIndex={0} aria-label="What is asked">
      <p className="fingerprint">
        <span className="faint">Id of the key that signed the request</span>
        <code className="wrap">{request.keyId}</code>
      </p>
      <PlanDiff steps={plan.steps} />
      <dl className="facts facts-wide">
        <dt>Workspace</dt>
        <dd>
          {request.tenant} (as the file says), chain <code className="wrap">{request.chain}</code>
        </dd>
        <dt>Asked for</dt>
        <dd>
          {request.requestedByName} (as the file says), <TimeText iso={request.createdAt} />
        </dd>
        <dt>Incident</dt>
        <dd>
          <code>{plan.incident}</code>, severity {request.severity}
        </dd>
        <dt>Target</dt>
        <dd>
          {plan.blastRadius.service} in cluster {plan.blastRadius.cluster}, account <code>{plan.account}</code>,{' '}
          {plan.region}
        </dd>
        <dt>Touches</dt>
        <dd>{plan.blastRadius.summary}</dd>
        <dt>Way back</dt>
        <dd>
          {plan.wayBack.summary}
          {plan.wayBack.steps.length === 0 ? null : (
            <details>
              <summary>{formatPlural(plan.wayBack.steps.length, 'step')} back</summary>
              <PlanDiff steps={plan.wayBack.steps} />
            </details>
          )}
        </dd>
        <dt>Checked after</dt>
        <dd>{plan.postCheck.summary}</dd>
        <dt>Rule</dt>
        <dd>{request.rule}</dd>
        <dt>Credentials</dt>
        <dd>
          {Math.round(plan.credentials.seconds / 60)} min for <code>{plan.credentials.actions.join(', ')}</code>
        </dd>
        <dt>Plan digest</dt>
        <dd>
          <HashText value={request.planDigest} what="Plan digest" />
          <span className="faint"> Your answer binds to it.</span>
        </dd>
        <dt>The file</dt>
        <dd>
          <HashText value={request.digest} what="Digest of the request file" />
        </dd>
      </dl>
    </section>
  );
}
