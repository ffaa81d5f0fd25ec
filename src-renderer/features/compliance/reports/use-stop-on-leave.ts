import { useEffect, useRef } from 'react';
import { call } from '../../../bridge/call.ts';

/** Stops what is being computed when nobody is there any more to see what it comes to. */
export function useStopOnLeave(busy: boolean, channel: 'reports.cancel' | 'reports.cancelReperform'): void {
  const running = useRef(busy);
  running.current = busy;
  useEffect(
    () => () => {
      // it may be over by itself, or the session with it: either way nothing is left to stop
      if (running.current) call(channel, {}).catch(() => undefined);
    },
    [channel],
  );
}
