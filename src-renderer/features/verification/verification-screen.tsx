import { useState } from 'react';
import type { Verdict } from '#shared/model/verdict.ts';
import { call } from '../../bridge/call.ts';
import { useConsole } from '../../bridge/console-provider.tsx';
import { useAction } from '../../bridge/use-action.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { Button, CommandButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { EmptyState, ErrorPanel } from '../../components/states.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { OwnChain } from './own-chain.tsx';
import { VerdictView } from './verdict-view.tsx';
import { VerifyProgress } from './verify-progress.tsx';

/** Whether what is on record is what was recorded: the own chain, and any file. */
export function VerificationScreen() {
  const { refresh, verifying } = useConsole();
  const toasts = useToasts();
  const [own, setOwn] = useState<Verdict | null>(null);
  const [file, setFile] = useState<Verdict | null>(null);
  const store = useAction(async () => {
    const answer = await call('chain.verify', {});
    if (answer.cancelled) toasts.say('Verification cancelled; nothing is known beyond the last one');
    else setOwn(answer.verdict);
    refresh();
  });
  const opened = useAction(async () => {
    const answer = await call('chain.verifyFile', {});
    if (!answer.cancelled) setFile(answer.verdict);
  });
  const cancel = useAction(async () => {
    await call('chain.cancelVerify', {});
  });

  useCommands([
    {
      id: 'chain.verify',
      title: 'Verify now',
      group: 'Verification',
      shortcut: 'v',
      run: () => void store.run(),
    },
    {
      id: 'chain.verifyFile',
      title: 'Open a chain file…',
      group: 'Verification',
      shortcut: 'o',
      run: () => void opened.run(),
    },
    ...(store.busy || opened.busy
      ? [{ id: 'chain.cancel', title: 'Cancel verification', group: 'Verification', run: () => void cancel.run() }]
      : []),
  ]);

  return (
    <main className="screen">
      <div className="screen-head">
        <div>
          <ScreenTitle page="Verification">Verification</ScreenTitle>
          <p className="sub">
            Hashes, links, signatures, tree and checkpoint are computed anew from the stored bytes, on this computer.
          </p>
        </div>
      </div>
      {cancel.error === null ? null : <ErrorPanel error={cancel.error} title="The verification was not cancelled" />}
      <Panel
        title="This workspace's chain"
        aside={<CommandButton command="chain.verify" look="primary" busy={store.busy} busyLabel="Verifying…" />}
      >
        {store.busy ? <VerifyProgress progress={verifying} onCancel={() => void cancel.run()} /> : null}
        {store.error === null ? null : <ErrorPanel error={store.error} title="The chain could not be verified" />}
        <OwnChain />
        {own === null ? null : <VerdictView verdict={own} what="store" />}
      </Panel>
      <Panel
        title="A chain file"
        aside={<CommandButton command="chain.verifyFile" busy={opened.busy} busyLabel="Verifying…" />}
      >
        {opened.busy ? <VerifyProgress progress={verifying} onCancel={() => void cancel.run()} /> : null}
        {opened.error === null ? null : <ErrorPanel error={opened.error} title="The file could not be verified" />}
        {file === null ? (
          <EmptyState title="No file opened">
            <p>
              Open an exported chain, yours or one you were given. It is read and judged here; nothing leaves this
              computer.
            </p>
          </EmptyState>
        ) : (
          <>
            <VerdictView verdict={file} what="file" />
            <div className="pad">
              <Button look="ghost" onPress={() => setFile(null)}>
                Clear this verdict
              </Button>
            </div>
          </>
        )}
      </Panel>
    </main>
  );
}
