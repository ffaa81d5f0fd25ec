import { useState } from 'react';
import type { Reperformed } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { toUiError } from '../../../bridge/ui-error.ts';
import { type Action, useAction } from '../../../bridge/use-action.ts';
import { useProgress } from '../reports/use-progress.ts';
import { useStopOnLeave } from '../reports/use-stop-on-leave.ts';
import type { Progress } from '../reports/work-progress.tsx';

export interface BundleReperforming {
  readonly run: Action<readonly [file: string]>;
  readonly cancel: Action<readonly []>;
  readonly progress: Progress | null;
  /** The report being recomputed, and the one it was last. */
  readonly running: string | null;
  readonly last: string | null;
  readonly cancelled: boolean;
  readonly results: ReadonlyMap<string, Reperformed>;
}

/** Recomputes the reports of the bundle that is open, one at a time, from its chain. */
export function useBundleReperform(): BundleReperforming {
  const { progress, reset } = useProgress('reperforming');
  const [last, setLast] = useState<string | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const [results, setResults] = useState<ReadonlyMap<string, Reperformed>>(new Map());
  const run = useAction(async (file: string) => {
    reset();
    setLast(file);
    setCancelled(false);
    try {
      const result = await call('bundle.reperform', { file });
      setResults((known) => new Map(known).set(file, result));
    } catch (failure) {
      const error = toUiError(failure);
      if (error.code !== 'cancelled') throw error;
      setCancelled(true);
    }
  });
  useStopOnLeave(run.busy, 'reports.cancelReperform');
  const cancel = useAction(async () => {
    await call('reports.cancelReperform', {});
  });
  return { run, cancel, progress, running: run.busy ? last : null, last, cancelled, results };
}
