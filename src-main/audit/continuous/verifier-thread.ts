import { type RunningWorker, startWorker } from '#main/platform/workers.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { VerifyStoreOptions } from '../store.ts';
import type { FullRequest } from '../verify-store.ts';
import type { Answer, Job, VerifiedStore } from './jobs.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** A path below src-main, as the build's entries are named. */
const WORKER = 'audit/continuous/verify-worker';
/** MiB. A record may have 4, and 32 of them are held at a time. */
const HEAP_MB = 160;
const BACKOFF_FIRST = 1_000;
const BACKOFF_MOST = 5 * 60_000;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Does the jobs of continuous verification, on a thread or wherever. */
export interface JobRunner {
  /** @throws CausewayError of the job, or `internal` when what ran it is gone */
  run(job: Job): Promise<Answer>;
  stop(): Promise<void>;
}

export type StartThread = (
  data: VerifiedStore,
  onMessage: (message: unknown) => void,
) => Pick<RunningWorker, 'send' | 'ended' | 'stop'>;

const startThread: StartThread = (data, onMessage) => startWorker(WORKER, data, { onMessage, heapMb: HEAP_MB });

/**
 * One thread, started when the first job comes. When it dies, the jobs it had fail, and the next one starts another
 * after a pause that grows while threads keep dying.
 */
export function createVerifierThread(store: VerifiedStore, start: StartThread = startThread): JobRunner {
  const waiting = new Map<number, Waiting>();
  let thread: ReturnType<StartThread> | null = null;
  let stopped = false;
  let next = 1;
  let deaths = 0;
  let notBefore = 0;

  function died(error: unknown): void {
    thread = null;
    notBefore = performance.now() + Math.min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** deaths);
    deaths++;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  function receive(message: FromWorker): void {
    const one = waiting.get(message.id);
    if (one === undefined) return;
    switch (message.type) {
      case 'answer':
        waiting.delete(message.id);
        deaths = 0;
        one.resolve(message.answer);
        return;
      case 'failed':
        waiting.delete(message.id);
        one.reject(toError(message));
        return;
      case 'verdict':
      case 'progress':
        return; // of whole verifications, which have a thread of their own
    }
  }

  function ready(): ReturnType<StartThread> {
    if (thread !== null) return thread;
    if (performance.now() < notBefore) {
      throw new CausewayError('internal', 'The verifying thread failed and is started again in a while.', {
        reason: 'backing-off',
      });
    }
    const started = start(store, (message) => receive(message as FromWorker));
    thread = started;
    started.ended.then(
      () => (stopped ? undefined : died(new CausewayError('internal', 'The verifying thread ended.'))),
      (error: unknown) => died(error),
    );
    return started;
  }

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (stopped) throw new CausewayError('cancelled', 'The verification was stopped.');
        const running = ready();
        const id = next++;
        waiting.set(id, { resolve, reject });
        running.send({ id, job } satisfies ToWorker);
      }),
    stop: async () => {
      stopped = true;
      for (const one of waiting.values()) one.reject(new CausewayError('cancelled', 'The verification was stopped.'));
      waiting.clear();
      await thread?.stop();
      thread = null;
    },
  };
}

/** A verification of everything, on a thread of its own that ends with it. @throws CausewayError `cancelled`, `internal` */
export async function verifyOnThread(
  store: VerifiedStore,
  request: FullRequest,
  { signal, onProgress }: VerifyStoreOptions,
  start: StartThread = startThread,
): Promise<Verdict> {
  if (signal?.aborted) throw cancelled();
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
  const thread = start(store, (raw) => {
    const message = raw as FromWorker;
    if (message.type === 'progress') onProgress?.(message.done, message.total);
    else if (message.type === 'verdict') resolve(message.verdict);
    else if (message.type === 'failed') reject(toError(message));
  });
  thread.ended.then(() => reject(new CausewayError('internal', 'The verifying thread ended.')), reject);
  const stop = () => reject(cancelled());
  signal?.addEventListener('abort', stop, { once: true });
  try {
    thread.send({ id: 0, job: { kind: 'full', request } } satisfies ToWorker);
    return await promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    await thread.stop();
  }
}

function toError({ code, reason, message }: Extract<FromWorker, { type: 'failed' }>): CausewayError {
  return new CausewayError(code, message, reason === undefined ? {} : { reason });
}

function cancelled(): CausewayError {
  return new CausewayError('cancelled', 'The verification was stopped.');
}
