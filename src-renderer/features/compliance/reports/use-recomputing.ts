import { useState } from 'react';
import { call } from '../../../bridge/call.ts';
import { requireStopped } from '../../../bridge/ui-error.ts';
import { type Action, useAction } from '../../../bridge/use-action.ts';
import { useProgress } from './use-progress.ts';
import { useStopOnLeave } from './use-stop-on-leave.ts';
import type { Progress } from './work-progress.tsx';

/** Recomputing under way: how far it is, and whether the last one was stopped. */
export interface Recomputing<Args extends readonly unknown[]> {
  readonly run: Action<Args>;
  readonly cancel: Action<readonly []>;
  readonly progress: Progress | null;
  readonly cancelled: boolean;
}

/** Recomputes one report at a time as `recompute` does; stops when the screen is left. Being stopped is no failure. */
export function useRecomputing<Args extends readonly unknown[]>(
  recompute: (...args: Args) => Promise<void>,
): Recomputing<Args> {
  const { progress, reset } = useProgress('reperforming');
  const [cancelled, setCancelled] = useState(false);
  const run = useAction(async (...args: Args) => {
    reset();
    setCancelled(false);
    try {
      await recompute(...args);
    } catch (failure) {
      requireStopped(failure);
      setCancelled(true);
    }
  });
  useStopOnLeave(run.busy, 'reports.cancelReperform');
  const cancel = useAction(async () => {
    await call('reports.cancelReperform', {});
  });
  return { run, cancel, progress, cancelled };
}
