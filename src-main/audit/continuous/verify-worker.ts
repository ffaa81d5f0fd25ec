import os from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { CausewayError, describeError } from '#shared/errors.ts';
import { verifySnapshot } from '../verify-store.ts';
import { openVault, runJob, type VerifiedStore } from './jobs.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** Verifies a store beside the program's main thread. Jobs may overlap: what came just now does not wait for a block. */
const store = workerData as VerifiedStore;
const port = parentPort;
if (port === null) throw new Error('this file is run as a worker');
const send = (message: FromWorker) => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  answer(message).catch((error: unknown) => {
    const { code, reason } = error instanceof CausewayError ? error : { code: 'internal' as const, reason: undefined };
    send({ type: 'failed', id: message.id, code, reason, message: describeError(error) });
  });
});

async function answer({ id, job }: ToWorker): Promise<void> {
  if (job.kind !== 'full') {
    lowerPriority(); // a person waits for a full one
    send({ type: 'answer', id, answer: await runJob(store, job, async () => await nextTurn()) });
    return;
  }
  const onProgress = (done: number, total: number) => send({ type: 'progress', id, done, total });
  send({
    type: 'verdict',
    id,
    verdict: await verifySnapshot({ ...store, vault: openVault(store) }, job.request, { onProgress }),
  });
}

/** On Linux a priority is a thread's; elsewhere it would be the whole program's, and the pace alone has to do. */
function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(0, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // not allowed here: the pace has to do
  }
}
