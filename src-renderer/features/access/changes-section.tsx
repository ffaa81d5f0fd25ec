import { useState } from 'react';
import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useAction } from '../../bridge/use-action.ts';
import type { Query } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { useHistory } from '../../frame/history-provider.tsx';
import { ConfirmDialog } from '../verification/confirm-dialog.tsx';
import { KIND_NAMES } from './access-words.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { ChangeFacts } from './change-facts.tsx';

/** Changes of the protections themselves that somebody asked for and another person has to agree to. */
export function ChangesSection({ requests }: { readonly requests: Query<readonly ProtectionRequest[]> }) {
  const toasts = useToasts();
  const { refresh } = useConsole();
  const history = useHistory();
  const [deciding, setDeciding] = useState<ProtectionRequest | null>(null);
  const [withdrawing, setWithdrawing] = useState<ProtectionRequest | null>(null);
  const { data, reload } = requests;
  const withdraw = useAction(async (request: ProtectionRequest) => {
    await call('protections.withdraw', { request: request.id });
    toasts.say('Withdrawn: it does not happen');
    setWithdrawing(null);
    reload();
  });
  /** A change that took effect may have been to the keys or to how the history stands. */
  const decided = () => {
    reload();
    history.reload();
    refresh();
  };
  const waiting = data === null ? [] : data.toSorted((a, b) => a.expiresAt.localeCompare(b.expiresAt));
  const mayDecide = useMay('protections.decide');
  const next = mayDecide ? waiting.find(({ mayNotDecide }) => mayNotDecide === null) : undefined;
  useCommands(
    next === undefined
      ? []
      : [
          {
            id: 'protections.review',
            title: 'Review the change that expires first',
            group: 'Access',
            shortcut: 'r',
            keywords: 'approve reject second person',
            run: () => setDeciding(next),
          },
        ],
  );
  return (
    <>
      {requests.error === null ? null : (
        <ErrorPanel error={requests.error} title="The waiting changes could not be read" onRetry={reload} />
      )}
      {data === null && requests.loading ? <Loading what="Asking what waits…" /> : null}
      {data !== null && waiting.length === 0 ? (
        <section className="panel" aria-label="Waiting changes">
          <EmptyState title="No change waits for a second person">
            <p>
              Two people are needed to change the guardrail policy, to hand the trail to a new signing key, and to
              acknowledge a break. What one asked for stands here for 24 hours, until another agrees to exactly that.
            </p>
          </EmptyState>
        </section>
      ) : null}
      {waiting.length === 0 ? null : (
        <ul className="approvals">
          {waiting.map((request) => (
            <ChangeCard
              key={request.id}
              request={request}
              onDecide={() => setDeciding(request)}
              onWithdraw={() => setWithdrawing(request)}
            />
          ))}
        </ul>
      )}
      {deciding === null ? null : (
        <ChangeDialog request={deciding} onDecided={decided} onClose={() => setDeciding(null)} />
      )}
      {withdrawing === null ? null : (
        <ConfirmDialog
          title="Withdraw what you asked for?"
          lead={withdrawing.summary}
          action="Withdraw it"
          look="reject"
          busy={withdraw.busy}
          error={withdraw.error}
          failed="It was not withdrawn"
          onConfirm={() => void withdraw.run(withdrawing)}
          onClose={() => {
            withdraw.clear();
            setWithdrawing(null);
          }}
        >
          <p>Nothing has changed by it, and nothing will. That it was asked for stays on record.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface ChangeCardProps {
  readonly request: ProtectionRequest;
  readonly onDecide: () => void;
  readonly onWithdraw: () => void;
}

function ChangeCard({ request, onDecide, onWithdraw }: ChangeCardProps) {
  const { info } = useConsole();
  const mayDecide = useMay('protections.decide');
  const own = request.requestedBy === info.user.id;
  return (
    <li className="panel change-card">
      <div className="change-head">
        <h2>{KIND_NAMES[request.kind]}</h2>
        <div className="row-actions">
          {own ? <Button onPress={onWithdraw}>Withdraw…</Button> : null}
          {mayDecide && request.mayNotDecide === null ? (
            <Button look="primary" label={`Review: ${request.summary}`} onPress={onDecide}>
              Review…
            </Button>
          ) : null}
        </div>
      </div>
      {mayDecide && request.mayNotDecide !== null ? (
        <p className="sub">
          <strong>You cannot decide on this.</strong> {request.mayNotDecide}
        </p>
      ) : null}
      <ChangeFacts request={request} />
    </li>
  );
}
