import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIncidentBundle } from '#main/audit/history/incident-bundle.ts';
import { seal } from '#main/audit/seal.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  type TestStore,
  temporaryFolder,
} from '../../../support/audit-store.ts';

let test: TestStore;
let open: TestStore[] = [];
let folders: string[] = [];
beforeEach(async () => {
  test = await openTestStore();
  open = [test];
  folders = [test.folder];
  await test.store.append(noteInput('inc-1', 'one'));
  for (let index = 0; index < 8; index++) await test.store.append(roleInput(`u${index}`));
});
afterEach(async () => {
  for (const { store } of open) await store.close().catch(() => undefined);
  for (const folder of folders) removeFolder(folder);
});

async function reopen(folder = test.folder): Promise<TestStore> {
  const again = await openTestStore(folder, test.secrets, test.clock);
  open.push(again);
  return again;
}

/** The folder as a killed program leaves it, with the keychain of that moment. */
function afterKill(): string {
  const copy = temporaryFolder();
  folders.push(copy);
  cpSync(test.folder, copy, { recursive: true });
  return copy;
}

/** With all guards dropped and put back as they were. */
function edit(sql: string, folder = test.folder): void {
  const db = new BetterSqlite3(join(folder, 'audit.db'));
  db.pragma('foreign_keys = OFF');
  const guards = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

const cut = (after: number) =>
  `DELETE FROM record WHERE seq > ${after}; DELETE FROM trail WHERE seq > ${after};
   DELETE FROM disclosure WHERE seq > ${after}; DELETE FROM checkpoint WHERE size > ${after}`;
const other = (seq: number) =>
  `UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), '"viewer"', '"owner"') AS BLOB) WHERE seq = ${seq}`;
const by = { actor: { type: 'user' as const, id: 'u-1', name: seal('u-1', 'Demo Person') }, device: { id: 'd-1' } };
const acknowledgement = () => ({ ...by, justification: seal('u-1', 'The index was dropped by mistake.') });
const kindsOf = ({ store }: TestStore) => store.standing().breaks.map(({ kind }) => kind);

/** @securityTest An acknowledgement covers what the person was told of, and nothing that happened since */
describe('a break that is acknowledged', () => {
  it.each<[string, string, string]>([
    ['the tail was cut off', cut(5), 'rolled-back'],
    ['a record was altered', other(4), 'records-altered'],
  ])('is not, when since it was told %s', async (_name, sql, kind) => {
    await test.store.close();
    edit('DROP INDEX trail_by_time');
    const blocked = await reopen();
    expect(kindsOf(blocked)).toEqual(['schema-changed']);
    edit(sql);
    await expect(blocked.store.acknowledgeBreak(acknowledgement())).rejects.toMatchObject({
      code: 'conflict',
      reason: 'history-changed',
    });
    expect(kindsOf(blocked)).toEqual(['schema-changed', kind]);
    const told = await readIncidentBundle(blocked.store.standing().breaks[0]?.bundle?.file ?? '');
    expect(told).toMatchObject({ incident: { breaks: [{ kind: 'schema-changed' }, { kind }] } });
    // now it was told
    expect((await blocked.store.acknowledgeBreak(acknowledgement())).state).toBe('acknowledged');
    const { problems } = await blocked.store.verify();
    expect(problems.map(({ code }) => code)).toContain('not-extension');
  });

  it('is not, when an altered record is hidden by its stored subtree', async () => {
    for (let index = 0; index < 300; index++) void test.store.append(roleInput(`m${index}`));
    await test.store.close();
    edit(`DROP INDEX trail_by_time; ${other(4)}`);
    const blocked = await reopen();
    expect(kindsOf(blocked)).toEqual(['schema-changed']);
    await expect(blocked.store.acknowledgeBreak(acknowledgement())).rejects.toMatchObject({
      reason: 'history-changed',
    });
    expect(kindsOf(blocked)).toEqual(['schema-changed', 'records-altered']);
    expect((await blocked.store.acknowledgeBreak(acknowledgement())).breaks).toHaveLength(2);
  });

  it('is not, when another one is open than those that were shown', async () => {
    await test.store.close();
    edit('DROP INDEX trail_by_time');
    const { store } = await reopen();
    const shown = store.standing().breaks.map(({ id }) => id);
    const wrong = store.acknowledgeBreak({ ...acknowledgement(), breaks: ['another'] });
    await expect(wrong).rejects.toMatchObject({ reason: 'history-changed' });
    expect((await store.acknowledgeBreak({ ...acknowledgement(), breaks: shown })).state).toBe('acknowledged');
  });

  it('has in its bundle what is left beside records that were cut off', async () => {
    await test.store.append(noteInput('inc-2', 'the last one'));
    await test.store.close();
    edit('DELETE FROM record WHERE seq > 9');
    const { store } = await reopen();
    const read = await readIncidentBundle(store.standing().breaks[0]?.bundle?.file ?? '');
    if (typeof read === 'string') throw new Error(read);
    const { trail, disclosures, omitted } = read.incident.cutOff ?? { trail: [], disclosures: [], omitted: null };
    expect(trail.map(([seq, , action]) => [seq, action])).toEqual([
      ['10', 'tenant.user_role_changed'],
      ['11', 'incident.note_added'],
    ]);
    expect(disclosures.map(([seq, path]) => [seq, path])).toEqual([
      ['11', '/actor/name'],
      ['11', '/data/note'],
    ]);
    expect(omitted).toBe(0);
    await store.acknowledgeBreak(acknowledgement());
    await store.append(noteInput('inc-1', 'goes on'));
  });

  it('has its bundle, although that was deleted after it was told', async () => {
    await test.store.close();
    edit('DROP INDEX trail_by_time');
    const { store } = await reopen();
    rmSync(join(test.folder, 'incidents'), { recursive: true });
    const [first] = (await store.acknowledgeBreak(acknowledgement())).breaks;
    const digest = store.get(store.head().seq)?.record.data;
    expect(digest).toMatchObject({ changeDigest: first?.bundle?.digest });
    expect(await readIncidentBundle(first?.bundle?.file ?? '')).toMatchObject({ digest: first?.bundle?.digest });
  });
});

/** @securityTest Records are not cut off, edited or planted between the newest checkpoint and the end */
describe('what no checkpoint covers', () => {
  it('is not cut off unseen after the program was killed', async () => {
    await sleep(1200); // the keychain is told about once a second
    const folder = afterKill();
    edit(cut(1), folder);
    const blocked = await reopen(folder);
    expect(blocked.store.standing()).toMatchObject({
      state: 'blocked',
      breaks: [{ kind: 'rolled-back', source: 'keychain', seq: 2 }],
    });
    await blocked.store.acknowledgeBreak(acknowledgement());
    await blocked.store.append(roleInput('goes on'));
    await blocked.store.close();
    const again = await reopen(folder);
    expect(again.store.standing()).toMatchObject({ state: 'acknowledged', breaks: [{ kind: 'rolled-back' }] });
  });

  it('is not replaced unseen, and the keychain knows the newest record when the program is closed', async () => {
    await test.store.close();
    const [, entry] = [...test.secrets.entries].find(([name]) => name.endsWith('.head')) ?? [];
    expect(JSON.parse(Buffer.from(entry ?? []).toString('utf8'))).toEqual({
      ...test.store.head(),
      time: '2026-03-01T12:00:00.000Z',
    });
    const name = `audit.${test.store.chain}.head`;
    test.secrets.entries.set(
      name,
      Buffer.from(JSON.stringify({ seq: 10, hash: 'a'.repeat(64), time: '2026-03-01T12:00:00.000Z' })),
    );
    expect(kindsOf(await reopen())).toEqual(['forked']);
    test.secrets.entries.set(name, Buffer.from('{}'));
    expect(kindsOf(await reopen())).toEqual(['checkpoint-unreadable']);
  });

  it('keeps a keychain that fails from nothing, and is told to it later', async () => {
    const head = () => Buffer.from(test.secrets.entries.get(`audit.${test.store.chain}.head`) ?? []).toString('utf8');
    test.secrets.failure = new Error('locked');
    const { seq } = await test.store.append(roleInput('while it is locked'));
    expect(test.store.get(seq)).not.toBeNull();
    expect(head()).not.toContain(`"seq":${seq},`);
    test.secrets.failure = null;
    await test.store.close();
    expect(head()).toContain(`"seq":${seq},`);
  });

  it.each([
    ['an altered record', other(5), ['records-altered']],
    ['another signature', 'UPDATE record SET sig = zeroblob(64) WHERE seq = 6', ['records-altered']],
    ['another link', 'UPDATE record SET hash = zeroblob(32) WHERE seq = 6', ['records-altered']],
  ])('has no %s signed over by the next checkpoint', async (_name, sql, kinds) => {
    const folder = afterKill();
    edit(sql, folder);
    const blocked = await reopen(folder);
    expect(kindsOf(blocked)).toEqual(kinds);
    await expect(blocked.store.checkpoint()).rejects.toMatchObject({ reason: 'history-blocked' });
  });

  it('is opened as it was when nothing happened to it', async () => {
    const { store } = await reopen(afterKill());
    expect(store.standing()).toEqual({ state: 'whole', breaks: [] });
    await store.append(roleInput('goes on'));
    expect((await store.verify()).problems).toEqual([]);
  });

  it('the hash beside the newest record is checked although the keychain knows its bytes', async () => {
    await test.store.close();
    edit('UPDATE record SET hash = zeroblob(32) WHERE seq = (SELECT max(seq) FROM record)');
    expect(kindsOf(await reopen())).toEqual(['head-damaged']);
  });

  it.each([
    [
      'a row of the trail',
      'INSERT INTO trail SELECT max(seq) + 1, time, action, outcome, actor_type, actor_id, target_type, target_id, incident FROM trail',
    ],
    ['a checkpoint', "INSERT INTO checkpoint VALUES (9007199254740991, 'x', 0)"],
    ['a subtree', 'INSERT INTO tree_node VALUES (8, 0, zeroblob(32))'],
    ['a disclosure', "INSERT INTO disclosure SELECT 11, '/actor/name', subject, box FROM disclosure LIMIT 1"],
  ])('%s planted there is told, and taken away when that is acknowledged', async (_name, sql) => {
    await test.store.close();
    edit(sql);
    const { store } = await reopen();
    expect(store.standing()).toMatchObject({ state: 'blocked', breaks: [{ kind: 'records-altered', seq: 11 }] });
    await store.acknowledgeBreak(acknowledgement());
    await store.append(noteInput('inc-1', 'goes on'));
    await Promise.all(Array.from({ length: 260 }, (_, index) => store.append(roleInput(`m${index}`))));
    expect((await store.checkpoint()).size).toBe(store.head().seq);
  });
});

/** @securityTest What is noticed while the program runs is not forgotten by its next start */
describe('a break that is noticed while it is open', () => {
  it.each<[string, string, string, string]>([
    ['cut off', cut(5), 'changed-underneath', 'rolled-back'],
    [
      'altered at its end',
      'UPDATE record SET hash = zeroblob(32) WHERE seq = 10',
      'changed-underneath',
      'head-damaged',
    ],
  ])('because it was %s', async (_name, sql, reason, kind) => {
    edit(sql);
    await expect(test.store.append(roleInput('x'))).rejects.toMatchObject({ code: 'audit-broken', reason });
    expect(test.store.standing().state).toBe('blocked');
    expect(kindsOf(test)).toContain(kind);
    await expect(test.store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'history-blocked' });
    const found = test.store.standing();
    await test.store.close();
    expect(readdirSync(join(test.folder, 'incidents'))).toHaveLength(1);
    const again = await reopen();
    expect(again.store.standing()).toEqual(found);
    expect((await again.store.acknowledgeBreak(acknowledgement())).state).toBe('acknowledged');
  });

  it('can be acknowledged at once', async () => {
    edit(cut(5));
    await expect(test.store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'changed-underneath' });
    expect((await test.store.acknowledgeBreak(acknowledgement())).state).toBe('acknowledged');
    await test.store.append(roleInput('goes on'));
    await test.store.close();
    expect((await reopen()).store.standing()).toMatchObject({
      state: 'acknowledged',
      breaks: [{ kind: 'rolled-back' }],
    });
  });

  it('because a witness has seen more, is found at every start, whoever has put back folder and keychain', async () => {
    const witness = await openTestStore();
    open.push(witness);
    folders.push(witness.folder);
    await test.store.close();
    const backup = afterKill();
    const entries = new Map(test.secrets.entries);
    const first = await reopen();
    await first.store.append(roleInput('seen by the witness'));
    const { text } = await first.store.witnesses.request({ from: 0 });
    const cosigned = await witness.store.cosigner.cosign(text, first.store.keyId, by);
    if (cosigned.needsTrust !== null) throw new Error('the key was given');
    await first.store.close();
    rmSync(test.folder, { recursive: true });
    cpSync(backup, test.folder, { recursive: true });
    test.secrets.entries.clear();
    for (const [name, secret] of entries) test.secrets.entries.set(name, secret);
    const restored = await reopen();
    expect(restored.store.standing().state).toBe('whole');
    await expect(restored.store.witnesses.add(cosigned.answer, undefined, by)).rejects.toMatchObject({
      reason: 'witness-contradicts',
    });
    const found = restored.store.standing();
    expect(found).toMatchObject({ state: 'blocked', breaks: [{ kind: 'rolled-back', source: 'a witness' }] });
    await restored.store.close();
    const again = await reopen();
    expect(again.store.standing()).toEqual(found);
    expect((await again.store.acknowledgeBreak(acknowledgement())).state).toBe('acknowledged');
    await again.store.append(roleInput('goes on'));
    await again.store.close();
    expect((await reopen()).store.standing().state).toBe('acknowledged');
  });
});

/** @securityTest A failed self-attack lets nothing through beside it */
describe('a self-attack', () => {
  it('that fails again lets no record in beside it, and only its own result is on record', async () => {
    edit('');
    const db = new BetterSqlite3(test.path);
    db.exec('DROP TRIGGER record_update');
    db.close();
    const { seq } = test.store.head();
    await test.store.selfAttack();
    await expect(test.store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'self-attack-failed' });
    const again = test.store.selfAttack();
    await expect(test.store.append(roleInput('slipped in'))).rejects.toMatchObject({ reason: 'self-attack-failed' });
    await again;
    expect(test.store.head().seq).toBe(seq + 2);
    expect(test.store.get(seq + 2)?.record).toMatchObject({ action: 'tenant.control_updated', outcome: 'failure' });
  });

  it('whose result cannot be put on record stops the writing, and not the reading', async () => {
    edit(
      'INSERT INTO trail SELECT max(seq) + 1, time, action, outcome, actor_type, actor_id, target_type, target_id, incident FROM trail',
    );
    await test.store.selfAttack();
    expect(test.store.refusal()).toMatchObject({ code: 'audit-broken' });
    await expect(test.store.append(roleInput('x'))).rejects.toMatchObject({ code: 'audit-broken' });
    expect(test.store.get(3)?.seq).toBe(3);
  });
});
