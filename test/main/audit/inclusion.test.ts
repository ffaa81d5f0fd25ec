import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashLeaf } from '#main/audit/tree.ts';
import { verifyInclusion } from '#main/audit/tree-proof.ts';
import { openDerived } from '#main/platform/sqlite-derived.ts';
import { openTestStore, removeFolder, roleInput, type TestStore } from '../../support/audit-store.ts';

let test: TestStore;

beforeEach(async () => {
  test = await openTestStore();
  await Promise.all(Array.from({ length: 600 }, (_, count) => test.store.append(roleInput(`u${count}`))));
  await test.store.checkpoint();
}, 30_000);
afterEach(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

/** As the sqlite3 shell does it, the guards taken off and put back. */
function damage(sql: string): void {
  const db = openDerived(test.path);
  try {
    const triggers = db
      .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      .all();
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    db.exec(sql);
    for (const trigger of triggers) db.exec(trigger.sql);
  } finally {
    db.close();
  }
}

const inclusionOf = (seq: number) => test.store.checkRecord(seq).find(({ name }) => name === 'Inclusion');

describe('the proof that a record is in the newest checkpoint', () => {
  it('verifies by itself, with the root that was signed', () => {
    for (const seq of [1, 256, 257, 600, 601]) {
      const proof = test.store.proof(seq);
      const checkpoint = test.store.latestCheckpoint();
      expect(proof).toMatchObject({ index: seq - 1, size: checkpoint?.size, root: checkpoint?.root });
      expect(proof?.note).toBe(checkpoint?.note);
      const hashes = (proof?.hashes ?? []).map((hash) => Buffer.from(hash, 'base64'));
      const leaf = hashLeaf(Buffer.from(test.store.get(seq)?.bytes ?? []));
      expect(verifyInclusion(leaf, seq - 1, proof?.size ?? 0, hashes, Buffer.from(proof?.root ?? '', 'base64'))).toBe(
        true,
      );
      expect(inclusionOf(seq)?.state).toBe('holds');
    }
  });

  it('is open for a record no checkpoint covers', async () => {
    const { seq } = await test.store.append(roleInput('later'));
    expect(test.store.proof(seq)).toBeNull();
    expect(inclusionOf(seq)?.state).toBe('open');
  });

  it('is made past a damaged or missing subtree, and says so', () => {
    const whole = test.store.proof(300);
    damage('UPDATE tree_node SET hash = zeroblob(32) WHERE level = 8 AND place = 0');
    expect(test.store.proof(300)).toEqual(whole);
    expect(inclusionOf(300)).toMatchObject({ state: 'holds', detail: expect.stringContaining('made again') });
    damage('DELETE FROM tree_node');
    expect(test.store.proof(300)).toEqual(whole);
  });

  it("blames no record for another's damage, and the damaged one for its own", () => {
    damage(
      "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'operator', 'overseer') AS BLOB) WHERE seq = 310",
    );
    expect(inclusionOf(5)?.state).toBe('holds'); // the stored subtree still speaks for the block of the damaged one
    expect(inclusionOf(400)).toMatchObject({ state: 'open', detail: expect.stringContaining('this record holds') });
    expect(inclusionOf(310)?.state).toBe('fails');
    expect(test.store.proof(310)).toBeNull();
  });
});
