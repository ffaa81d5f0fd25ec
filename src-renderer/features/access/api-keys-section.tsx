import { useState } from 'react';
import type { z } from 'zod';
import type { ApiKeyView, NewApiKey, PersonView } from '#shared/ipc/access-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button, CommandButton } from '../../components/button.tsx';
import { useNow } from '../../components/now.ts';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { ConfirmDialog } from '../verification/confirm-dialog.tsx';
import { wordKey } from './access-words.ts';
import { ApiKeyDialog } from './api-key-dialog.tsx';
import { nameOf } from './people-names.ts';
import { ShownOnce } from './shown-once.tsx';

/** Keys that programs sign in with, each within its own scopes. */
export function ApiKeysSection({ people }: { readonly people: readonly PersonView[] }) {
  const mayManage = useMay('api-keys.manage');
  const toasts = useToasts();
  const query = useQuery('api keys', () => call('apiKeys.list', {}));
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<z.infer<typeof NewApiKey> | null>(null);
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null);
  const { reload, data } = query;
  useConsoleEvents((event) => {
    if (event.type === 'people') reload();
  });
  const revoke = useAction(async (key: ApiKeyView) => {
    await call('apiKeys.revoke', { apiKey: key.id });
    toasts.say(`“${key.label}” is revoked: nothing is done with it any more`);
    setRevoking(null);
    reload();
  });
  useCommands(
    mayManage
      ? [
          {
            id: 'apiKeys.create',
            title: 'Create an API key…',
            group: 'Access',
            shortcut: 'n',
            run: () => setCreating(true),
          },
        ]
      : [],
  );
  return (
    <Panel title="API keys" className="list-section" aside={<CommandButton command="apiKeys.create" look="primary" />}>
      {query.error === null ? null : (
        <ErrorPanel error={query.error} title="The keys could not be read" onRetry={reload} />
      )}
      {data === null && query.loading ? <Loading what="Reading keys…" /> : null}
      {data === null ? null : data.length === 0 ? (
        <EmptyState title="No program has a key">
          <p>
            A key lets a program do what its scopes say, for a limited time. It is shown once, and kept as a hash only.
          </p>
        </EmptyState>
      ) : (
        <ApiKeyTable keys={data} people={people} {...(mayManage ? { onRevoke: setRevoking } : {})} />
      )}
      {creating ? (
        <ApiKeyDialog
          onCreated={(key) => {
            setCreating(false);
            setCreated(key);
            reload();
          }}
          onClose={() => setCreating(false)}
        />
      ) : null}
      {created === null ? null : (
        <ShownOnce
          title="The key is made and on record"
          lead={`“${created.apiKey.label}” may do what its scopes say from now on.`}
          what="API key"
          value={created.key}
          expiresAt={created.apiKey.expiresAt}
          onClose={() => setCreated(null)}
        />
      )}
      {revoking === null ? null : (
        <ConfirmDialog
          title={`Revoke “${revoking.label}”?`}
          lead="What uses it is refused from then on. It cannot be brought back."
          action="Revoke the key"
          look="reject"
          busy={revoke.busy}
          error={revoke.error}
          failed="The key was not revoked"
          onConfirm={() => void revoke.run(revoking)}
          onClose={() => {
            revoke.clear();
            setRevoking(null);
          }}
        >
          <dl className="facts facts-wide">
            <dt>Acts for</dt>
            <dd className="external-wrap">{nameOf(people, revoking.owner)}</dd>
            <dt>Last used</dt>
            <dd>{revoking.lastUsedAt === null ? 'never' : <TimeText iso={revoking.lastUsedAt} />}</dd>
          </dl>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

interface ApiKeyTableProps {
  readonly keys: readonly ApiKeyView[];
  readonly people: readonly PersonView[];
  readonly onRevoke?: (key: ApiKeyView) => void;
}

function ApiKeyTable({ keys, people, onRevoke }: ApiKeyTableProps) {
  const now = useNow(15_000);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Keys of programs">
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Acts for</th>
            <th scope="col">May</th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            <th scope="col">State</th>
            {onRevoke === undefined ? null : (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const state = wordKey(key, now);
            return (
              <tr key={key.id}>
                <td className="external-wrap">
                  <strong>{key.label}</strong>
                  <code className="block faint">{key.id}</code>
                </td>
                <td className="external-wrap">{nameOf(people, key.owner)}</td>
                <td>
                  <details>
                    <summary>{formatPlural(key.scopes.length, 'permission')}</summary>
                    <code className="block wrap">{key.scopes.join(', ')}</code>
                  </details>
                </td>
                <td>
                  {key.lastUsedAt === null ? <span className="faint">never</span> : <TimeText iso={key.lastUsedAt} />}
                </td>
                <td>
                  {key.expiresAt === null ? <span className="faint">never</span> : <TimeText iso={key.expiresAt} />}
                </td>
                <td>
                  <StateTag quiet state={state} />
                </td>
                {onRevoke === undefined ? null : (
                  <td className="cell-actions">
                    {key.revokedAt === null ? (
                      <Button look="ghost" label={`Revoke ${key.label}…`} onPress={() => onRevoke(key)}>
                        Revoke…
                      </Button>
                    ) : null}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
