import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseNote } from '#main/audit/checkpoint.ts';
import { noteKeyId } from '#main/audit/keys.ts';
import { seal } from '#main/audit/seal.ts';
import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import type { RotationRequest } from '#main/audit/signers/rotate-key.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { CausewayError } from '#shared/errors.ts';
import { openTestStore, removeFolder, roleInput, TEST_GENERATOR } from '../../../support/audit-store.ts';
import { ForgedChain, newKey } from '../../../support/forge-chain.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { createKmsRoom } from './kms-room.ts';

const KEYCHAIN = { kind: 'keychain' } as const;
const KMS = { kind: 'sandbox-kms' } as const;

function to(choice: KeyChoice): RotationRequest {
  return {
    to: choice,
    by: { actor: { type: 'user', id: 'user-1', name: seal('user-1', 'A Name') }, device: { id: 'device-1' } },
    justification: seal('user-1', 'Planned change of the key.'),
    reason: 'scheduled',
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof CausewayError ? `${error.code}/${error.reason}` : String(error);
}

function privateKeys(secrets: MemorySecrets): number {
  return [...secrets.entries].filter(
    ([name, value]) => name.endsWith('.signing-key') || Buffer.from(value).toString('utf8').includes('"pkcs8"'),
  ).length;
}

/** Whether the newest checkpoint is signed by the key that signs now. */
function checkpointKey(store: AuditStore, spkiOf: (seq: number) => string | undefined): boolean {
  const note = parseNote(store.latestCheckpoint()?.note ?? '');
  const key = store.keys().at(-1);
  if (typeof note === 'string' || key === undefined) throw new Error('no checkpoint');
  const spki = spkiOf(key.fromSeq - 1);
  if (spki === undefined) throw new Error('no spki');
  const own = noteKeyId(`causeway/${store.chain}`, { alg: key.alg, spki: Buffer.from(spki, 'base64') });
  return note.signatures[0]?.keyId.equals(own) === true;
}

const spkiIn = (store: AuditStore) => (seq: number) => {
  const data: Record<string, unknown> = store.get(seq)?.record.data ?? {};
  return (data.newKey as { readonly spki: string } | undefined)?.spki;
};

test('keychain to keychain: two records, the new key from the next one, the old private key gone', async () => {
  const room = await openTestStore();
  onTestFinished(() => removeFolder(room.folder));
  let { store } = room;
  await store.append(roleInput('a'));
  const old = store.keyId;
  const { from, to: next, unfinished } = await store.rotateKey(to(KEYCHAIN));
  expect(unfinished).toBeNull();
  expect(from.id).toBe(old);
  expect(next).toMatchObject({ alg: 'Ed25519', fromSeq: 5 });
  expect(store.keyId).toBe(next.id);
  expect(store.get(3)?.record).toMatchObject({
    action: 'tenant.protection_change_approved',
    key: old,
    data: { change: 'signing-key-rotation' },
  });
  expect(store.get(4)?.record).toMatchObject({
    action: 'credential.key_rotated',
    key: old,
    outcome: 'success',
    data: { purpose: 'signing', oldKey: old, newKey: next },
  });
  expect(store.latestCheckpoint()?.size).toBe(4);
  expect(checkpointKey(store, spkiIn(store))).toBe(true);
  expect(privateKeys(room.secrets)).toBe(1);
  expect((await store.append(roleInput('b'))).record.key).toBe(next.id);
  // records of both keys hold
  for (const seq of [1, 2, 3, 4, 5]) {
    expect(store.checkRecord(seq).filter(({ state }) => state === 'fails')).toEqual([]);
    expect(store.getVerified(store.get(seq)?.hash ?? '')?.seq).toBe(seq);
  }
  await store.close();
  ({ store } = await openTestStore(room.folder, room.secrets, room.clock));
  expect(store.keys()).toMatchObject([
    { id: old, fromSeq: 1, toSeq: 4, where: null },
    { id: next.id, fromSeq: 5, toSeq: null, where: 'memory' },
  ]);
  await store.rotateKey(to(KEYCHAIN));
  await store.append(roleInput('c'));
  const file = join(room.folder, 'all.chain.jsonl');
  await store.exportChain(file, { disclose: true, generator: TEST_GENERATOR });
  const verdict = await verifyChainFile(file, { key: old });
  expect(verdict.problems).toEqual([]);
  expect(verdict.keys).toHaveLength(3);
  expect((await store.verify()).problems).toEqual([]);
  await store.close();
});

test('keychain to KMS and back, with restarts between', async () => {
  const room = await createKmsRoom();
  let store = await room.open();
  const first = store.keyId;
  const moved = await store.rotateKey(to(KMS));
  expect(moved.to.alg).toBe('ES256');
  expect(privateKeys(room.secrets)).toBe(0);
  expect(checkpointKey(store, spkiIn(store))).toBe(true);
  await store.append(roleInput('kms'));
  await store.close();
  store = await room.open();
  expect((await store.append(roleInput('kms again'))).record.key).toBe(moved.to.id);
  const back = await store.rotateKey(to(KEYCHAIN));
  expect(back.to.alg).toBe('Ed25519');
  await store.append(roleInput('keychain'));
  await store.close();
  await room.proxy.close(); // from here on nobody needs KMS
  store = await room.open();
  await store.append(roleInput('without KMS'));
  const file = join(room.folder, 'all.chain.jsonl');
  await store.exportChain(file, { disclose: false, generator: TEST_GENERATOR });
  expect(await verifyChainFile(file, { key: first })).toMatchObject({
    verdict: 'valid',
    problems: [],
    keys: [{ alg: 'Ed25519' }, { alg: 'ES256' }, { alg: 'Ed25519' }],
  });
  expect((await store.verify()).verdict).toBe('valid');
  await store.close();
});

test('a key that has signed before, one that cannot sign, and one of another region are refused', async () => {
  const room = await createKmsRoom();
  const store = await room.open(KMS);
  const reference = [...room.secrets.entries].find(([name]) => name.endsWith(store.keyId));
  const kept = JSON.parse(Buffer.from(reference?.[1] ?? []).toString('utf8'));
  const { seq } = store.head();
  expect(await codeOf(store.rotateKey(to(kept)))).toBe('conflict/key-known');
  const missing = { ...kept, keyArn: kept.keyArn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000') };
  expect(await codeOf(store.rotateKey(to(missing)))).toBe('audit-unavailable/kms-key-unusable');
  expect(await codeOf(store.rotateKey(to({ ...kept, region: 'eu-south-2' })))).toBe(
    'audit-unavailable/kms-wrong-region',
  );
  expect(store.head().seq).toBe(seq);
  await store.append(roleInput('goes on'));
  await store.close();
});

/** A keychain that fails, and with it everything after, at its n-th change: as if the program had been killed there. */
class FailingSecrets extends MemorySecrets {
  left = Number.POSITIVE_INFINITY;

  override async set(name: string, secret: Uint8Array): Promise<void> {
    this.#step();
    await super.set(name, secret);
  }

  override async delete(name: string): Promise<boolean> {
    this.#step();
    return super.delete(name);
  }

  #step(): void {
    if (this.left-- > 0) return;
    throw new CausewayError('keychain-unavailable', 'The keychain is locked.', { reason: 'test' });
  }
}

/** @securityTest A program killed while it changes the signing key leaves a trail that opens, signs and verifies */
test('a kill at any step of a rotation leaves a trail that opens, signs and verifies', async () => {
  let finished = false;
  for (let steps = 0; !finished && steps < 12; steps++) {
    const secrets = new FailingSecrets();
    const room = await openTestStore(undefined, secrets);
    onTestFinished(() => removeFolder(room.folder));
    await room.store.append(roleInput('a'));
    const old = room.store.keyId;
    secrets.left = steps;
    const result = await room.store.rotateKey(to(KEYCHAIN)).then(
      ({ unfinished }) => (unfinished === null ? 'done' : 'unfinished'),
      () => 'refused',
    );
    finished = result === 'done';
    await room.store.close().catch(() => undefined); // what a kill would not have done can fail, too
    secrets.left = Number.POSITIVE_INFINITY;
    const { store } = await openTestStore(room.folder, secrets, room.clock);
    const rotated = store.keyId !== old;
    expect(rotated, `after ${steps} steps`).toBe(result !== 'refused');
    await store.append(roleInput('b'));
    expect((await store.verify()).problems).toEqual([]);
    await store.checkpoint();
    await store.close();
    const again = await openTestStore(room.folder, secrets, room.clock);
    await again.store.append(roleInput('c'));
    expect((await again.store.verify()).problems).toEqual([]);
    if (rotated) {
      expect([...secrets.entries.keys()].some((name) => name.endsWith(old) || name.endsWith('.signing-key'))).toBe(
        false,
      );
    }
    await again.store.close();
  }
  expect(finished).toBe(true);
});

test('a rotation that the old key cannot sign is refused, and the new key is dropped', async () => {
  const room = await createKmsRoom();
  const store = await room.open(KMS);
  await store.append(roleInput('a'));
  await store.checkpoint();
  const { seq } = store.head();
  const entries = [...room.secrets.entries.keys()];
  room.proxy.fault = 'denied';
  expect(await codeOf(store.rotateKey(to(KEYCHAIN)))).toBe('audit-unavailable/kms-denied');
  expect(store.head().seq).toBe(seq);
  expect([...room.secrets.entries.keys()]).toEqual(entries);
  room.proxy.fault = 'none';
  const { unfinished } = await store.rotateKey(to(KEYCHAIN));
  expect(unfinished).toBeNull();
  expect((await store.verify()).verdict).toBe('valid');
  await store.close();
});

test('a new key that fails right after it came into force leaves the rotation standing, and is finished later', async () => {
  const room = await createKmsRoom();
  let store = await room.open();
  await store.append(roleInput('a'));
  const old = store.keyId;
  // its trial signature passes, then KMS refuses
  room.proxy.fault = 'denied';
  room.proxy.only = 'Sign';
  room.proxy.passing = 1;
  const rotating = store.rotateKey(to(KMS));
  const { unfinished } = await rotating;
  expect(unfinished?.reason).toBe('kms-denied');
  expect(store.keyId).not.toBe(old);
  expect(privateKeys(room.secrets)).toBe(1);
  expect(await codeOf(store.append(roleInput('b')))).toBe('audit-unavailable/kms-denied');
  await store.close().catch(() => undefined);
  store = await room.open(); // KMS still refuses: reading goes on
  expect((await store.verify()).verdict).toBe('valid');
  room.proxy.fault = 'none';
  await store.append(roleInput('c'));
  await store.checkpoint();
  expect(privateKeys(room.secrets)).toBe(0);
  expect((await store.verify()).verdict).toBe('valid');
  await store.close();
});

test('a key the keychain does not have is a clear refusal, and no second one is made', async () => {
  const room = await openTestStore();
  onTestFinished(() => removeFolder(room.folder));
  const { to: next } = await room.store.rotateKey(to(KEYCHAIN));
  await room.store.close();
  const name = [...room.secrets.entries.keys()].find((entry) => entry.endsWith(next.id)) ?? '';
  const entry = room.secrets.entries.get(name);
  room.secrets.entries.delete(name);
  const open = () => openTestStore(room.folder, room.secrets, room.clock);
  expect(await codeOf(open())).toBe('keychain-unavailable/key-missing');
  room.secrets.entries.set(name, Buffer.from('{"kind":"keychain"}'));
  expect(await codeOf(open())).toBe('keychain-unavailable/key-unreadable');
  room.secrets.entries.set(name, entry ?? new Uint8Array());
  await (await open()).store.close();
});

/** @securityTest A rotation that the key in force did not sign introduces nothing */
test('a forged rotation is found: signed by the new key itself, or by an older one', async () => {
  const folder = (await openTestStore()).folder;
  onTestFinished(() => removeFolder(folder));
  const verdictOf = async (chain: ForgedChain) => {
    const file = join(folder, 'forged.chain.jsonl');
    chain.write(file);
    return verifyChainFile(file);
  };
  const own = new ForgedChain(3);
  const theirs = newKey('ES256');
  own.rotate(theirs);
  const forged = own.records.at(-1);
  if (forged === undefined) throw new Error('no record');
  forged.key = theirs; // the thief has not got the old key
  own.add('tenant.user_role_changed', { user: 'u', old: 'a', new: 'b' });
  const verdict = await verdictOf(own);
  expect(verdict.verdict).toBe('invalid');
  expect(new Set(verdict.problems.map(({ code }) => code))).toEqual(new Set(['signature', 'key', 'checkpoint']));

  const late = new ForgedChain(3);
  const first = late.key;
  late.rotate(newKey());
  late.noteKey = first; // the old key, stolen, is used once more
  late.rotate(newKey('ES256'));
  const after = await verdictOf(late);
  expect(after.verdict).toBe('invalid');
  expect(after.problems.map(({ code }) => code)).toContain('key');
});

test('a rotation forged into the database blocks writing, and rotating, by name', async () => {
  const room = await openTestStore();
  onTestFinished(() => removeFolder(room.folder));
  await room.store.rotateKey(to(KEYCHAIN));
  await room.store.append(roleInput('x'));
  await room.store.close();
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(room.path);
  db.exec('DROP TRIGGER record_update');
  db.exec(
    "UPDATE record SET sig = zeroblob(64) WHERE seq IN (SELECT seq FROM trail WHERE action = 'credential.key_rotated')",
  );
  db.close();
  const { store } = await openTestStore(room.folder, room.secrets, room.clock);
  expect(store.standing().state).toBe('blocked');
  expect(
    store
      .standing()
      .breaks.map(({ text }) => text)
      .join('\n'),
  ).toContain('The chain does not say which keys');
  expect(await codeOf(store.append(roleInput('y')))).toMatch(/^audit-broken\//);
  expect(await codeOf(store.rotateKey(to(KEYCHAIN)))).toMatch(/^audit-broken\//);
  await store.close();
});
