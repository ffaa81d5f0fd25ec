import { existsSync } from 'node:fs';
import { type Transferable, Worker } from 'node:worker_threads';
import { CausewayError, describeError } from '#shared/errors.ts';

/**
 * Threads for work that would hold up everything else. A worker is a file beside the sources (`audit/verify-worker`);
 * run from TypeScript it is that file, in the built app the entry of the same name beside the main bundle.
 */
export interface WorkerOptions {
  /** Told of every message. What it throws ends the worker. */
  readonly onMessage: (message: unknown) => void;
  /** Largest heap in MiB: a worker reads what others wrote, and must not take the whole process with it. */
  readonly heapMb?: number;
}

export interface RunningWorker {
  send(message: unknown, transfer?: readonly Transferable[]): void;
  /**
   * Fulfilled when the worker ended by itself or was stopped. Rejected (CausewayError `internal`) when it threw, could
   * not be loaded, ran out of memory, or ended with another status than 0.
   */
  readonly ended: Promise<void>;
  /** Ends it at once, whatever it is doing. */
  stop(): Promise<void>;
}

const HEAP_MB = 64;
const YOUNG_MB = 8;

/** Starts the worker called `name`, a path below src-main without its ending. `data` is its `workerData`. */
export function startWorker(name: string, data: unknown, options: WorkerOptions): RunningWorker {
  return launchWorker(findWorker(name), data, options);
}

/**
 * The file of a worker. The bundler may put this module into any chunk, so the entry is looked for beside it and one
 * folder up.
 * @throws CausewayError `internal` when there is none
 */
export function findWorker(name: string, from = import.meta.url): URL {
  const candidates = from.endsWith('.ts') ? [`../${name}.ts`] : [`./${name}.js`, `../${name}.js`];
  for (const candidate of candidates) {
    const file = new URL(candidate, from);
    if (existsSync(file)) return file;
  }
  throw new CausewayError('internal', `A part of the program is missing: ${name}. Install it again.`);
}

/** Starts a worker from a file. */
export function launchWorker(file: URL, data: unknown, options: WorkerOptions): RunningWorker {
  const worker = new Worker(file, {
    workerData: data,
    execArgv: [], // not the inspector, not the loaders of whoever started the program
    env: {}, // what stands in the environment is no business of a worker
    resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  let stopped = false;
  const ended = new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) => {
      reject(new CausewayError('internal', `A worker of the program failed: ${describeError(cause)}`, { cause }));
      void worker.terminate();
    };
    worker.on('message', (message: unknown) => {
      if (stopped) return;
      try {
        options.onMessage(message);
      } catch (error) {
        fail(error);
      }
    });
    worker.on('messageerror', fail);
    worker.on('error', fail);
    worker.on('exit', (status) => {
      if (stopped || status === 0) resolve();
      else fail(new Error(`it ended with status ${status}`));
    });
  });
  ended.catch(() => undefined); // whoever waits for it is told; a worker nobody waits for must not end the program
  return {
    send: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    ended,
    stop: async () => {
      stopped = true;
      await worker.terminate();
    },
  };
}
