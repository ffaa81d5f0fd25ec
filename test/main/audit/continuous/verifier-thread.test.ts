import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Job, VerifiedStore } from '#main/audit/continuous/jobs.ts';
import { createVerifierThread, type StartThread } from '#main/audit/continuous/verifier-thread.ts';
import type { ToWorker } from '#main/audit/continuous/worker-messages.ts';
import { removeFolder, type TestStore } from '../../../support/audit-store.ts';
import { edit, filledStore, verifiedStore } from './checked-store.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openStore(records: number): Promise<TestStore> {
  const test = await filledStore(records);
  cleanups.push(
    () => removeFolder(test.folder),
    () => test.store.close().catch(() => undefined),
  );
  return test;
}

const job = (to: number): Job => ({
  kind: 'range',
  request: { block: 0, from: 0, to, nodes: [], prev: null, roots: [], pin: null },
});

describe('the thread', () => {
  it('checks a block beside everything else, and more than one thing at a time', async () => {
    const test = await openStore(1600);
    const thread = createVerifierThread(verifiedStore(test));
    cleanups.push(() => thread.stop());
    const answers = await Promise.all([thread.run(job(1600)), thread.run(job(20))]);
    expect(answers.map((answer) => answer.kind === 'range' && [answer.found.to, answer.found.problems.length])).toEqual(
      [
        [1600, 0],
        [20, 0],
      ],
    );
    await expect(
      createVerifierThread({ ...verifiedStore(test), path: `${test.path}.none` }).run(job(5)),
    ).rejects.toMatchObject({ code: 'read-only' });
  });

  it('whose jobs fail with it is started again, after pauses that grow', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const deaths: ((error: Error) => void)[] = [];
    const sent: unknown[] = [];
    let answer: (message: unknown) => void = () => {};
    const start: StartThread = (_data, onMessage) => {
      answer = onMessage;
      const { promise, reject } = Promise.withResolvers<void>();
      deaths.push(reject);
      return { send: (message) => sent.push(message), ended: promise, stop: async () => {} };
    };
    const thread = createVerifierThread({} as VerifiedStore, start);
    for (const pause of [1000, 2000, 4000]) {
      const running = thread.run(job(1));
      deaths.at(-1)?.(new Error('out of memory'));
      await expect(running).rejects.toThrow('out of memory');
      vi.advanceTimersByTime(pause - 1);
      await expect(thread.run(job(1))).rejects.toMatchObject({ reason: 'backing-off' });
      vi.advanceTimersByTime(2);
    }
    expect(deaths).toHaveLength(3);
    const running = thread.run(job(1));
    const { id } = sent.at(-1) as ToWorker;
    answer({ type: 'answer', id, answer: { kind: 'whole', found: { problems: [], problemCount: 0 } } });
    expect(await running).toMatchObject({ kind: 'whole' });
    const waiting = thread.run(job(1));
    await thread.stop();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(thread.run(job(1))).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a verification of a longer chain', () => {
  it('leaves the event loop to others, tells how far it is, and says the same as one of a short chain', async () => {
    const test = await openStore(2500);
    let turns = 0;
    const tick = setInterval(() => turns++, 1);
    const told: number[] = [];
    const verdict = await test.store.verify({ onProgress: (done) => told.push(done) });
    clearInterval(tick);
    expect(verdict).toMatchObject({ verdict: 'valid', records: 2500, problems: [], file: test.path });
    expect(told.at(-1)).toBe(2500);
    expect(turns).toBeGreaterThan(told.length / 8);
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq IN (7, 2400)'));
    const broken = await test.store.verify();
    expect(broken.problems.map(({ seq, code }) => [seq, code])).toEqual([
      [7, 'signature'],
      [2400, 'signature'],
    ]);
  });

  it('is stopped when asked, and when the store is closed', async () => {
    const test = await openStore(2500);
    const stop = new AbortController();
    const verifying = test.store.verify({ signal: stop.signal, onProgress: () => stop.abort() });
    await expect(verifying).rejects.toMatchObject({ code: 'cancelled' });
    const other = test.store.verify();
    await test.store.close();
    await expect(other).rejects.toMatchObject({ code: 'cancelled' });
  });
});
