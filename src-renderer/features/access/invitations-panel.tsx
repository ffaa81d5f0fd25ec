import { useEffect } from 'react';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { ROLE_NAMES } from './access-words.ts';

/** Invitations nobody took up yet. */
export function InvitationsPanel({ round }: { readonly round: number }) {
  const toasts = useToasts();
  const query = useQuery('invitations', () => call('people.invitations', {}));
  const { reload, data } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the request to load again
  useEffect(() => reload(), [reload, round]);
  useConsoleEvents((event) => {
    if (event.type === 'people') reload();
  });
  const withdraw = useAction(async (invitation: string) => {
    await call('people.withdrawInvitation', { invitation });
    toasts.say('Invitation withdrawn: its code is worth nothing now');
    reload();
  });
  return (
    <Panel title="Open invitations" className="list-section">
      {query.error === null ? null : (
        <ErrorPanel error={query.error} title="The invitations could not be read" onRetry={reload} />
      )}
      {withdraw.error === null ? null : (
        <ErrorPanel error={withdraw.error} title="The invitation was not withdrawn" onDismiss={withdraw.clear} />
      )}
      {data === null && query.loading ? <Loading what="Reading invitations…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No invitation is open">
          <p>Invited people appear here until they have chosen a password with their one-time code.</p>
        </EmptyState>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">E-mail</th>
              <th scope="col">Role</th>
              <th scope="col">Invited</th>
              <th scope="col">Expires</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((invitation) => (
              <tr key={invitation.id}>
                <td className="external-wrap">{invitation.email}</td>
                <td>{ROLE_NAMES[invitation.role]}</td>
                <td>
                  <TimeText iso={invitation.createdAt} />
                </td>
                <td>
                  <TimeText iso={invitation.expiresAt} />
                </td>
                <td className="cell-actions">
                  <Button
                    look="ghost"
                    label={`Withdraw the invitation of ${invitation.email}`}
                    disabled={withdraw.busy}
                    onPress={() => void withdraw.run(invitation.id)}
                  >
                    Withdraw
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
