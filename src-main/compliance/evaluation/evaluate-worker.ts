import { parentPort, workerData } from 'node:worker_threads';
import { evaluateSource } from './evaluate-records.ts';
import { PRODUCT_RULES } from './product-rules.ts';
import { type EvaluatorTask, type FromEvaluator, failure } from './worker-messages.ts';

/** A thread that evaluates one chain and ends. Whoever does not want to wait any more ends it. */
const port = parentPort;
if (port === null) throw new Error('this file is run as a worker');
const { source, request } = workerData as EvaluatorTask;
const send = (message: FromEvaluator) => port.postMessage(message);

try {
  const onProgress = (done: number, total: number) => send({ type: 'progress', done, total });
  send({ type: 'done', evaluation: await evaluateSource(PRODUCT_RULES, source, request, onProgress) });
} catch (error) {
  send(failure(error));
}
