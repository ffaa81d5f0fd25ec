import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import {
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';

let test: TestStore;
let file = '';
/** Seqs of the rotations; each has its approval right before it. */
const rotations: number[] = [];
const keys: string[] = [];

beforeAll(async () => {
  test = await openTestStore();
  file = join(test.folder, 'out.jsonl');
  const actor = { type: 'user', id: 'user-1' } as const;
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 5 + round; index++) await test.store.append(roleInput(`u${round}-${index}`));
    keys.push(test.store.keyId);
    await test.store.rotateKey({
      to: { kind: 'keychain' },
      by: { actor },
      justification: seal('user-1', 'a new key every round'),
      reason: 'scheduled',
    });
    rotations.push(test.store.head().seq);
  }
  for (let index = 0; index < 4; index++) await test.store.append(roleInput(`end-${index}`));
  keys.push(test.store.keyId);
});
afterAll(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

it('a range with any first and last record verifies, but for those that end at an approval', {
  timeout: 60_000,
}, async () => {
  const end = test.store.head().seq;
  const options = { disclose: true, generator: TEST_GENERATOR };
  for (let first = 1; first <= end; first++) {
    for (let last = first; last <= end; last += last < 12 ? 1 : 3) {
      const written = test.store.export(file, { format: 'range', first, last }, options);
      if (rotations.includes(last + 1)) {
        await expect(written).rejects.toMatchObject({ code: 'bad-input', reason: 'range-end' });
        continue;
      }
      await written;
      const verdict = await verifyChainFile(file);
      expect(verdict.problems, `${first} to ${last}`).toEqual([]);
      expect(verdict.keys.map(({ id }) => id)).toEqual(
        keys.slice(0, 1 + rotations.filter((seq) => seq <= last).length),
      );
    }
  }
});

it('an extract lists every key up to its checkpoint, and verifies', async () => {
  const options = { disclose: true, generator: TEST_GENERATOR };
  await test.store.export(file, { format: 'extract', query: { action: 'tenant.user_role_changed' } }, options);
  const verdict = await verifyChainFile(file);
  expect(verdict.problems).toEqual([]);
  expect(verdict.keys.map(({ id, records }) => [id, records])).toEqual([
    [keys[0], 5],
    [keys[1], 6],
    [keys[2], 7],
    [keys[3], 4],
  ]);
  await test.store.export(file, { format: 'extract', query: { category: 'credential' } }, options);
  expect((await verifyChainFile(file)).problems).toEqual([]);
  await test.store.exportChain(file, options);
  expect((await verifyChainFile(file, { key: keys[0] })).problems).toEqual([]);
  expect((await test.store.verify()).problems).toEqual([]);
});
