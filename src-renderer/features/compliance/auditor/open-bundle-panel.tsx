import { useState } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { call } from '../../../bridge/call.ts';
import { requireStopped } from '../../../bridge/ui-error.ts';
import { useAction } from '../../../bridge/use-action.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import { useProgress } from '../reports/use-progress.ts';
import { useStopOnLeave } from '../reports/use-stop-on-leave.ts';
import { WorkProgress } from '../reports/work-progress.tsx';

/** Opens a folder made for an auditor: for anybody, without an account. */
export function OpenBundlePanel({ onOpened }: { readonly onOpened: (bundle: BundleView) => void }) {
  const [stopped, setStopped] = useState(false);
  const { progress, reset } = useProgress('reperforming');
  const open = useAction(async () => {
    reset();
    setStopped(false);
    try {
      const answer = await call('bundle.open', {});
      if (!answer.cancelled) onOpened(answer.value);
    } catch (failure) {
      requireStopped(failure);
      setStopped(true);
    }
  });
  useStopOnLeave(open.busy, 'reports.cancelReperform');
  const cancel = useAction(async () => {
    await call('reports.cancelReperform', {});
  });
  const long = useLasting(open.busy);
  return (
    <Panel title="Open a bundle">
      <div className="entry-form">
        <p>
          A folder made for an audit: reports, the chain they were made over, and a signed list of all files. Each file
          is compared with that list and the whole chain is verified. Then you can recompute the reports and write notes
          on them. Nothing leaves this computer, and nothing in the folder is changed.
        </p>
        {open.error === null ? null : <ErrorPanel error={open.error} title="The bundle could not be opened" />}
        <div className="entry-actions">
          <Button look="primary" busy={open.busy} busyLabel="Reading the bundle…" onPress={() => void open.run()}>
            Choose its folder…
          </Button>
        </div>
        {stopped && !open.busy ? (
          <p role="status">Stopped. The bundle was not read to the end, so nothing is said of it.</p>
        ) : null}
        {long && progress !== null ? (
          <WorkProgress
            what="Reading"
            unit="byte"
            progress={progress}
            cancelling={cancel.busy}
            onCancel={() => void cancel.run()}
          />
        ) : null}
      </div>
    </Panel>
  );
}
