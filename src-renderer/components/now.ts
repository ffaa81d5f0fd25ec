import { useSyncExternalStore } from 'react';

type Pace = 1000 | 15_000;

function createTicker(pace: Pace) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    read: () => now,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      if (timer === undefined) {
        now = Date.now();
        timer = setInterval(() => {
          now = Date.now();
          for (const each of listeners) each();
        }, pace);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const TICKERS = { 1000: createTicker(1000), 15000: createTicker(15_000) };

/** The time, renewed at one pace for all who ask: 1 s for countdowns, 15 s for ages. */
export function useNow(pace: Pace): number {
  return useSyncExternalStore(TICKERS[pace].subscribe, TICKERS[pace].read);
}
