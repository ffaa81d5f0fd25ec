import { parentPort, workerData } from 'node:worker_threads';
import { type BlockExpectation, BlockReader } from './record-block.ts';

/** The thread of parallel-lines.ts: reads the blocks of lines it is told of, and says what it found in them. */
interface WorkerStart {
  readonly expect: BlockExpectation;
  readonly slots: readonly SharedArrayBuffer[];
}

const { expect, slots } = workerData as WorkerStart; // the program's own thread, not a file
const reader = new BlockReader(expect);
const local = Buffer.allocUnsafe(Math.max(...slots.map((slot) => slot.byteLength)));

parentPort?.on('message', ({ slot, length }: { readonly slot: number; readonly length: number }) => {
  const shared = slots[slot];
  if (shared === undefined) throw new Error(`there is no slot ${slot}`);
  const block = local.subarray(0, length); // its own copy: decoders take no shared memory
  block.set(new Uint8Array(shared, 0, length));
  parentPort?.postMessage({ slot, parts: reader.read(block) });
});
