import { useState } from 'react';
import type { LeaseView } from '#shared/ipc/access-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/use-action.ts';
import type { Query } from '../../bridge/use-query.ts';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { Countdown } from '../../components/time-text.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { ConfirmDialog } from '../verification/confirm-dialog.tsx';
import { agentName, LeaseTable } from './lease-table.tsx';

/** Credentials agents hold at this moment, and the way to end one before its time. */
export function LeasesSection({ leases }: { readonly leases: Query<readonly LeaseView[]> }) {
  const mayRevoke = useMay('leases.revoke');
  const toasts = useToasts();
  const [ending, setEnding] = useState<LeaseView | null>(null);
  const { data, reload } = leases;
  const revoke = useAction(async (lease: LeaseView) => {
    await call('leases.revoke', { lease: lease.id });
    toasts.say(`The lease of ${agentName(lease.agent)} is ended, and that is on record`);
    setEnding(null);
    reload();
  });
  const hereOnly = [
    ...new Set(data?.filter((one) => one.cloudRevocation === 'not-configured').map((one) => one.account)),
  ];
  return (
    <Panel
      title="Live leases"
      className="list-section"
      aside={data === null ? undefined : <span className="num">{formatPlural(data.length, 'lease')}</span>}
    >
      {leases.error === null ? null : (
        <ErrorPanel error={leases.error} title="The leases could not be read" onRetry={reload} />
      )}
      {data === null && leases.loading ? <Loading what="Reading leases…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No agent holds credentials">
          <p>
            While agents work, each has a lease of 15 minutes at most, for its own task and nothing else. It stands here
            until it ends: with the task, with its time, or by you.
          </p>
        </EmptyState>
      ) : (
        <LeaseTable leases={data} {...(mayRevoke ? { onRevoke: setEnding } : {})} />
      )}
      {hereOnly.length === 0 ? null : (
        <p className="pad sub">
          <strong>Here only:</strong> no revocation role is configured for{' '}
          {hereOnly.length === 1 ? 'account' : 'accounts'} <code>{hereOnly.join(', ')}</code>. Ending a lease there
          makes Causeway forget the credentials; the cloud itself would take them until their time is over.
        </p>
      )}
      {ending === null ? null : (
        <ConfirmDialog
          title={`End the lease of ${agentName(ending.agent)}?`}
          lead="Its next call is refused. What it was asked to find out stays open; the investigation says so."
          action="End the lease"
          look="reject"
          busy={revoke.busy}
          error={revoke.error}
          failed="The lease was not ended"
          onConfirm={() => void revoke.run(ending)}
          onClose={() => {
            revoke.clear();
            setEnding(null);
          }}
        >
          <dl className="facts facts-wide">
            <dt>Task</dt>
            <dd>
              {ending.task}, in <code>{ending.investigation}</code> for <code>{ending.incident}</code>
            </dd>
            <dt>Account</dt>
            <dd>
              <code>{ending.account}</code>
            </dd>
            <dt>Time left</dt>
            <dd>
              <Countdown until={ending.expiresAt} />
            </dd>
          </dl>
          <p>
            {ending.cloudRevocation === 'configured'
              ? 'The cloud is told too: credentials issued before now are denied there.'
              : 'The cloud is not told, because no revocation role is configured: Causeway forgets the credentials, but a copy of them would work there until their time is over.'}
          </p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
