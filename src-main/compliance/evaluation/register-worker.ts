import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { countRegister } from './count-register.ts';
import { PRODUCT_RULES } from './product-rules.ts';
import type { CounterTask, FromCounter, ToCounter } from './register-messages.ts';
import { failure } from './worker-messages.ts';

/** A thread that counts a store's records for the register: it catches up when it is told to, and waits. */
const port = parentPort;
if (port === null) throw new Error('this file is run as a worker');
const send = (message: FromCounter) => port.postMessage(message);
const counting = countRegister(PRODUCT_RULES, workerData as CounterTask, send);

lowerPriority();
port.on('message', ({ save }: ToCounter) => {
  try {
    counting.catchUp(save);
  } catch (error) {
    send(failure(error));
  }
});

/** On Linux a priority is a thread's; elsewhere it would be the whole program's. Nobody waits for this thread. */
function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(0, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // not allowed here: it counts at the same pace as others
  }
}
