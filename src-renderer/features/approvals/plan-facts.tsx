import { Fragment } from 'react';
import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { call } from '../../bridge/call.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { HashText } from '../../components/hash-text.tsx';
import { resourceOfArn } from '../../format/digests.ts';
import { formatPlural } from '../../format/numbers.ts';
import { AGENT_NAMES } from '../../format/words.ts';
import { CitationChips } from '../incidents/citation-chip.tsx';
import { ByFile } from './by-file.tsx';
import { GivenApprovals } from './given-approvals.tsx';
import { PlanDiff } from './plan-diff.tsx';
import { citationsOf } from './plan-evidence.ts';

interface PlanFactsProps {
  readonly approval: PendingApproval;
  readonly remediation: Remediation;
}

/** Everything a person needs in order to decide, in the order they ask for it. */
export function PlanFacts({ approval, remediation }: PlanFactsProps) {
  const { plan, rule } = remediation;
  const { blastRadius, wayBack, credentials } = plan;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, the keyboard has to reach it
    <section className="dialog-body plan-facts" tabIndex={0} aria-label="What will happen">
      <PlanDiff steps={plan.steps} />
      <dl className="facts facts-wide">
        <dt>Action</dt>
        <dd>{plan.summary}</dd>
        <dt>Target</dt>
        <dd>
          {blastRadius.service} in cluster {blastRadius.cluster}, account <code>{plan.account}</code>, {plan.region}
        </dd>
        <dt>Touches</dt>
        <dd>
          {blastRadius.summary}
          {blastRadius.callers.every((caller) => blastRadius.summary.includes(caller)) ? null : (
            <span className="faint">
              {' '}
              Called, directly or not, by {formatPlural(blastRadius.callers.length, 'service')}:{' '}
              {blastRadius.callers.join(', ')}.
            </span>
          )}
        </dd>
        <dt>Way back</dt>
        <dd>
          {wayBack.summary}
          {wayBack.steps.length === 0 ? null : (
            <details>
              <summary>{formatPlural(wayBack.steps.length, 'step')} back</summary>
              <PlanDiff steps={wayBack.steps} />
            </details>
          )}
        </dd>
        <dt>Checked after</dt>
        <dd>{plan.postCheck.summary}</dd>
        <dt>Asked by</dt>
        <dd>
          {agentName(remediation.requestedBy)}, for <span className="external-wrap">{approval.requestedByName}</span> (
          <code>{remediation.onBehalfOf}</code>), in <code>{plan.investigation}</code>, by request{' '}
          <HashText value={remediation.requestHash} what="Hash of the proposal's record" />
        </dd>
        <dt>Evidence</dt>
        <dd>
          <PlanEvidence remediation={remediation} />
        </dd>
        <dt>Rule</dt>
        <dd>
          {rule.text} <code className="nowrap">{rule.id}</code>, policy{' '}
          <HashText value={rule.policyVersion} what="Policy version" />
        </dd>
        <dt>Approvals</dt>
        <dd>
          <GivenApprovals approval={approval} />
          <ByFile remediation={remediation} />
        </dd>
        <dt>Credentials</dt>
        <dd>
          {Math.round(credentials.seconds / 60)} min for <code>{credentials.actions.join(', ')}</code> on{' '}
          {credentials.resources.map((resource, index) => (
            <Fragment key={resource}>
              {index === 0 ? '' : ', '}
              <code className="wrap" title={resource}>
                {resourceOfArn(resource)}
              </code>
            </Fragment>
          ))}
          .<span className="faint"> Issued after approval only; revoked when the task ends.</span>
        </dd>
        <dt>Plan digest</dt>
        <dd>
          <HashText value={remediation.planDigest} what="Plan digest" />
          <span className="faint"> A decision binds to it.</span>
        </dd>
      </dl>
    </section>
  );
}

function agentName(id: string): string {
  const known = Object.entries(AGENT_NAMES).find(([name]) => name === id);
  return known === undefined ? id : known[1];
}

/** The evidence the plan names, as the rows its hypothesis cites. */
function PlanEvidence({ remediation }: { readonly remediation: Remediation }) {
  const { plan } = remediation;
  const query = useQuery(`plan evidence ${plan.incident}`, () => call('incidents.get', { incident: plan.incident }));
  const investigation = query.data?.investigation ?? null;
  const cited = investigation === null ? [] : citationsOf(investigation, plan);
  const uncited = plan.evidence.filter((digest) => !cited.some((citation) => citation.digest === digest));
  return (
    <>
      <CitationChips citations={cited} evidence={investigation?.evidence ?? []} />
      {uncited.map((digest) => (
        <Fragment key={digest}>
          <HashText value={digest} what="Digest of a stored answer" />{' '}
        </Fragment>
      ))}
    </>
  );
}
