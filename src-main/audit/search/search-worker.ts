import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { openReading } from '#main/platform/sqlite-derived.ts';
import { extendIndex, openIndex, readBuilt } from './index-file.ts';

/** A thread that keeps the search index of one store: it catches up, says how far it is, and waits to be told of more. */
const Task = z.strictObject({ audit: z.string(), index: z.string(), chain: z.string(), fresh: z.boolean() });

const BATCH = 1000;
/** Milliseconds left to others after each batch: nobody waits for this. */
const PAUSE = 4;

const port = parentPort;
if (port === null) throw new Error('the search index is kept in a thread of its own');
const task = Task.parse(workerData);
const audit = openReading(task.audit);
const index = openIndex(task.index, audit, task.chain, task.fresh);
let wanted = true;
let running = false;

async function catchUp(): Promise<void> {
  if (running) return;
  running = true;
  while (wanted) {
    wanted = false;
    let added = BATCH;
    while (added === BATCH) {
      added = extendIndex(index, audit, BATCH);
      port?.postMessage({ last: readBuilt(index)?.last ?? 0 });
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  running = false;
}

port.on('message', () => {
  wanted = true;
  void catchUp();
});
void catchUp();
