import { ErrorPanel } from '../../../components/states.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import type { Recomputing } from './use-recomputing.ts';
import { WorkProgress } from './work-progress.tsx';

interface RecomputingStateProps {
  readonly recomputing: Pick<Recomputing<never>, 'run' | 'cancel' | 'progress' | 'cancelled'>;
  /** A person chooses files first, which is no progress and cannot be stopped here. */
  readonly asksForFiles: boolean;
}

/** How far it is, that it was stopped, or why it failed. */
export function RecomputingState({ recomputing, asksForFiles }: RecomputingStateProps) {
  const { run, cancel, progress, cancelled } = recomputing;
  const long = useLasting(run.busy);
  return (
    <>
      {run.error === null ? null : <ErrorPanel error={run.error} title="The report was not recomputed" />}
      {cancelled && !run.busy ? (
        <p className="sub" role="status">
          Stopped. Nothing was compared to the end.
        </p>
      ) : null}
      {long && !(asksForFiles && progress === null) ? (
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
