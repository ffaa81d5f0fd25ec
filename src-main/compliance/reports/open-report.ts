import { type RunningWorker, startWorker } from '#main/platform/workers.ts';
import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import type { BundledTerms, JudgedReport } from './judge-bundled.ts';
import { REPORT_LIMITS, type ReportLimits } from './report-file.ts';

/** Between the program and its thread for report files; both ends are this program, of one version. */
export interface ReportTask {
  readonly path: string;
  readonly limits: ReportLimits;
  /** Of a report in a bundle: its digest by the manifest. null: it is only read, and its bytes are handed over. */
  readonly bundled: { readonly digest: string; readonly terms: BundledTerms } | null;
}

export type FromReportThread =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'judged'; readonly report: JudgedReport }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly reason: string | undefined; readonly text: string };

export interface ReportThreadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ReportLimits | undefined;
  /** MiB; a file that needs more is none. */
  readonly heapMb?: number | undefined;
}

/** Where reports of somebody else are read: what they bring about ends a thread at most, and never the program. */
export interface ReportThread {
  /** @throws CausewayError `bad-input`, `too-large`, `cancelled`: this file’s failure; the next one is read all the same */
  judge(path: string, digest: string, terms: BundledTerms): Promise<JudgedReport>;
  /** The bytes of a file that readReportFile reads: of the form of a report, and within the limits. Same errors. */
  read(path: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

const WORKER = 'compliance/reports/report-worker';
/** MiB. A page of as many exceptions as a report lists is read in 512. */
const HEAP_MB = 768;

type Waiting = PromiseWithResolvers<FromReportThread>;

/** The thread is started with the first file, and started anew after one that ended it. Files are read one by one. */
export function openReportThread(options: ReportThreadOptions = {}): ReportThread {
  const { signal, limits = REPORT_LIMITS, heapMb = HEAP_MB } = options;
  let running: RunningWorker | null = null;
  let waiting: Waiting | null = null;
  const start = (): RunningWorker => {
    const onMessage = (message: unknown) => waiting?.resolve(message as FromReportThread); // of our own thread
    const thread = startWorker(WORKER, null, { onMessage, heapMb });
    const ended = (error: unknown) => {
      if (running === thread) waiting?.reject(whyEnded(error));
    };
    thread.ended.then(() => ended(null), ended);
    return thread;
  };
  const close = async (): Promise<void> => {
    const thread = running;
    running = null;
    await thread?.stop();
  };
  const ask = async (task: Omit<ReportTask, 'limits'>): Promise<FromReportThread> => {
    if (signal?.aborted) throw cancelled();
    const answer: Waiting = Promise.withResolvers();
    waiting = answer;
    running ??= start();
    running.send({ ...task, limits } satisfies ReportTask);
    const stop = () => answer.reject(cancelled());
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await answer.promise;
    } catch (error) {
      await close();
      throw error;
    } finally {
      waiting = null;
      signal?.removeEventListener('abort', stop);
    }
  };
  return {
    judge: async (path, digest, terms) => {
      const message = await ask({ path, bundled: { digest, terms } });
      if (message.type === 'judged') return message.report;
      throw toError(message);
    },
    read: async (path) => {
      const message = await ask({ path, bundled: null });
      if (message.type === 'bytes') return message.bytes;
      throw toError(message);
    },
    close,
  };
}

/**
 * The bytes of one report somebody gave us, after a thread has read it: whoever reads them again here knows that they are
 * a report, and no trap.
 * @throws CausewayError `bad-input`, `too-large`, `cancelled`
 */
export async function readReportSafely(path: string, options: ReportThreadOptions = {}): Promise<Uint8Array> {
  const thread = openReportThread(options);
  try {
    return await thread.read(path);
  } finally {
    await thread.close();
  }
}

function toError(message: FromReportThread): CausewayError {
  if (message.type !== 'failed') return new CausewayError('internal', 'The thread for reports gave another answer.');
  const { code, reason, text } = message;
  return new CausewayError(code, text, reason === undefined ? {} : { reason });
}

function whyEnded(error: unknown): CausewayError {
  const cause = error instanceof CausewayError ? error.cause : null;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const text = 'This is no report made by Causeway: reading it takes more memory than any report does.';
    return new CausewayError('too-large', text, { reason: 'memory', cause: error });
  }
  if (error instanceof CausewayError) return error;
  return new CausewayError('internal', 'The thread that reads reports ended.');
}

function cancelled(): CausewayError {
  return new CausewayError('cancelled', 'Reading the report was cancelled.');
}
