import { useState } from 'react';
import type { PersonView } from '#shared/ipc/access-views.ts';
import type { PolicyVersionView, ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { useMay } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { type Query, useQuery } from '../../bridge/use-query.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { CommandButton } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { RuleList } from './rule-list.tsx';
import { VersionDialog } from './version-dialog.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import { WaitingNotice } from './waiting-notice.tsx';

interface PoliciesSectionProps {
  readonly people: readonly PersonView[];
  readonly draft: string | null;
  readonly onDraft: (text: string | null) => void;
  readonly requests: Query<readonly ProtectionRequest[]>;
}

/** The rules every guarded step is judged by: those in force, their versions, and the way to another one. */
export function PoliciesSection({ people, draft, onDraft, requests }: PoliciesSectionProps) {
  const mayChange = useMay('policies.change');
  const current = useQuery('policy', () => call('policies.current', {}));
  const [compared, setCompared] = useState<readonly [PolicyVersionView, PolicyVersionView] | null>(null);
  const { data, reload } = current;
  useConsoleEvents((event) => {
    if (event.type === 'protections') reload();
  });
  const waiting = requests.data?.filter(({ kind }) => kind === 'policy-change') ?? [];
  const inForce = data?.versions.find((version) => version.inForce);
  useCommands(
    mayChange && data !== null && draft === null
      ? [
          {
            id: 'policies.change',
            title: 'Change the policy…',
            group: 'Access',
            keywords: 'guardrail cedar edit propose',
            run: () => onDraft(data.text),
          },
        ]
      : [],
  );
  return (
    <>
      {current.error === null ? null : (
        <ErrorPanel error={current.error} title="The policy could not be read" onRetry={reload} />
      )}
      {data === null && current.loading ? <Loading what="Reading the policy in force…" /> : null}
      {waiting.map((request) => (
        <WaitingNotice key={request.id} request={request} />
      ))}
      {data === null ? null : (
        <>
          {draft === null || !mayChange ? (
            <Panel
              title="Rules in force"
              aside={
                <>
                  <span>
                    version {inForce === undefined ? '' : <span className="num">{inForce.number}</span>}{' '}
                    <HashText value={data.version} what="Digest of the policy in force" />
                    {inForce === undefined ? null : (
                      <>
                        {' '}
                        since <TimeText iso={inForce.since} />
                      </>
                    )}
                  </span>
                  <CommandButton command="policies.change" />
                </>
              }
            >
              <RuleList rules={data.rules} />
            </Panel>
          ) : (
            <PolicyEditor inForce={data} text={draft} onText={onDraft} onClose={() => onDraft(null)} />
          )}
          <VersionsPanel versions={data.versions} people={people} onCompare={(a, b) => setCompared([a, b])} />
        </>
      )}
      {compared === null ? null : (
        <VersionDialog before={compared[0]} after={compared[1]} onClose={() => setCompared(null)} />
      )}
    </>
  );
}
