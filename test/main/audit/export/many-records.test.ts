import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportRequest } from '#main/audit/store.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import {
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';

const RECORDS = 20_000;
let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
  for (let done = 0; done < RECORDS; done += 1000) {
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) => test.store.append(roleInput(`u${(done + index) % 50}`))),
    );
  }
}, 120_000);
afterAll(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

it.each<[ExportRequest, number]>([
  [{ format: 'chain' }, RECORDS],
  [{ format: 'range', first: 5000, last: 15_000 }, 10_001],
  [{ format: 'extract', query: { category: 'tenant' } }, RECORDS],
  [{ format: 'extract', query: { target: 'u7' } }, 400],
  [{ format: 'ocsf', query: { target: 'u7' } }, 400],
  [{ format: 'cef' }, RECORDS],
  [{ format: 'csv' }, RECORDS],
])('%j of 20,000 records is written in small steps', { timeout: 60_000 }, async (request, least) => {
  const file = join(test.folder, 'out');
  const seen: number[] = [];
  const onProgress = (done: number, total: number) => {
    seen.push(done);
    expect(done).toBeLessThanOrEqual(total);
  };
  const { records } = await test.store.export(file, request, { disclose: true, generator: TEST_GENERATOR, onProgress });
  expect(records).toBeGreaterThanOrEqual(least);
  // never more than a few records between two looks at the signal
  for (const [index, done] of seen.entries()) expect(done - (seen[index - 1] ?? 0)).toBeLessThanOrEqual(64);
  if (request.format === 'chain' || request.format === 'range' || request.format === 'extract') {
    expect((await verifyChainFile(file)).problems).toEqual([]);
  }
  expect(readdirSync(test.folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
});
