import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIncidentBundle } from '#main/audit/history/incident-bundle.ts';
import { seal } from '#main/audit/seal.ts';
import type { AuditStore } from '#main/audit/store.ts';
import type { BreakKind } from '#shared/ipc/verification-views.ts';
import { noteInput, openTestStore, removeFolder, roleInput, type TestStore } from '../../../support/audit-store.ts';

let test: TestStore;
let open: TestStore[] = [];
let copies = 0;
beforeEach(async () => {
  test = await openTestStore();
  open = [test];
  await test.store.append(noteInput('inc-1', 'one'));
  for (let index = 0; index < 6; index++) await test.store.append(roleInput(`u${index}`));
});
afterEach(async () => {
  for (const { store } of open) await store.close().catch(() => undefined);
  removeFolder(test.folder);
});

async function reopen(): Promise<AuditStore> {
  const again = await openTestStore(test.folder, test.secrets, test.clock);
  open.push(again);
  return again.store;
}

/** Opens the file with nothing in the way, as the sqlite3 shell does, with all guards dropped and put back. */
function edit(sql: string): void {
  const db = new BetterSqlite3(test.path);
  db.pragma('foreign_keys = OFF');
  const guards = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

function raw(sql: string): void {
  const db = new BetterSqlite3(test.path);
  db.exec(sql);
  db.close();
}

const checkpointEntry = () => [...test.secrets.entries.keys()].find((name) => name.endsWith('.checkpoint')) ?? '';
const cut = (after: number) =>
  edit(
    `DELETE FROM record WHERE seq > ${after}; DELETE FROM trail WHERE seq > ${after};
     DELETE FROM disclosure WHERE seq > ${after}; DELETE FROM checkpoint WHERE size > ${after}`,
  );
const swap = (seq: number) =>
  edit(
    `UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), '"viewer"', '"owner"') AS BLOB) WHERE seq = ${seq}`,
  );

/** A backup of the database, and how to put it back; with the keychain's checkpoint if that is asked for. */
function keep(): (withKeychain?: boolean) => void {
  const copy = join(test.folder, `kept-${copies++}.db`);
  raw(`VACUUM INTO '${copy}'`);
  const entries = new Map(test.secrets.entries);
  return (withKeychain = false) => {
    for (const name of ['audit.db-wal', 'audit.db-shm']) rmSync(join(test.folder, name), { force: true });
    copyFileSync(copy, test.path);
    if (withKeychain) for (const [name, secret] of entries) test.secrets.entries.set(name, secret);
  };
}

const acknowledgement = {
  actor: { type: 'user' as const, id: 'u-1', name: seal('u-1', 'Demo Person') },
  device: { id: 'd-1' },
  justification: seal('u-1', 'The disk was restored from a backup.'),
};

/** Everything a break of this kind must do, from the moment it is found to long after. */
async function expectBlockedThenAcknowledged(kinds: readonly BreakKind[]): Promise<void> {
  const blocked = await reopen();
  const found = blocked.standing();
  expect(found.state).toBe('blocked');
  expect([...new Set(found.breaks.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
  const head = blocked.head();
  await expect(blocked.append(roleInput('x'))).rejects.toMatchObject({
    code: 'audit-broken',
    reason: 'history-blocked',
  });
  await expect(blocked.checkpoint()).rejects.toMatchObject({ code: 'audit-broken', reason: 'history-blocked' });
  await expect(
    blocked.exportChain(join(test.folder, 'x.chain.jsonl'), {
      disclose: false,
      generator: { name: 'test', version: '1' },
    }),
  ).rejects.toMatchObject({ reason: 'history-blocked' });
  expect(blocked.page({ limit: 10 }).rows.length).toBeGreaterThan(0);
  const bundle = found.breaks[0]?.bundle;
  const read = await readIncidentBundle(bundle?.file ?? '');
  expect(read).toMatchObject({ digest: bundle?.digest, keyId: blocked.keyId });
  await blocked.close();

  const again = await reopen();
  expect(again.standing()).toEqual(found); // nothing was decided, nothing was written twice
  expect(readdirSync(join(test.folder, 'incidents'))).toHaveLength(1);
  const standing = await again.acknowledgeBreak(acknowledgement);
  expect(standing.state).toBe('acknowledged');
  expect(standing.breaks.map(({ id }) => id).sort()).toEqual(found.breaks.map(({ id }) => id).sort());
  const record = again.get(head.seq + 1)?.record;
  expect(record).toMatchObject({
    action: 'tenant.protection_change_approved',
    prev: head.hash,
    data: { change: 'break-acknowledged', changeDigest: bundle?.digest },
  });
  await again.append(roleInput('goes on'));
  await expectNamed(again, standing.breaks);
  await again.close();

  const later = await reopen();
  expect(later.standing()).toEqual(standing);
  await later.append(roleInput('and on'));
  for (let index = 0; index < 300; index++) void later.append(roleInput(`m${index}`));
  await later.checkpoint();
  await expectNamed(later, standing.breaks);
  await later.close();
  expect((await reopen()).standing()).toEqual(standing);
}

async function expectNamed(store: AuditStore, breaks: readonly { readonly text: string }[]): Promise<void> {
  const { verdict, problems } = await store.verify();
  expect(verdict).toBe('invalid');
  for (const { text } of breaks)
    expect(problems.map(({ message }) => message).join('\n')).toContain(text.slice(0, 300));
}

/** @securityTest A broken history opens for reading, is named for what it is, and is never hidden once acknowledged */
describe('a history that contradicts what is known of it', () => {
  it.each<[string, () => void | Promise<void>, readonly BreakKind[]]>([
    ['a tail cut off', () => cut(5), ['rolled-back']],
    ['a tail cut off, its checkpoints left behind', () => edit('DELETE FROM record WHERE seq > 5'), ['rolled-back']],
    ['an earlier record edited', () => swap(4), ['records-altered']],
    ['the newest record edited', () => swap(8), ['forked', 'head-damaged']],
    ['a record missing inside', () => edit('DELETE FROM record WHERE seq = 4'), ['records-altered']],
    ['a guard dropped', () => raw('DROP TRIGGER record_update'), ['schema-changed']],
    [
      'a guard changed',
      () => raw('DROP TRIGGER record_delete; CREATE TRIGGER record_delete BEFORE DELETE ON record BEGIN SELECT 1; END'),
      ['schema-changed'],
    ],
    ['an index dropped', () => raw('DROP INDEX record_by_hash'), ['schema-changed']],
    [
      'a trigger added that swallows records',
      () => raw('CREATE TRIGGER swallow BEFORE INSERT ON record BEGIN SELECT RAISE(IGNORE); END'),
      ['schema-changed'],
    ],
    [
      "the keychain's checkpoint deleted",
      () => void test.secrets.entries.delete(checkpointEntry()),
      ['checkpoint-missing'],
    ],
    [
      "the keychain's checkpoint damaged",
      () => void test.secrets.entries.set(checkpointEntry(), Buffer.from('{}')),
      ['checkpoint-unreadable'],
    ],
    [
      'a guard dropped and the tail cut off',
      () => {
        cut(5);
        raw('DROP TRIGGER record_delete');
      },
      ['rolled-back', 'schema-changed'],
    ],
  ])('%s', async (_name, change, kinds) => {
    await test.store.close();
    await change();
    await expectBlockedThenAcknowledged(kinds);
  });

  it('a restored backup', async () => {
    await test.store.checkpoint();
    const restore = keep();
    for (let index = 0; index < 3; index++) await test.store.append(roleInput('after the backup'));
    await test.store.close();
    restore();
    await expectBlockedThenAcknowledged(['rolled-back']);
  });

  it('another history after the same backup', async () => {
    await test.store.checkpoint();
    const restore = keep();
    await test.store.append(roleInput('the real one'));
    await test.store.close();
    const known = new Map(test.secrets.entries);
    restore(true);
    const other = await reopen();
    for (let index = 0; index < 3; index++) await other.append(roleInput('another one'));
    await other.close();
    for (const [name, secret] of known) test.secrets.entries.set(name, secret);
    await expectBlockedThenAcknowledged(['forked']);
  });

  it('the whole database put back after the break was acknowledged makes another break, and hides none', async () => {
    await test.store.checkpoint();
    const older = keep();
    await test.store.append(roleInput('after the backup'));
    await test.store.checkpoint();
    const whole = keep();
    await test.store.close();
    older();
    const first = await reopen();
    await first.acknowledgeBreak(acknowledgement);
    await first.append(roleInput('goes on'));
    await first.append(roleInput('and on'));
    await first.close();
    whole();
    const second = await reopen();
    expect(second.standing()).toMatchObject({ state: 'blocked' });
    expect(second.standing().breaks.map(({ kind }) => kind)).toEqual(['rolled-back', 'rolled-back']);
    await second.acknowledgeBreak(acknowledgement);
    await second.append(roleInput('once more'));
    await second.close();
    const third = await reopen();
    expect(third.standing().state).toBe('acknowledged');
    expect(third.standing().breaks).toHaveLength(2);
  });

  it('whole again when the right database is put back instead', async () => {
    await test.store.checkpoint();
    const older = keep();
    await test.store.append(roleInput('after the backup'));
    await test.store.checkpoint();
    const whole = keep();
    await test.store.close();
    older();
    const blocked = await reopen();
    expect(blocked.standing().state).toBe('blocked');
    await blocked.close();
    whole();
    const again = await reopen();
    expect(again.standing()).toEqual({ state: 'whole', breaks: [] });
    await again.append(roleInput('goes on'));
    expect((await again.verify()).problems).toEqual([]);
  });

  it('acknowledged is found in the chain and its bundle when the keychain has lost its entry', async () => {
    await test.store.close();
    raw('DROP TRIGGER record_update');
    const first = await reopen();
    const standing = await first.acknowledgeBreak(acknowledgement);
    await first.close();
    for (const name of test.secrets.entries.keys()) if (name.includes('.break')) test.secrets.entries.delete(name);
    const second = await reopen();
    expect(second.standing()).toEqual(standing);
    await second.close();
    rmSync(join(test.folder, 'incidents'), { recursive: true });
    const { state, breaks } = (await reopen()).standing();
    expect({ state, text: breaks[0]?.text }).toEqual({
      state: 'acknowledged',
      text: 'A break of the history was acknowledged in record 9; its incident bundle is gone.',
    });
  });

  it.each<[string, () => void, RegExp]>([
    ['a table was changed', () => raw('ALTER TABLE record ADD COLUMN note TEXT'), /table/],
    ['its first record does not hold', () => edit('UPDATE record SET sig = zeroblob(64) WHERE seq = 1'), /verifier/],
    ['its first record is missing', () => edit('DELETE FROM record WHERE seq = 1'), /verifier/],
  ])('that can only be read, because %s, is not acknowledged away', async (_name, change, expected) => {
    await test.store.close();
    change();
    const blocked = await reopen();
    expect(blocked.standing().state).toBe('blocked');
    expect(blocked.get(3)?.record.action).toBe('tenant.user_role_changed');
    await expect(blocked.acknowledgeBreak(acknowledgement)).rejects.toMatchObject({
      code: 'audit-broken',
      reason: 'history-lost',
      message: expect.stringMatching(expected),
    });
    await expect(blocked.append(roleInput('x'))).rejects.toMatchObject({ reason: 'history-blocked' });
  });

  it('is not acknowledged where there is nothing to acknowledge, nor by whoever changes the database', async () => {
    await expect(test.store.acknowledgeBreak(acknowledgement)).rejects.toMatchObject({ reason: 'no-break' });
    await test.store.checkpoint();
    const older = keep();
    await test.store.append(roleInput('after the backup'));
    await test.store.close();
    older();
    const first = await reopen();
    await first.acknowledgeBreak(acknowledgement);
    await first.close();
    // the acknowledgement itself, copied into the database it was about: the keychain knows of more
    const acknowledged = keep();
    const second = await reopen();
    await second.append(roleInput('goes on'));
    await second.close();
    acknowledged();
    expect((await reopen()).standing().state).toBe('blocked');
  });

  it('put back to before a change of the signing key is read and never written: that key was destroyed', async () => {
    await test.store.checkpoint();
    const older = keep();
    const { actor, device } = acknowledgement;
    const request = { to: { kind: 'keychain' as const }, by: { actor, device }, reason: 'new-keychain-key' };
    await test.store.rotateKey({ ...request, justification: seal('u-1', 'A yearly change.') });
    await test.store.close();
    older();
    const blocked = await reopen();
    expect(blocked.standing()).toMatchObject({ state: 'blocked', breaks: [{ kind: 'rolled-back', bundle: null }] });
    expect(blocked.get(8)?.record.action).toBe('tenant.user_role_changed');
    await expect(blocked.acknowledgeBreak(acknowledgement)).rejects.toMatchObject({
      reason: 'history-lost',
      message: expect.stringMatching(/destroyed/),
    });
  });
});
