import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { findWorker, launchWorker } from '#main/platform/workers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'causeway-workers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = "import { parentPort, workerData } from 'node:worker_threads';\n";

function write(name: string, text: string): URL {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return pathToFileURL(file);
}

const silent = { onMessage: () => undefined };

describe('a worker', () => {
  test('gets its data, answers, and ends by itself', async () => {
    const file = write(
      'answer.ts',
      `${HEAD}parentPort?.once('message', (n: number) => parentPort?.postMessage(n + workerData));`,
    );
    const answers: unknown[] = [];
    const worker = launchWorker(file, 40, { onMessage: (message) => answers.push(message) });
    worker.send(2);
    await worker.ended;
    expect(answers).toEqual([42]);
  });

  test('that throws is a rejection', async () => {
    const worker = launchWorker(write('throws.mjs', "throw new Error('no');"), null, silent);
    await expect(worker.ended).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('no') });
  });

  test('that cannot be loaded, or is not there, is a rejection', async () => {
    const broken = launchWorker(write('broken.mjs', 'this is no program'), null, silent);
    await expect(broken.ended).rejects.toMatchObject({ code: 'internal' });
    const missing = launchWorker(pathToFileURL(path.join(folder, 'none.mjs')), null, silent);
    await expect(missing.ended).rejects.toMatchObject({ code: 'internal' });
  });

  test('that exits with a status is a rejection', async () => {
    const worker = launchWorker(write('exits.mjs', 'process.exit(3);'), null, silent);
    await expect(worker.ended).rejects.toMatchObject({ message: expect.stringContaining('status 3') });
  });

  test('that takes more memory than it may is a rejection, and the program goes on', async () => {
    const file = write('fills.mjs', 'const all = []; for (;;) all.push(new Array(10_000).fill({}));');
    const worker = launchWorker(file, null, { ...silent, heapMb: 16 });
    await expect(worker.ended).rejects.toMatchObject({ code: 'internal' });
  });

  test('whose answer cannot be taken is ended', async () => {
    const file = write('talks.mjs', `${HEAD}parentPort.postMessage('odd'); parentPort.on('message', () => {});`);
    const worker = launchWorker(file, null, {
      onMessage: () => {
        throw new Error('unexpected');
      },
    });
    await expect(worker.ended).rejects.toMatchObject({ message: expect.stringContaining('unexpected') });
  });

  test('is stopped in the middle of its work', async () => {
    const worker = launchWorker(write('loops.mjs', 'for (;;);'), null, silent);
    await worker.stop();
    await expect(worker.ended).resolves.toBeUndefined();
  });

  test('sees nothing of the environment', async () => {
    const seen: unknown[] = [];
    const file = write('environment.mjs', `${HEAD}parentPort.postMessage(Object.keys(process.env));`);
    await launchWorker(file, null, { onMessage: (message) => seen.push(message) }).ended;
    expect(seen).toEqual([[]]);
  });
});

describe('where a worker is', () => {
  test('in the sources: below src-main', () => {
    expect(findWorker('platform/workers').pathname).toMatch(/src-main\/platform\/workers\.ts$/);
  });

  test('in the built app: found from the main bundle and from a chunk', () => {
    const entry = write('out/main/audit/some-worker.js', '');
    for (const from of ['out/main/main.js', 'out/main/chunks/shared-abc.js']) {
      const found = findWorker('audit/some-worker', pathToFileURL(path.join(folder, from)).href);
      expect(found.href).toBe(entry.href);
    }
    const nested = pathToFileURL(path.join(folder, 'out/main/audit/other.js')).href;
    expect(findWorker('audit/some-worker', nested).href).toBe(entry.href);
  });

  test('nowhere: an error, not a wait', () => {
    expect(() => findWorker('platform/no-such-worker')).toThrow(/missing/);
  });
});
