/** Milliseconds since the Unix epoch. Injected wherever time decides something, so that tests can stand at any instant. */
export interface Clock {
  now(): number;
}

/** A clock one can also wait on. The sandbox cloud's runs on its own time, so that minutes of telemetry pass at once. */
export interface WaitingClock extends Clock {
  /** Resolves when `ms` milliseconds of this clock have passed; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const wallClock: WaitingClock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const done = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const timer = setTimeout(done, ms);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
