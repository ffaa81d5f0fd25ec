import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ErrorPanel } from '../../../components/states.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import { ReperformedView } from './reperformed-view.tsx';
import { type Reperforming, useReperform } from './use-reperform.ts';
import { WorkProgress } from './work-progress.tsx';

/** Recomputes a report for anybody: it takes the report, the exported chain, and no account. */
export function ReperformPanel() {
  const reperforming = useReperform();
  return (
    <Panel title="Re-perform a report">
      <div className="entry-form">
        <p>
          Choose a report (HTML or JSON), then the chain it was made over. Every figure is computed again from the
          records and compared with what the report says; each difference is named. Nothing leaves this computer.
        </p>
        <ReperformStart reperforming={reperforming} />
      </div>
      {reperforming.result === null || reperforming.run.busy ? null : <ReperformedView result={reperforming.result} />}
    </Panel>
  );
}

/** The button, what it is doing, and what went wrong. */
function ReperformStart({ reperforming }: { readonly reperforming: Reperforming }) {
  const { run, result, clear } = reperforming;
  return (
    <>
      <ReperformState reperforming={reperforming} />
      <div className="entry-actions">
        <Button look="primary" busy={run.busy} busyLabel="Recomputing…" onPress={() => void run.run()}>
          {result === null ? 'Choose a report and its chain…' : 'Choose another report…'}
        </Button>
        {result === null || run.busy ? null : (
          <Button look="ghost" onPress={clear}>
            Clear this result
          </Button>
        )}
      </div>
    </>
  );
}

/** How far it is, that it was stopped, or why it failed. */
export function ReperformState({ reperforming }: { readonly reperforming: Reperforming }) {
  const { run, cancel, progress, cancelled } = reperforming;
  const long = useLasting(run.busy);
  return (
    <>
      {run.error === null ? null : <ErrorPanel error={run.error} title="The report was not recomputed" />}
      {cancelled && !run.busy ? (
        <p className="sub" role="status">
          Stopped. Nothing was compared to the end.
        </p>
      ) : null}
      {long && progress !== null ? (
        <WorkProgress
          what="Recomputing"
          progress={progress}
          cancelling={cancel.busy}
          onCancel={() => void cancel.run()}
        />
      ) : null}
    </>
  );
}
