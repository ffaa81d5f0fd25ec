import { useState } from 'react';
import type { ChannelOutput } from '#shared/ipc/contract.ts';
import { call } from '../../bridge/call.ts';
import { requireStopped } from '../../bridge/ui-error.ts';
import { type Action, useAction } from '../../bridge/use-action.ts';
import { useProgress } from '../compliance/reports/use-progress.ts';
import type { Progress } from '../compliance/reports/work-progress.tsx';

/** How to sign in to the example. It is plainly an example: its password is shown, and kept by nobody. */
export type Example = ChannelOutput<'example.load'>;

export interface ExampleLoading {
  readonly load: Action<readonly []>;
  readonly cancel: Action<readonly []>;
  /** The person stopped it, and nothing is left of it. */
  readonly stopped: boolean;
  readonly progress: Progress | null;
  readonly made: Example | null;
  /** From the moment it is made until the person goes on to sign in. */
  readonly telling: boolean;
  readonly goOn: () => void;
}

/** Makes the example workspace. It lives above the screens: its workspace is open before the answer is here. */
export function useExample(): ExampleLoading {
  const { progress, reset } = useProgress('loading');
  const [made, setMade] = useState<Example | null>(null);
  const [telling, setTelling] = useState(false);
  const [stopped, setStopped] = useState(false);
  const load = useAction(async () => {
    reset();
    setStopped(false);
    try {
      setMade(await call('example.load', {}));
      setTelling(true);
    } catch (failure) {
      requireStopped(failure);
      setStopped(true);
    }
  });
  const cancel = useAction(async () => {
    await call('example.cancelLoad', {});
  });
  return { load, cancel, stopped, progress, made, telling, goOn: () => setTelling(false) };
}
