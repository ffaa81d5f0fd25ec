import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import { HashText } from '../../components/hash-text.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { countApprovals, lacksApprovers } from './decision-model.ts';

/** How many approvals there are and of whom, and whether there are people for the rest. */
export function GivenApprovals({ approval }: { readonly approval: PendingApproval }) {
  const lacking = lacksApprovers(approval);
  return (
    <>
      <span className="num strong">{countApprovals(approval)}</span>
      {approval.required > 1 ? <span className="faint"> by different people</span> : null}
      {approval.given.length === 0 ? null : (
        <ul className="given">
          {approval.given.map((one) => (
            <li key={one.record}>
              <span className="external-wrap">{one.name}</span>, <TimeText iso={one.at} form="clock" />, record{' '}
              <HashText value={one.record} what={`Hash of the approval of ${one.name}`} />
            </li>
          ))}
        </ul>
      )}
      {lacking === null ? null : <span className="block tone-warn">{lacking}</span>}
    </>
  );
}
