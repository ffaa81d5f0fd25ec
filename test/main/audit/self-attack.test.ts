import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attackScratchCopy, describeFailure } from '#main/audit/self-attack.ts';
import { ATTACKS } from '#main/audit/self-attacks.ts';
import { noteInput, openTestStore, removeFolder, roleInput, type TestStore } from '../../support/audit-store.ts';

const AT = '2026-03-01T12:00:00.000Z';
let test: TestStore;
beforeEach(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

function attack(change = '') {
  const db = new BetterSqlite3(test.path);
  try {
    db.exec(change);
    return attackScratchCopy(db, AT);
  } finally {
    db.close();
  }
}

/** @securityTest The store withstands every attack on a scratch copy of itself, and notices when it does not */
describe('attacks on a scratch copy', () => {
  it('are all held on a chain of one record, and of a few with everything in it', async () => {
    expect(attack().attacks.filter(({ held }) => !held)).toEqual([]);
    await test.store.append(noteInput('inc-1', 'one'));
    for (let index = 0; index < 5; index++) await test.store.append(roleInput(`u${index}`));
    await test.store.checkpoint();
    const result = attack();
    expect(result.attacks.filter(({ held }) => !held)).toEqual([]);
    expect(result).toMatchObject({ at: AT, sqlite: expect.stringMatching(/^3\./) });
    expect(describeFailure(result)).toBeNull();
    expect((await test.store.verify()).problems).toEqual([]);
  });

  it('are each an attack: refused by a guard, not by a mistake in its own words', () => {
    const own = /no such (table|column)|syntax error|values for|has \d+ columns/;
    expect(attack().attacks.filter(({ detail }) => own.test(detail))).toEqual([]);
    expect(new Set(ATTACKS.map(({ id }) => id)).size).toBe(ATTACKS.length);
    expect(ATTACKS.length).toBeGreaterThanOrEqual(40);
    expect(ATTACKS.length).toBeLessThanOrEqual(64);
  });

  it.each([
    ['record_update', 'update-bytes'],
    ['record_delete', 'delete-newest'],
    ['record_insert', 'fork'],
    ['trail_insert', 'trail-other'],
    ['trail_update', 'trail-update'],
    ['checkpoint_insert', 'checkpoint-ahead'],
    ['checkpoint_delete', 'checkpoint-delete'],
    ['tree_update', 'tree-update'],
    ['disclosure_update', 'disclosure-update'],
    ['subject_key_update', 'subject-key-update'],
    ['disclosure_delete', 'disclosure-delete'],
    ['subject_key_delete', 'subject-key-delete'],
    ['chain_delete', 'chain-delete'],
  ])('one without the guard %s is found by %s', (guard, id) => {
    const result = attack(`DROP TRIGGER ${guard}`);
    expect(result.attacks.find((one) => one.id === id)).toMatchObject({ held: false });
    expect(describeFailure(result)).toMatch(/does not withstand/);
  });
});
