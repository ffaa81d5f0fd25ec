import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCipher } from '#main/platform/cipher.ts';
import { type IdentityScene, OTHER_PASSWORD, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const file = () => join(scene.folder, 'people.db');
const sql = (text: string, ...values: unknown[]) => {
  const db = new Database(file());
  try {
    return db.prepare(text).run(...values);
  } finally {
    db.close();
  }
};
/** What the whole list of people is, on disk. */
const copyTo = (folder: string) => {
  mkdirSync(folder, { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file() + suffix)) copyFileSync(file() + suffix, join(folder, `people.db${suffix}`));
  }
};
const people = (db: Database.Database) =>
  db.prepare<[], { id: string; document: Buffer }>("SELECT id, document FROM entry WHERE kind = 'person'").all();

describe('a stolen people.db', () => {
  /** @securityTest A stolen list of people without the keychain holds no name, address, hash, secret or role in the clear */
  test('tells nothing', async () => {
    const { principal } = await scene.identity.createOwner(OWNER);
    await scene.join(principal, 'operator', 'piet.secret@example.test', 'Piet Personal');
    const setup = await scene.identity.beginSecondFactor(principal, OWNER.password);
    const code = generateSync({ secret: setup.secret, epoch: scene.clock.time / 1000 });
    const { codes } = await scene.identity.confirmSecondFactor(principal, code);
    const invited = await scene.identity.invite(principal, { email: 'invited@example.test', role: 'viewer' });
    const key = await scene.identity.createApiKey(principal, { label: 'Nightly', scopes: ['trail.read'], days: 1 });
    const words = ['Olga', 'olga', 'Piet', 'piet', 'invited@', 'example.test', OWNER.password, OTHER_PASSWORD];
    const more = ['argon2', 'owner', 'operator', 'viewer', setup.secret, invited.code, key.key, 'Nightly', ...codes];
    const scan = () => {
      const files = readdirSync(scene.folder).filter((name) => name.startsWith('people.db'));
      for (const name of files) {
        const content = readFileSync(join(scene.folder, name), 'latin1');
        for (const word of [...words, ...more]) expect(content.includes(word), `${word} in ${name}`).toBe(false);
      }
      return files;
    };
    expect(scan()).toContain('people.db-wal');
    scene.identity.close();
    expect(scan()).toContain('people.db');
    const db = new Database(file(), { readonly: true });
    expect(Object.keys(db.prepare('SELECT * FROM entry').get() as object)).toEqual(['kind', 'id', 'document']);
    db.close();
    await scene.reopen();
  });

  /** @securityTest The list of people does not open without its key, nor under another workspace's */
  test('does not open', async () => {
    await scene.identity.createOwner(OWNER);
    const key = scene.secrets.entries.get('tenant.acme.people');
    if (key === undefined) throw new Error('There is no key');
    scene.secrets.entries.delete('tenant.acme.people');
    expect(await refusal(scene.reopen())).toBe('keychain-unavailable: key-lost');
    expect(scene.secrets.entries.has('tenant.acme.people')).toBe(false); // and no new one was made over it
    scene.secrets.entries.set('tenant.acme.people', Buffer.alloc(32, 7));
    expect(await refusal(scene.reopen())).toBe('audit-broken: other-workspace');
    scene.secrets.entries.set('tenant.acme.people', key);
    await scene.reopen();
    expect(scene.identity.people()).toHaveLength(1);
  });

  /** @securityTest Another workspace's list of people is not taken for this one's, not even under the same key */
  test("put into another workspace's folder", async () => {
    await scene.identity.createOwner(OWNER);
    scene.identity.close();
    const folder = join(scene.folder, '..', 'other');
    copyTo(folder);
    expect(await refusal(scene.reopen({ folder, tenant: 'other' }))).toBe('keychain-unavailable: key-lost');
    const key = scene.secrets.entries.get('tenant.acme.people');
    if (key !== undefined) scene.secrets.entries.set('tenant.other.people', key);
    expect(await refusal(scene.reopen({ folder, tenant: 'other' }))).toBe('audit-broken: other-workspace');
    await scene.reopen();
  });
});

describe('people.db changed by hand', () => {
  const openTwo = async () => {
    const { principal } = await scene.identity.createOwner(OWNER);
    const viewer = await scene.join(principal, 'viewer');
    return { principal, viewer };
  };

  /** @securityTest Rows of people.db cannot be swapped between people */
  test('two rows swapped', async () => {
    await openTwo();
    scene.identity.close();
    const db = new Database(file());
    const [a, b] = people(db);
    if (a === undefined || b === undefined) throw new Error('There are two people');
    const put = db.prepare("UPDATE entry SET document = ? WHERE kind = 'person' AND id = ?");
    put.run(b.document, a.id);
    put.run(a.document, b.id);
    db.close();
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-changed');
  });

  /** @securityTest A role raised in the database counts nowhere */
  test('a row edited while it is in use', async () => {
    const { viewer } = await openTwo();
    // the role has no column; what is there is changed in every byte, and then by somebody who copies the owner's row
    const id = viewer.principal.id;
    sql("UPDATE entry SET document = zeroblob(length(document)) WHERE kind = 'person' AND id = ?", id);
    expect(await refusal(scene.identity.verifyToken(viewer.token))).toBe('audit-broken: people-changed');
    sql(
      `UPDATE entry SET document = (SELECT document FROM entry WHERE kind = 'person' AND id <> ?)
       WHERE kind = 'person' AND id = ?`,
      id,
      id,
    );
    expect(await refusal(scene.identity.verifyToken(viewer.token))).toBe('audit-broken: people-changed');
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-changed');
  });

  /** @securityTest An older row put back (a former role, an unused recovery code, a session that was ended) is noticed */
  test('an older row put back', async () => {
    const { principal, viewer } = await openTwo();
    const row = () => {
      const db = new Database(file(), { readonly: true });
      const found = people(db).find(({ id }) => id === viewer.principal.id);
      db.close();
      if (found === undefined) throw new Error('There is such a person');
      return found.document;
    };
    await scene.identity.setRole(principal, viewer.principal.id, 'admin');
    const asAdmin = row();
    await scene.identity.setRole(principal, viewer.principal.id, 'viewer');
    scene.identity.close();
    sql("UPDATE entry SET document = ? WHERE kind = 'person' AND id = ?", asAdmin, viewer.principal.id);
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-changed');
  });

  test.each([
    ['a row deleted', "DELETE FROM entry WHERE kind = 'session'"],
    ['a row under another id', "UPDATE entry SET id = 'u-000000000000' WHERE kind = 'person'"],
    ['a row of another kind', "UPDATE entry SET kind = 'api-key' WHERE kind = 'person'"],
    ['an unknown kind', "INSERT INTO entry (kind, id, document) VALUES ('admin', 'u-1', x'00')"],
    ['an empty row', "INSERT INTO entry (kind, id, document) VALUES ('person', 'u-000000000000', x'')"],
  ])('%s', async (_what, statement) => {
    await scene.identity.createOwner(OWNER);
    scene.identity.close();
    sql(statement);
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-changed');
  });

  /** @securityTest Whoever empties or deletes people.db is not asked to become the owner */
  test.each([
    ['everything deleted from it', () => sql('DELETE FROM entry') && sql('DELETE FROM seal')],
    ['the file deleted', () => ['', '-wal', '-shm'].map((suffix) => rmSync(file() + suffix, { force: true }))],
  ])('%s', async (_what, damage) => {
    await scene.identity.createOwner(OWNER);
    scene.identity.close();
    damage();
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-gone');
  });

  test('put back from before there were people', async () => {
    scene.identity.close();
    const folder = join(scene.folder, 'copy');
    copyTo(folder);
    await (await scene.reopen()).createOwner(OWNER);
    scene.identity.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(file() + suffix, { force: true });
    copyFileSync(join(folder, 'people.db'), file());
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-gone');
  });

  test('a file that is no database', async () => {
    scene.identity.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(file() + suffix, { force: true });
    writeFileSync(file(), 'not a database, but long enough to be taken for the header of one by somebody careless');
    expect(await refusal(scene.reopen())).toBe('audit-broken: sqlite-notadb');
  });

  test('a second writer is noticed before anything is written over', async () => {
    const { principal } = await openTwo();
    const key = scene.secrets.entries.get('tenant.acme.people');
    const seal = createCipher(Buffer.from(key ?? ''), 'acme').seal(Buffer.from('{}'), 'people/seal');
    sql('UPDATE seal SET document = ?', Buffer.from(seal));
    const email = 'late@example.test';
    expect(await refusal(scene.identity.invite(principal, { email, role: 'viewer' }))).toBe(
      'audit-broken: people-changed',
    );
    expect(scene.identity.invitations()).toEqual([]);
  });
});

describe('a list of people', () => {
  test('is there again after a restart, all of it', async () => {
    const { principal } = await scene.identity.createOwner(OWNER);
    await scene.join(principal, 'operator');
    const before = scene.identity.people();
    expect(before).toHaveLength(2);
    await scene.reopen();
    expect(scene.identity.people()).toEqual(before);
    expect(scene.identity.hasPeople()).toBe(true);
  });

  /** @securityTest When the database cannot answer, nobody is let in */
  test('that cannot be read lets nobody in', async () => {
    const { token } = await scene.identity.createOwner(OWNER);
    scene.identity.close();
    expect(await refusal(scene.identity.verifyToken(token))).not.toBe('done');
    expect(await refusal(scene.identity.signIn(OWNER))).not.toBe('done');
    await scene.reopen();
  });
});
