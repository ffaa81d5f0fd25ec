import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder } from '../support/audit-store.ts';
import { type Found, judgeFlip, makeSmallStore, type SmallStore } from './flipped-bytes.ts';

/** @securityTest No byte of the database can be changed without being found, or without changing nothing at all. */
describe('a flipped bit in every byte of a small database', () => {
  let store: SmallStore;
  beforeAll(async () => {
    store = await makeSmallStore();
  });
  afterAll(() => removeFolder(store.folder));

  it('is found, or changes nothing anybody can read', { timeout: 600_000 }, async () => {
    const counts = new Map<Found, number>();
    const missed: number[] = [];
    for (let at = 0; at < store.bytes.length; at++) {
      const found = await judgeFlip(store, at, 1 << (at % 8));
      counts.set(found, (counts.get(found) ?? 0) + 1);
      if (found === 'missed') missed.push(at);
    }
    expect(missed).toEqual([]);
    // the file is full enough for this to mean something
    expect(store.bytes.length).toBeGreaterThan(10_000);
    expect((counts.get('at opening') ?? 0) + (counts.get('by verification') ?? 0)).toBeGreaterThan(8_000);
  });
});
