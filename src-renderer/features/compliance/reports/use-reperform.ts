import { useState } from 'react';
import type { Reperformed } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { toUiError } from '../../../bridge/ui-error.ts';
import { type Action, useAction } from '../../../bridge/use-action.ts';
import { useProgress } from './use-progress.ts';
import { useStopOnLeave } from './use-stop-on-leave.ts';
import type { Progress } from './work-progress.tsx';

export interface Reperforming {
  readonly run: Action<readonly []>;
  readonly cancel: Action<readonly []>;
  readonly progress: Progress | null;
  readonly result: Reperformed | null;
  readonly cancelled: boolean;
  readonly clear: () => void;
}

/** Recomputes a report from an exported chain, both chosen in file dialogs. */
export function useReperform(): Reperforming {
  const { progress, reset } = useProgress('reperforming');
  const [result, setResult] = useState<Reperformed | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const run = useAction(async () => {
    reset();
    setCancelled(false);
    try {
      const answer = await call('reports.reperform', {});
      if (!answer.cancelled) setResult(answer.value);
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
  return { run, cancel, progress, result, cancelled, clear: () => setResult(null) };
}
