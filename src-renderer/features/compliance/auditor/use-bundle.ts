import { useState } from 'react';
import type { ChannelInput, ChannelOutput } from '#shared/ipc/contract.ts';
import { call } from '../../../bridge/call.ts';
import { requireStopped } from '../../../bridge/ui-error.ts';
import { type Action, useAction } from '../../../bridge/use-action.ts';
import { useProgress } from '../reports/use-progress.ts';
import type { Progress } from '../reports/work-progress.tsx';

type BundleRequest = ChannelInput<'bundle.save'>;
type Made = Extract<ChannelOutput<'bundle.save'>, { cancelled: false }>['value'];

export interface BundleMaking {
  readonly save: Action<readonly [BundleRequest]>;
  readonly cancel: Action<readonly []>;
  readonly progress: Progress | null;
  readonly made: Made | null;
  readonly cancelled: boolean;
  readonly forget: () => void;
}

/** Writes a folder for an auditor. */
export function useBundle(onMade: () => void): BundleMaking {
  const { progress, reset } = useProgress('reporting');
  const [made, setMade] = useState<Made | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const save = useAction(async (request: BundleRequest) => {
    reset();
    setMade(null);
    setCancelled(false);
    try {
      const answer = await call('bundle.save', request);
      if (answer.cancelled) return;
      setMade(answer.value);
      onMade();
    } catch (failure) {
      requireStopped(failure);
      setCancelled(true);
    }
  });
  const cancel = useAction(async () => {
    await call('reports.cancel', {});
  });
  return { save, cancel, progress, made, cancelled, forget: () => setMade(null) };
}
