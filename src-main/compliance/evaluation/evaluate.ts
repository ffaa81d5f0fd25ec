import type { ReaderAddress } from '#main/audit/reading/record-reader.ts';
import { startWorker } from '#main/platform/workers.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Evaluation, EvaluationRequest } from './evaluation.ts';
import { type FromEvaluator, toError } from './worker-messages.ts';

/** Where the records are read: a store beside which a thread can stand, or a chain file. */
export type RecordSource =
  | { readonly kind: 'store'; readonly address: ReaderAddress }
  | { readonly kind: 'file'; readonly path: string };

export interface EvaluateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Records done and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const WORKER = 'compliance/evaluation/evaluate-worker';
/** MiB. Seqs and times stand outside of the heap; a record may have 4. */
const HEAP_MB = 256;

/**
 * Reads the records 1 to `last` once, on a thread, and counts. The same records and the same request give the same answer.
 * @throws CausewayError `cancelled`, `bad-input` for a file that is not a whole chain up to `last` and for an unknown
 * control or collector, `audit-broken` for a store without records, `too-large` for more exceptions than a report holds
 */
export async function evaluate(
  source: RecordSource,
  request: EvaluationRequest,
  { signal, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  if (signal?.aborted) throw cancelled();
  const { promise, resolve, reject } = Promise.withResolvers<Evaluation>();
  const onMessage = (raw: unknown) => {
    const message = raw as FromEvaluator; // of our own thread, of this version
    switch (message.type) {
      case 'progress':
        onProgress?.(message.done, message.total);
        return;
      case 'done':
        resolve(message.evaluation);
        return;
      case 'failed':
        reject(toError(message));
        return;
    }
  };
  const thread = startWorker(WORKER, { source, request }, { onMessage, heapMb: HEAP_MB });
  thread.ended.then(() => reject(new CausewayError('internal', 'The evaluating thread ended.')), reject);
  const stop = () => reject(cancelled());
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    await thread.stop();
  }
}

function cancelled(): CausewayError {
  return new CausewayError('cancelled', 'The evaluation was stopped.');
}
