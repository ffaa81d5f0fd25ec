import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { RecomputingState } from './recomputing-state.tsx';
import { ReperformedView } from './reperformed-view.tsx';
import { type Reperforming, useReperform } from './use-reperform.ts';

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
      <RecomputingState recomputing={reperforming} asksForFiles />
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
