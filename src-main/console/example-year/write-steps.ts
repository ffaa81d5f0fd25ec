import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { CausewayError } from '#shared/errors.ts';
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
  let waiting: Promise<unknown>[] = [];
  let failure: unknown = null;
  let seq = store.head().seq;
  let nextCheckpoint = clock.now() + DAY;

  const settle = async (): Promise<void> => {
    const waited = waiting;
    waiting = [];
    await Promise.all(waited);
    if (failure !== null) throw failure;
    onProgress?.(Math.min(seq, total), total);
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
  const write = async (happening: Happening): Promise<void> => {
    const { at, name, needs = [], input } = happening;
    if (waiting.length >= MOST_WAITING || needs.some((needed) => !records.has(needed))) await settle();
    clock.comingUp(at);
    const appended = store.append(typeof input === 'function' ? input(past) : input);
    seq += 1;
    const noted = appended.then((record) => {
      if (name !== undefined) records.set(name, record);
    });
    waiting.push(noted.catch((error: unknown) => (failure ??= error)));
  };

  for (const step of inOrder(steps)) {
    if (signal?.aborted) {
      await settle();
      throw new CausewayError('cancelled', 'The example was not finished; nothing is left of it.');
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
    } else await write(step);
  }
  await settle();
}

function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => a.at - b.at);
}
