import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { CausewayError } from '#shared/errors.ts';
import { exampleCancelled } from './example.ts';
import type { ExampleClock } from './example-clock.ts';
import { DAY, type Happening, type Past, type Step } from './happening.ts';

/** So many wait to be durable at most: enough for full groups, little memory. */
const MOST_WAITING = 1500;

export interface WritingOptions {
  readonly store: Pick<AuditStore, 'append' | 'head' | 'checkpoint'>;
  readonly clock: ExampleClock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly total: number;
}

/**
 * Writes a history in the order of its times. Appends are issued without waiting for one another, so that the store signs
 * and commits them in groups; only what names an earlier record by its hash waits for that one.
 */
export async function writeSteps(steps: readonly Step[], options: WritingOptions): Promise<void> {
  const { store, clock, signal, onProgress, total } = options;
  const records = new Map<string, StoredRecord>();
  let waiting: Happening[] = [];
  let seq = store.head().seq;
  let nextCheckpoint = clock.now() + DAY;

  // All of them in one turn: the store writes together what waits when it begins.
  const settle = async (): Promise<void> => {
    const appended = waiting.map((happening) => append(happening));
    waiting = [];
    await Promise.all(appended);
    onProgress?.(Math.min(seq, total), total);
  };
  const append = async ({ at, name, input }: Happening): Promise<void> => {
    clock.comingUp(at);
    const appended = store.append(typeof input === 'function' ? input(past) : input);
    seq += 1;
    const record = await appended;
    if (name !== undefined) records.set(name, record);
  };
  const recordOf = (name: string): StoredRecord => {
    const record = records.get(name);
    if (record === undefined) throw new CausewayError('internal', `Nothing is on record of ${name}.`);
    return record;
  };
  const past: Past = {
    get seq() {
      return seq + 1;
    },
    hash: (name) => recordOf(name).hash,
    seqOf: (name) => recordOf(name).seq,
  };
  const needsWaiting = ({ needs = [] }: Happening): boolean => needs.some((needed) => !records.has(needed));

  for (const step of inOrder(steps)) {
    if (signal?.aborted) {
      await settle();
      throw exampleCancelled();
    }
    if (step.at >= nextCheckpoint) {
      await settle();
      clock.set(nextCheckpoint);
      await store.checkpoint();
      while (nextCheckpoint <= step.at) nextCheckpoint += DAY;
    }
    if ('act' in step) {
      await settle();
      clock.set(step.at);
      await step.act();
      seq = store.head().seq;
    } else {
      if (waiting.length >= MOST_WAITING || needsWaiting(step)) await settle();
      waiting.push(step);
    }
  }
  await settle();
}

function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => a.at - b.at);
}
