import { useState } from 'react';
import type { Verdict } from '#shared/model/verdict.ts';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useAction } from '../../bridge/use-action.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useLasting } from '../../components/use-lasting.ts';
import { VerdictView } from '../verification/verdict-view.tsx';
import { VerifyProgress } from '../verification/verify-progress.tsx';

/** Judges an exported chain for anybody: it takes no account and no workspace. */
export function VerifyFilePanel() {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const verify = useAction(async () => {
    setProgress(null);
    const answer = await call('chain.verifyFile', {});
    if (!answer.cancelled) setVerdict(answer.verdict);
  });
  const cancel = useAction(async () => {
    await call('chain.cancelVerify', {});
  });
  const long = useLasting(verify.busy);
  useConsoleEvents((event) => {
    if (event.type === 'verifying') setProgress({ done: event.done, total: event.total });
  });

  return (
    <Panel title="Verify a file">
      <div className="entry-form">
        <p>
          An exported chain, a range or an extract that somebody gave you. It is read and judged here: every hash, every
          signature, every cosignature. Nothing leaves this computer, and nothing is changed.
        </p>
        {verify.error === null ? null : <ErrorPanel error={verify.error} title="The file could not be judged" />}
        <div className="entry-actions">
          <Button look="primary" busy={verify.busy} busyLabel="Verifying…" onPress={() => void verify.run()}>
            {verdict === null ? 'Choose a file…' : 'Choose another file…'}
          </Button>
          {verdict === null || verify.busy ? null : (
            <Button look="ghost" onPress={() => setVerdict(null)}>
              Clear this verdict
            </Button>
          )}
        </div>
        {long && progress !== null ? <VerifyProgress progress={progress} onCancel={() => void cancel.run()} /> : null}
      </div>
      {verdict === null || verify.busy ? null : <VerdictView verdict={verdict} what="file" recorded />}
    </Panel>
  );
}
