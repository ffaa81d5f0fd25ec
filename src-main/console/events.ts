import type { ConsoleEvent } from '#shared/ipc/contract.ts';

export interface Events {
  emit(event: ConsoleEvent): void;
  subscribe(listener: (event: ConsoleEvent) => void): () => void;
}

/** Tells listeners what changed. A listener that throws harms nobody else and never what is being told. */
export function createEvents(onError: (error: unknown) => void): Events {
  const listeners = new Set<(event: ConsoleEvent) => void>();
  return {
    emit: (event) => {
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe: (listener) => {
      const own = (event: ConsoleEvent) => listener(event);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}

/** Calls `work` soon after the first of a burst of requests, and once for all of them. */
export function throttle(
  everyMs: number,
  work: () => void,
): { readonly request: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    request: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, everyMs).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
