import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WaitingClock } from '#main/platform/clock.ts';

/**
 * The time of a recorded system. It stands still until somebody waits on it, and then passes at once: ten minutes of
 * watching a recovery take no time, and the same steps always see the same data.
 */
export function createTelemetryClock(start: number): WaitingClock {
  let now = start;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`Cannot wait ${ms} milliseconds.`);
      now += ms;
      await nextTurn();
      signal?.throwIfAborted();
    },
  };
}
