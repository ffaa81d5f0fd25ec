import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import { attackScratchCopy, describeFailure } from '#main/audit/self-attack.ts';
import { noteInput, openTestStore, removeFolder, roleInput, type TestStore } from '../../support/audit-store.ts';

let test: TestStore;
beforeEach(async () => {
  test = await openTestStore();
  await test.store.append(roleInput('before'));
});
afterEach(async () => {
  await test.store.close().catch(() => undefined);
  removeFolder(test.folder);
});

/** Puts a trigger into the schema as whoever has the file can, under a name that SQLite keeps for itself. */
function plant(table: string, name = 'sqlite_stat9', action = 'SELECT RAISE(IGNORE)'): void {
  const db = new BetterSqlite3(test.path);
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.exec(`CREATE TRIGGER ${name} BEFORE INSERT ON ${table} BEGIN ${action}; END`);
  db.close();
}

/** @securityTest A trigger under a name of SQLite's own neither swallows what is written nor goes unnoticed */
describe("a trigger with a name of SQLite's own", () => {
  it.each(['record', 'trail', 'disclosure', 'subject_key'])('on %s refuses the record it swallows', async (table) => {
    const before = test.store.head();
    plant(table);
    await expect(test.store.append(noteInput('inc-1', 'text'))).rejects.toMatchObject({
      code: 'audit-broken',
      reason: 'write-swallowed',
    });
    expect(test.store.head()).toEqual(before);
    expect(test.store.get(before.seq + 1)).toBeNull();
  });

  it('that swallows checkpoints refuses the checkpoint', async () => {
    plant('checkpoint');
    await expect(test.store.checkpoint()).rejects.toMatchObject({ code: 'audit-broken' });
  });

  it.each(['sqlite_stat9', 'sqlite_autoindex_record_1', 'sqlite_sequence', 'SQLITE_x'])(
    '%s is named at opening, and put away by an acknowledgement',
    async (name) => {
      plant('record', name, "SELECT RAISE(IGNORE) WHERE instr(NEW.bytes, 'victim')");
      await test.store.close().catch(() => undefined);
      const { store } = await openTestStore(test.folder, test.secrets, test.clock);
      expect(store.standing().breaks).toMatchObject([{ kind: 'schema-changed', text: expect.stringContaining(name) }]);
      await store.acknowledgeBreak({
        justification: seal('u-1', 'The trigger is not ours.'),
        actor: { type: 'user', id: 'u-1' },
        device: undefined,
      });
      const { seq } = await store.append(roleInput('victim'));
      expect(store.get(seq)?.record.target.id).toBe('victim');
      await store.close();
    },
  );

  it('makes the self-attack fail', () => {
    plant('trail');
    const db = new BetterSqlite3(test.path);
    const result = attackScratchCopy(db, '2026-03-01T12:00:00.000Z');
    db.close();
    expect(describeFailure(result)).toMatch(/does not withstand/);
  });

  it('is noticed in a copy of a store that has none', () => {
    const db = new BetterSqlite3(test.path);
    const { attacks } = attackScratchCopy(db, '2026-03-01T12:00:00.000Z');
    db.close();
    expect(attacks.find(({ id }) => id === 'swallow-own-name')).toMatchObject({
      held: true,
      detail: 'noticed by the schema: trigger sqlite_swallow',
    });
  });
});
