import { generateKeyPairSync, sign } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { originOf, signCheckpoint } from '#main/audit/checkpoint.ts';
import { seal } from '#main/audit/seal.ts';
import { signingKeyName, witnessedName } from '#main/audit/secret-names.ts';
import { ed25519Signer } from '#main/audit/signer.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { cosignatureLine, cosignatureMessage } from '#main/audit/witness/cosignature.ts';
import { writeAnswer } from '#main/audit/witness/cosignature-file.ts';
import type { By, Cosigning } from '#main/audit/witness/cosigner.ts';
import { type RequestParts, readBody, readRequest, writeRequest } from '#main/audit/witness/request.ts';
import { witnessKey } from '#main/audit/witness/vkey.ts';
import { CausewayError } from '#shared/errors.ts';
import {
  HandClock,
  openTestStore,
  removeFolder,
  roleInput,
  type TestStore,
  temporaryFolder,
} from '../../../support/audit-store.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';

const BY: By = { actor: { type: 'user', id: 'u-1' } };
const opened: TestStore[] = [];
afterEach(async () => {
  const tests = opened.splice(0);
  // one folder may have been opened twice: none is removed while a store in it is open
  for (const { store } of tests) await store.close();
  for (const { folder } of tests) removeFolder(folder);
});

async function open(folder?: string, secrets?: MemorySecrets): Promise<TestStore> {
  const test = await openTestStore(folder, secrets, new HandClock());
  opened.push(test);
  return test;
}

async function write(store: AuditStore, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await store.append(roleInput(`u${index}`));
}

/** A request of one console cosigned by another, trusted by the key the request shows. */
async function cosigned(home: AuditStore, witness: AuditStore, from?: number) {
  const { text } = await home.witnesses.request({ from });
  const looked = await witness.cosigner.look(text);
  return answered(await witness.cosigner.cosign(text, looked?.keyId, BY));
}

function answered(result: Cosigning) {
  if (result.needsTrust !== null) throw new Error('it needs trust');
  return result;
}

async function added(home: AuditStore, answer: string) {
  const first = await home.witnesses.add(answer, undefined, BY);
  const result = first.needsTrust === null ? first : await home.witnesses.add(answer, first.needsTrust.vkey, BY);
  if (result.needsTrust !== null) throw new Error('it needs trust');
  return result;
}

/** A request made of parts, with some of them changed. */
function changed(text: string, change: (parts: RequestParts) => Partial<RequestParts>): string {
  const { note, ...request } = readRequest(text);
  const parts = { ...request, note: note.note };
  return writeRequest({ ...parts, ...change(parts) });
}

describe('two consoles', () => {
  it('witness each other: request, trust, cosignature, trust, and again from there', async () => {
    const [home, other] = [await open(), await open()];
    await write(home.store, 5);
    const { text, size, old } = await home.store.witnesses.request({});
    expect([size, old]).toEqual([6, 0]);

    const first = await other.store.cosigner.cosign(text, undefined, BY);
    expect(first).toEqual({
      needsTrust: { chain: home.store.chain, tenant: 'acme', keyId: home.store.keyId, size: 6 },
    });
    const { answer, vkey } = answered(await other.store.cosigner.cosign(text, home.store.keyId, BY));
    expect(vkey).toBe((await other.store.cosigner.key()).vkey);
    expect(vkey.startsWith(`causeway-witness/${other.store.chain}+`)).toBe(true);

    const asked = await home.store.witnesses.add(answer, undefined, BY);
    expect(asked.needsTrust?.vkey).toBe(vkey);
    expect(home.store.witnesses.list()).toEqual([]);
    const result = await added(home.store, answer);
    const name = `causeway-witness/${other.store.chain}`;
    expect(result.needsTrust).toBeNull();
    expect(result.cosignatures).toMatchObject([{ witness: name, at: '2026-03-01T12:00:00.000Z', state: 'verified' }]);
    expect(home.store.witnesses.list()).toMatchObject([
      { key: { vkey }, lastSize: 6, lastAt: '2026-03-01T12:00:00.000Z' },
    ]);
    expect(home.store.witnesses.checkpoints(100, 10).find((row) => row.size === 6)).toMatchObject({
      keyId: home.store.keyId,
      cosignatures: [{ witness: name, state: 'verified' }],
    });

    await write(home.store, 300);
    const next = await home.store.witnesses.request({});
    expect(next.old).toBe(6);
    expect(readRequest(next.text).proof.length).toBeGreaterThan(0);
    const again = answered(await other.store.cosigner.cosign(next.text, undefined, BY));
    await added(home.store, again.answer);
    expect(home.store.witnesses.list()[0]?.lastSize).toBe(next.size);

    // and the other way round
    const back = await cosigned(other.store, home.store);
    await added(other.store, back.answer);
    expect((await home.store.verify()).problems).toEqual([]);
    expect((await other.store.verify()).problems).toEqual([]);
  });

  it('put on record what they trust and what they saw', async () => {
    const [home, other] = [await open(), await open()];
    const { answer, vkey, root } = await cosigned(home.store, other.store);
    await added(home.store, answer);
    await home.store.witnesses.remove(`causeway-witness/${other.store.chain}`, BY);
    const settings = (store: AuditStore) =>
      Array.from({ length: store.head().seq }, (_, index) => store.get(index + 1)?.record).flatMap((record) =>
        record?.action === 'tenant.configuration_changed' ? [record.data] : [],
      );
    expect(settings(home.store)).toEqual([
      { setting: 'witness.trusted-key', old: null, new: vkey },
      { setting: 'witness.trusted-key', old: vkey, new: null },
    ]);
    expect(settings(other.store)).toEqual([
      { setting: 'witness.seen', old: null, new: `1 ${root} ${home.store.keyId}` },
    ]);
    expect(home.store.witnesses.checkpoints(100, 10).at(-1)?.cosignatures[0]?.state).toBe('unknown-key');
  });

  it('keep what they know over closing and opening', async () => {
    const [home, other] = [await open(), await open()];
    const { answer, vkey } = await cosigned(home.store, other.store);
    await added(home.store, answer);
    await home.store.close();
    await other.store.close();
    const homeAgain = await open(home.folder, home.secrets);
    const otherAgain = await open(other.folder, other.secrets);
    expect(homeAgain.store.witnesses.list().map(({ key }) => key.vkey)).toEqual([vkey]);
    expect((await otherAgain.store.cosigner.key()).vkey).toBe(vkey);
    const { text, old } = await homeAgain.store.witnesses.request({});
    expect(old).toBe(1);
    expect(await otherAgain.store.cosigner.look(text)).toBeNull();
  });
});

describe('a chain whose key changed', () => {
  it('is cosigned with the records of the change, and not without them', async () => {
    const [home, other] = [await open(), await open()];
    await write(home.store, 5);
    await cosigned(home.store, other.store);
    const rotate = () =>
      home.store.rotateKey({
        to: { kind: 'keychain' },
        by: BY,
        justification: seal('u-1', 'a key is changed once a year'),
        reason: 'scheduled',
      });
    const { from, to } = await rotate();
    expect(from.id).not.toBe(to.id);
    await write(home.store, 3);
    await rotate();
    const { text } = await home.store.witnesses.request({ from: 6 });
    const { keys } = readRequest(text);
    expect(keys.map(({ seq }) => seq)[0]).toBe(1);
    expect(keys).toHaveLength(3);
    const refused = (parts: (request: RequestParts) => Partial<RequestParts>) =>
      other.store.cosigner.cosign(changed(text, parts), undefined, BY).then(
        () => 'cosigned',
        (error: { readonly reason?: string }) => error.reason,
      );
    // without the last change the key of the checkpoint is unknown, without the first the second is signed by nobody known
    expect(await refused(({ keys: all }) => ({ keys: all.slice(0, 2) }))).toBe('witness-signature');
    expect(await refused(({ keys: all }) => ({ keys: [all[0], all[2]].filter((key) => key !== undefined) }))).toBe(
      'witness-key',
    );
    expect(await refused(() => ({}))).toBe('cosigned');
    // a change that was seen cannot be kept back later
    const next = await home.store.witnesses.request({ from: readRequest(text).note.size });
    expect(readRequest(next.text).keys).toHaveLength(3);
    answered(await other.store.cosigner.cosign(next.text, undefined, BY));
    expect((await home.store.verify()).problems).toEqual([]);
  });

  it('cannot come up later with a change it did not show', async () => {
    const [home, other] = [await open(), await open()];
    await write(home.store, 3);
    const first = await home.store.witnesses.request({});
    await other.store.cosigner.cosign(first.text, home.store.keyId, BY);
    // as if a later key had been seen: the memory then knows a key this request does not show
    const name = witnessedName(other.store.chain, home.store.chain);
    const seen = JSON.parse(Buffer.from(other.secrets.entries.get(name) ?? []).toString()) as { keys: unknown[] };
    seen.keys.push({ id: '0123456789abcdef', fromSeq: 3 });
    other.secrets.entries.set(name, Buffer.from(JSON.stringify(seen)));
    const { text } = await home.store.witnesses.request({ from: first.size });
    await expect(other.store.cosigner.cosign(text, undefined, BY)).rejects.toMatchObject({ reason: 'witness-fork' });
  });
});

describe('a witness refuses', () => {
  async function seenSix() {
    const [home, other] = [await open(), await open()];
    await write(home.store, 5);
    const { text } = await home.store.witnesses.request({});
    await other.store.cosigner.cosign(text, home.store.keyId, BY);
    return { home, other, text };
  }
  const refused = (witness: TestStore, text: string, trust?: string) =>
    witness.store.cosigner.cosign(text, trust, BY).then(
      () => 'cosigned',
      (error: { readonly reason?: string }) => error.reason,
    );

  it('a replayed request, and says from where to ask', async () => {
    const { home, other, text } = await seenSix();
    await expect(other.store.cosigner.cosign(text, undefined, BY)).rejects.toMatchObject({
      code: 'conflict',
      reason: 'witness-old-size',
      message: expect.stringContaining('--from 6'),
    });
    // asked from there, it is signed once more: nothing new is said by it
    const again = await home.store.witnesses.request({ from: 6 });
    expect(await refused(other, again.text)).toBe('cosigned');
  });

  it('less than it saw', async () => {
    const { home, other, text } = await seenSix();
    await write(home.store, 3);
    expect(await refused(other, (await home.store.witnesses.request({ from: 6 })).text)).toBe('cosigned');
    expect(await refused(other, text)).toBe('witness-smaller');
  });

  it('a proof that was tampered with', async () => {
    const { home, other } = await seenSix();
    await write(home.store, 3);
    const { text } = await home.store.witnesses.request({ from: 6 });
    const flip = changed(text, ({ proof }) => ({
      proof: proof.map((hash, index) => (index === 0 ? Buffer.from(hash).fill(1, 0, 1) : hash)),
    }));
    expect(await refused(other, flip)).toBe('witness-proof');
    expect(
      await refused(
        other,
        changed(text, ({ proof }) => ({ proof: proof.slice(1) })),
      ),
    ).toBe('witness-proof');
    expect(
      await refused(
        other,
        changed(text, () => ({ proof: [] })),
      ),
    ).toBe('witness-proof');
    expect(await refused(other, text)).toBe('cosigned');
  });

  it('a split view: the same key, another history of the same size, or of a larger one', async () => {
    const { home, other } = await seenSix();
    const key = home.secrets.entries.get(signingKeyName(home.store.chain));
    if (key === undefined) throw new Error('no key');
    const signer = ed25519Signer(key, 'stolen');
    const forged = await signCheckpoint(home.store.chain, 6, Buffer.alloc(32, 7), signer);
    const { text } = await home.store.witnesses.request({ from: 6 });
    // the keys are not in such a tree, and nobody can put them there under a root that was seen
    expect(
      await refused(
        other,
        changed(text, () => ({ note: forged.note })),
      ),
    ).toBe('witness-key');
  });

  it('a fork that was really written: an older copy of the store that went on otherwise', async () => {
    const folder = temporaryFolder();
    const home = await open(folder);
    await write(home.store, 5);
    await home.store.close();
    const copyFolder = temporaryFolder();
    const { cpSync } = await import('node:fs');
    cpSync(folder, copyFolder, { recursive: true });
    const copySecrets = new MemorySecrets();
    for (const [name, secret] of home.secrets.entries) {
      if (!name.startsWith('audit.workspace.')) copySecrets.entries.set(name, secret);
    }
    const [one, two] = [await open(folder, home.secrets), await open(copyFolder, copySecrets)];
    const other = await open();
    await one.store.append(roleInput('one'));
    await two.store.append(roleInput('two'));
    const mine = await one.store.witnesses.request({});
    expect(await refused(other, mine.text, one.store.keyId)).toBe('cosigned');
    expect(await refused(other, (await two.store.witnesses.request({ from: mine.size })).text)).toBe('witness-fork');
    await two.store.append(roleInput('three'));
    expect(await refused(other, (await two.store.witnesses.request({ from: mine.size })).text)).toBe('witness-proof');
  });

  it('a checkpoint another key signed, or a key that is not that of the chain', async () => {
    const { home, other } = await seenSix();
    const stranger = await open();
    const key = stranger.secrets.entries.get(signingKeyName(stranger.store.chain));
    if (key === undefined) throw new Error('no key');
    await write(home.store, 1);
    const { text } = await home.store.witnesses.request({ from: 6 });
    const root = Buffer.from(readRequest(text).note.root, 'base64');
    const forged = await signCheckpoint(home.store.chain, 7, root, ed25519Signer(key, 'another'));
    expect(
      await refused(
        other,
        changed(text, () => ({ note: forged.note })),
      ),
    ).toBe('witness-signature');
    const damaged = readRequest(text).note.note.replace(/[A-Za-z0-9]{4}=*\n$/, 'AAAA\n');
    expect(['witness-signature', 'witness-request']).toContain(
      await refused(
        other,
        changed(text, () => ({ note: damaged })),
      ),
    );
    const third = await open();
    expect(await refused(third, (await home.store.witnesses.request({ from: 0 })).text, '0123456789abcdef')).toBe(
      'witness-key',
    );
  });

  it('a request without the records of its keys, or with those of another chain', async () => {
    const { home, other } = await seenSix();
    const stranger = await open();
    await write(home.store, 1);
    const { text } = await home.store.witnesses.request({ from: 6 });
    const foreign = readRequest((await stranger.store.witnesses.request({})).text).keys;
    expect(
      await refused(
        other,
        changed(text, () => ({ keys: foreign })),
      ),
    ).toBe('witness-key');
    expect(
      await refused(
        other,
        changed(text, ({ keys }) => ({ keys: [...keys, ...keys] })),
      ),
    ).toBe('witness-key');
    const damaged = changed(text, ({ keys }) => ({ keys: keys.map((key) => ({ ...key, sig: key.bytes })) }));
    expect(await refused(other, damaged)).toBe('witness-key');
    expect(
      await refused(
        other,
        changed(text, () => ({ tenant: 'other' })),
      ),
    ).toBe('witness-key');
  });

  it('its own chain, and what is no request', async () => {
    const { home } = await seenSix();
    const { text } = await home.store.witnesses.request({});
    expect(await refused(home, text)).toBe('witness-own-chain');
    for (const wrong of ['', '{}', '[]', 'old 0\n\n', text.replace('witness-request/1', 'witness-request/2')]) {
      expect(await refused(home, wrong)).toBe('witness-request');
    }
    const body = `old 0\n\n${readRequest(text).note.note}`;
    for (const wrong of [
      body.replace('old 0', 'old 00'),
      body.replace('old 0', 'new 0'),
      body.replace('old 0\n', `old 0\n${'x'.repeat(44)}\n`),
      body.replace('old 0\n', `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}`),
      'old 0',
    ]) {
      expect(() => readBody(wrong)).toThrow(expect.objectContaining({ reason: 'witness-request' }));
    }
    expect(readBody(body)).toMatchObject({ old: 0, proof: [] });
  });

  it('when its memory was put back to an older copy, in the database or in the keychain alone', async () => {
    const { home, other } = await seenSix();
    const name = witnessedName(other.store.chain, home.store.chain);
    const older = other.secrets.entries.get(name);
    if (older === undefined) throw new Error('no memory');
    await write(home.store, 3);
    const { text } = await home.store.witnesses.request({ from: 6 });
    expect(await refused(other, text)).toBe('cosigned');
    other.secrets.entries.set(name, older);
    expect(await refused(other, text)).toBe('witness-old-size');
    other.secrets.entries.delete(name);
    expect(await refused(other, text)).toBe('witness-old-size');
    other.secrets.entries.set(name, Buffer.from('{"size":6}'));
    expect(await refused(other, text)).toBe('witness-memory');
  });

  /** @securityTest A row put into the database makes no chain trusted, and no honest one refused */
  it('to believe a row that is not on record', async () => {
    const [evil, home, other] = [await open(), await open(), await open()];
    const plant = (of: TestStore, size: number, root: string | null) => {
      const db = new BetterSqlite3(other.path);
      const bytes = root === null ? Buffer.alloc(32, 1) : Buffer.from(root, 'base64');
      const keys = JSON.stringify([{ id: of.store.keyId, fromSeq: 1 }]);
      db.prepare('INSERT INTO witnessed VALUES (?, ?, ?, ?, 1)').run(of.store.chain, size, bytes, keys);
      db.close();
    };
    await write(evil.store, 5);
    const first = await evil.store.checkpoint();
    await write(evil.store, 5);
    const forged = await evil.store.witnesses.request({ from: first.size });
    plant(evil, first.size, first.root);
    expect(await refused(other, forged.text)).toBe('witness-old-size');
    const whole = await evil.store.witnesses.request({ from: 0 });
    expect(await other.store.cosigner.look(whole.text)).toMatchObject({ keyId: evil.store.keyId });

    await cosigned(home.store, other.store);
    plant(home, 50, null);
    await write(home.store, 60);
    await cosigned(home.store, other.store, 1);
    const last = home.store.latestCheckpoint()?.size ?? 0;
    await write(home.store, 1);
    await cosigned(home.store, other.store, last);
    const { problems } = await other.store.verify();
    const named = [first.size, 50].map((size) => expect.stringContaining(`at ${size} records is not on record`));
    expect(problems.map(({ message }) => message)).toEqual(expect.arrayContaining(named));
    expect(problems).toHaveLength(2);
  });

  /** @securityTest While nothing may be written, nothing is, and the same request is answered afterwards */
  it('while its own history is broken, and remembers nothing', async () => {
    const [home, other] = [await open(), await open()];
    const { answer } = await cosigned(other.store, home.store);
    const { text } = await home.store.witnesses.request({});
    const db = new BetterSqlite3(other.path);
    db.exec('DROP INDEX trail_by_time');
    db.close();
    const secrets = () => JSON.stringify([...other.secrets.entries.keys()].sort());
    const before = secrets();
    await other.store.close();
    const again = await open(other.folder, other.secrets);
    const blocked = { code: 'audit-broken', reason: 'history-blocked' };
    await expect(again.store.cosigner.cosign(text, home.store.keyId, BY)).rejects.toMatchObject(blocked);
    await expect(again.store.witnesses.add(answer, undefined, BY)).rejects.toMatchObject(blocked);
    expect(secrets()).toBe(before);
    expect(again.store.witnesses.checkpoints(100, 10).flatMap(({ cosignatures }) => cosignatures)).toEqual([]);
    await again.store.acknowledgeBreak({
      ...BY,
      justification: seal('u-1', 'An index was taken away and put back.'),
      breaks: again.store.standing().breaks.map(({ id }) => id),
    });
    answered(await again.store.cosigner.cosign(text, home.store.keyId, BY));
  });

  it('to remember what it cannot put on record', async () => {
    const { home, other } = await seenSix();
    await write(home.store, 3);
    const { text } = await home.store.witnesses.request({ from: 6 });
    const name = witnessedName(other.store.chain, home.store.chain);
    const before = other.secrets.entries.get(name);
    const now = other.clock.now.bind(other.clock);
    let asked = 0;
    other.clock.now = () => {
      asked += 1;
      if (asked > 1) throw new CausewayError('audit-unavailable', 'There is no time.', { reason: 'no-time' });
      return now();
    };
    expect(await refused(other, text)).not.toBe('cosigned');
    expect(other.secrets.entries.get(name)).toEqual(before);
    other.clock.now = now;
    expect(await refused(other, text)).toBe('cosigned');
  });

  it('to answer when it cannot remember', async () => {
    const [home, other] = [await open(), await open()];
    const { text } = await home.store.witnesses.request({});
    await other.store.cosigner.key();
    const real = other.secrets.set.bind(other.secrets);
    other.secrets.set = async () => {
      throw new CausewayError('keychain-unavailable', 'It is locked.', { reason: 'locked' });
    };
    expect(await refused(other, text, home.store.keyId)).toBe('locked');
    other.secrets.set = real;
    expect(await other.store.cosigner.look(text)).not.toBeNull(); // nothing was seen
  });
});

describe('an answer', () => {
  /** A witness that is no console: it signs what it is told to. */
  function auditor(name = 'auditor.example/w1') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = witnessKey(name, publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    const line = (note: string, seconds = 1_772_366_400) => {
      const text = note.slice(0, note.indexOf('\n\n') + 1);
      return cosignatureLine(key, seconds, sign(null, cosignatureMessage(text, seconds), privateKey));
    };
    return { key, line };
  }
  const refused = (home: TestStore, text: string, trust?: string) =>
    home.store.witnesses.add(text, trust, BY).then(
      (result) => (result.needsTrust === null ? 'added' : 'needs trust'),
      (error: { readonly reason?: string }) => error.reason,
    );

  it('of any C2SP witness is taken as a bare note, when its key is given', async () => {
    const home = await open();
    const { key, line } = auditor();
    const { note } = await home.store.checkpoint();
    expect(await refused(home, note + line(note))).toBe('witness-answer');
    expect(await refused(home, note + line(note), key.vkey)).toBe('added');
    expect(await refused(home, note + line(note))).toBe('added'); // twice is once
    expect(home.store.witnesses.checkpoints(100, 10).at(-1)?.cosignatures).toHaveLength(1);
    expect(home.store.witnesses.list()).toMatchObject([{ key: { name: 'auditor.example/w1' }, lastSize: 1 }]);
  });

  it('that is wrong is refused', async () => {
    const home = await open();
    const { note } = await home.store.checkpoint();
    const [one, two] = [auditor(), auditor()];
    const forged = cosignatureLine(one.key, 5, Buffer.alloc(64, 1));
    expect(await refused(home, writeAnswer(one.key.vkey, note + forged), one.key.vkey)).toBe('witness-signature');
    expect(await refused(home, writeAnswer(one.key.vkey, note + two.line(note)), one.key.vkey)).toBe('witness-answer');
    expect(await refused(home, writeAnswer(one.key.vkey, note + one.line(note)), two.key.vkey)).toBe('witness-answer');
    expect(await refused(home, writeAnswer(one.key.vkey, note + one.line(note)))).toBe('needs trust');
    expect(await refused(home, writeAnswer(one.key.vkey, note + one.line(note)), one.key.vkey)).toBe('added');
    // another key under a name that is known
    expect(await refused(home, writeAnswer(two.key.vkey, note + two.line(note)), two.key.vkey)).toBe(
      'witness-key-changed',
    );
    await home.store.witnesses.remove(one.key.name, BY);
    expect(await refused(home, writeAnswer(two.key.vkey, note + two.line(note)), two.key.vkey)).toBe('added');
    for (const wrong of ['', 'x', '{}', '{"causeway":"cosignature/1"}', note.slice(0, -1)]) {
      expect(await refused(home, wrong, two.key.vkey)).toBe('witness-answer');
    }
    expect(home.store.witnesses.list()).toHaveLength(1);
    await expect(home.store.witnesses.remove('nobody', BY)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of another chain, of a checkpoint nobody made, and of one this trail lost', async () => {
    const [home, stranger] = [await open(), await open()];
    const { key, line } = auditor();
    const { note: foreign } = await stranger.store.checkpoint();
    expect(await refused(home, foreign + line(foreign), key.vkey)).toBe('witness-other-chain');
    const signing = home.secrets.entries.get(signingKeyName(home.store.chain));
    if (signing === undefined) throw new Error('no key');
    const own = ed25519Signer(signing, 'own');
    const lost = await signCheckpoint(home.store.chain, 900, Buffer.alloc(32, 3), own);
    const nobody = lost.note.replace(
      /— .*\n$/,
      `— ${originOf(home.store.chain)} ${Buffer.alloc(68).toString('base64')}\n`,
    );
    expect(await refused(home, nobody + line(nobody), key.vkey)).toBe('witness-other-checkpoint');
    expect(home.store.standing().state).toBe('whole');

    expect(await refused(home, lost.note + line(lost.note), key.vkey)).toBe('witness-contradicts');
    expect(home.store.standing()).toMatchObject({
      state: 'blocked',
      breaks: [{ kind: 'rolled-back', source: 'a witness', bundle: { file: expect.any(String) } }],
    });
    await expect(home.store.append(roleInput('u'))).rejects.toMatchObject({ reason: 'history-blocked' });
    await home.store.acknowledgeBreak({
      actor: { type: 'user', id: 'u-1', name: seal('u-1', 'A Person') },
      justification: seal('u-1', 'the backup of that day was put back'),
    });
    expect(await refused(home, lost.note + line(lost.note), key.vkey)).toBe('witness-superseded');

    const forked = await signCheckpoint(home.store.chain, 2, Buffer.alloc(32, 3), own);
    expect(await refused(home, forked.note + line(forked.note), key.vkey)).toBe('witness-contradicts');
    expect(home.store.standing().breaks[0]).toMatchObject({ kind: 'forked', acknowledged: null });
    expect(home.store.witnesses.checkpoints(100, 10).length).toBeGreaterThan(0); // still shown
  });

  it('that was put into the database by hand is found by a verification', async () => {
    const home = await open();
    const { key, line } = auditor();
    const { note, size } = await home.store.checkpoint();
    await home.store.witnesses.add(note + line(note), key.vkey, BY);
    expect((await home.store.verify()).problems).toEqual([]);
    const db = new BetterSqlite3(home.path);
    const insert = db.prepare('INSERT INTO cosignature (size, name, key_id, line, added) VALUES (?, ?, ?, ?, 0)');
    const forged = cosignatureLine(key, 5, Buffer.alloc(64, 1));
    insert.run(size, key.name, key.keyId, forged);
    insert.run(size, 'somebody', '00000000', 'no line\n');
    insert.run(size, 'somebody', '00000000', line(note, 77));
    // what is there can be neither changed nor taken away
    for (const sql of ['DELETE FROM cosignature', "UPDATE cosignature SET name = 'x'"]) {
      expect(() => db.exec(sql)).toThrow(/append only/);
    }
    db.close();
    const { problems } = await home.store.verify();
    expect(problems.map(({ code }) => code)).toEqual(['checkpoint', 'checkpoint', 'checkpoint']);
    expect(problems.map(({ message }) => message).join()).toMatch(/is not by|malformed|not of whom/);
    const [row] = home.store.witnesses.checkpoints(100, 10).slice(-1);
    expect(row?.cosignatures.filter(({ state }) => state === 'wrong')).toHaveLength(1);
  });

  it('asks by name when there are several witnesses', async () => {
    const home = await open();
    const [one, two] = [auditor('one.example'), auditor('two.example')];
    const { note } = await home.store.checkpoint();
    await home.store.witnesses.add(note + one.line(note), one.key.vkey, BY);
    await home.store.witnesses.add(note + two.line(note), two.key.vkey, BY);
    await expect(home.store.witnesses.request({})).rejects.toMatchObject({ reason: 'witness-name' });
    expect((await home.store.witnesses.request({ for: 'two.example' })).old).toBe(1);
    await expect(home.store.witnesses.request({ for: 'three.example' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(home.store.witnesses.request({ from: 1000 })).rejects.toMatchObject({ reason: 'witness-old-size' });
  });
});
