import { CausewayError } from '#shared/errors.ts';

/** Lets nothing new begin once the console is closing, and knows when what had begun before is done. */
export interface ClosingGate {
  /** Begins something. @throws CausewayError `conflict` when the console is closing */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** For work that had to wait: whether it may still go on. @throws CausewayError `conflict` */
  demandOpen(): void;
  close(): void;
  /** Aborted when closing begins: what takes long ends then, and is not waited for. */
  readonly closing: AbortSignal;
  /** Resolves when nothing that went through the gate is under way. */
  idle(): Promise<void>;
}

export function createClosingGate(): ClosingGate {
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const demandOpen = () => {
    if (closing.signal.aborted)
      throw new CausewayError('conflict', 'The console is closing; nothing was begun.', { reason: 'closing' });
  };
  return {
    demandOpen,
    run: async (work) => {
      demandOpen();
      const promise = work();
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    closing: closing.signal,
    close: () => closing.abort(),
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** `work`, but rejected with `cloud-unreachable` when it takes longer than `ms`: a cloud that hangs must not hold the end. */
export async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const text = `${what} took longer than ${ms / 1000} seconds. What is missing on record is recorded at the next start.`;
      reject(new CausewayError('cloud-unreachable', text, { reason: 'close-timeout' }));
    }, ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
