import { verify as verifyRaw } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { CausewayError } from '#shared/errors.ts';
import { noteInput, roleInput, TEST_GENERATOR } from '../../../support/audit-store.ts';
import type { KmsFault } from '../../../support/kms-faults.ts';
import { createKmsRoom } from './kms-room.ts';

const KMS = { kind: 'sandbox-kms' } as const;

async function refusal(work: Promise<unknown>): Promise<{ error: CausewayError; ms: number }> {
  const started = performance.now();
  const error = await work.then(
    () => expect.unreachable('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CausewayError)) throw error;
  return { error, ms: performance.now() - started };
}

test('a trail signed by KMS: many at once, in order, exported, verified, opened again', async () => {
  const room = await createKmsRoom();
  let store = await room.open(KMS);
  const records = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      store.append(index % 3 === 0 ? noteInput('i', 'text') : roleInput(`u${index}`)),
    ),
  );
  expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 2));
  expect(records.every(({ sig }) => sig.length === 64)).toBe(true);
  expect(room.proxy.seen.get('GetPublicKey')).toBeLessThanOrEqual(3);
  const [key] = store.keys();
  expect(key).toMatchObject({ alg: 'ES256', fromSeq: 1, toSeq: null });
  expect(key?.where).toContain('sandbox AWS KMS key arn:aws:kms:');
  await store.close();
  expect([...room.secrets.entries.keys()].some((name) => name.endsWith('.signing-key'))).toBe(false);

  store = await room.open();
  await store.append(roleInput('after'));
  const file = join(room.folder, 'all.chain.jsonl');
  await store.exportChain(file, { disclose: true, generator: TEST_GENERATOR });
  const verdict = await verifyChainFile(file);
  expect(verdict).toMatchObject({
    verdict: 'valid',
    records: 203,
    problemCount: 0,
    keys: [{ alg: 'ES256', records: 203 }],
  });
  expect((await store.verify()).verdict).toBe('valid');
  expect(store.checkRecord(7).map(({ state }) => state)).not.toContain('fails');
  const stored = store.get(7);
  expect(store.getVerified(stored?.hash ?? '')).toEqual(stored);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines[0]).toContain('"alg":"ES256"');
  await store.close();
});

const FAULTS: readonly (readonly [KmsFault, string])[] = [
  ['hang', 'kms-timeout'],
  ['cut', 'kms-unreachable'],
  ['500', 'kms-unreachable'],
  ['throttled', 'kms-throttled'],
  ['denied', 'kms-denied'],
  ['garbage', 'kms-wrong-signature'],
  ['other-signature', 'kms-wrong-signature'],
];

/** @securityTest A KMS that hangs, refuses or answers nonsense stops writing within 10 seconds, and nothing unsigned or half-written is left */
test.each(FAULTS)(
  'KMS %s refuses writes in time, loses nothing, and goes on afterwards',
  { timeout: 60_000 },
  async (fault, reason) => {
    const room = await createKmsRoom();
    const store = await room.open(KMS);
    await store.append(roleInput('before'));
    const { seq } = store.head();
    room.proxy.fault = fault;
    room.proxy.only = 'Sign';
    const first = refusal(store.append(roleInput('one')));
    const more = Array.from({ length: 300 }, (_, index) => refusal(store.append(roleInput(`m${index}`))));
    const all = [await first, ...(await Promise.all(more))];
    for (const { error, ms } of all) {
      expect({ code: error.code, reason: error.reason }).toEqual({ code: 'audit-unavailable', reason });
      expect(error.message).toMatch(/KMS|AWS/);
      expect(ms).toBeLessThan(10_000);
    }
    const { error } = await refusal(store.checkpoint());
    expect(error.code).toBe('audit-unavailable');
    expect(store.head().seq).toBe(seq);
    expect(store.get(seq + 1)).toBeNull();
    room.proxy.fault = 'none';
    expect((await store.append(roleInput('again'))).seq).toBe(seq + 1);
    expect((await store.checkpoint()).size).toBe(seq + 1);
    expect((await store.verify()).verdict).toBe('valid');
    await store.close();
  },
);

test('an append that waits behind a hanging checkpoint is refused with it', { timeout: 30_000 }, async () => {
  const room = await createKmsRoom();
  const store = await room.open(KMS);
  await store.append(roleInput('before'));
  room.proxy.fault = 'hang';
  const checkpoint = refusal(store.checkpoint());
  const append = await refusal(store.append(roleInput('one')));
  expect(append.ms).toBeLessThan(10_000);
  await checkpoint;
  room.proxy.fault = 'none';
  await store.append(roleInput('two'));
  await store.close();
});

test('a KMS that is not there at all is refused at once, by name', async () => {
  const room = await createKmsRoom();
  const store = await room.open(KMS);
  await store.append(roleInput('before'));
  await room.proxy.close();
  const { error, ms } = await refusal(store.append(roleInput('one')));
  expect(error.reason).toBe('kms-unreachable');
  expect(error.message).toContain('ECONNREFUSED');
  expect(ms).toBeLessThan(10_000);
  expect(store.head().seq).toBe(2);
  await refusal(store.close());
});

test('closing in an outage ends in time, and the trail opens again with all it had', { timeout: 60_000 }, async () => {
  const room = await createKmsRoom();
  let store = await room.open(KMS);
  await store.append(roleInput('last'));
  room.proxy.fault = 'hang';
  const waiting = refusal(store.append(roleInput('lost')));
  const closing = await refusal(store.close());
  expect(closing.ms).toBeLessThan(10_000);
  expect(closing.error.reason).toBe('kms-timeout');
  await waiting;
  // KMS is still away: what is there can be read, nothing can be written
  store = await room.open();
  expect(store.head().seq).toBe(2);
  expect((await store.verify()).verdict).toBe('valid');
  room.proxy.fault = 'denied';
  expect((await refusal(store.append(roleInput('x')))).error.reason).toBe('kms-denied');
  room.proxy.fault = 'none';
  expect((await store.append(roleInput('next'))).seq).toBe(3);
  await store.close();
});

/** @securityTest A key in KMS that is not the one the chain introduced is refused */
test('a key that is another than the chain says is refused when opening, and is never used', async () => {
  const room = await createKmsRoom();
  const store = await room.open(KMS);
  await store.append(roleInput('a'));
  await store.close();
  const other = await createKmsRoom();
  await (await other.open(KMS)).close();
  const ours = [...room.secrets.entries].find(([name]) => name.includes('.key.'));
  const theirs = [...other.secrets.entries].find(([name]) => name.includes('.key.'));
  if (ours === undefined || theirs === undefined) throw new Error('no entries');
  // the keychain's reference now leads to the other sandbox's key, as a replaced key in AWS would
  const keys = JSON.parse(readFileSync(room.keysFile, 'utf8'));
  expect(keys.keys).toHaveLength(1);
  const created = await room.open().then(async (opened) => {
    const rotation = await opened.rotateKey({
      to: KMS,
      by: { actor: { type: 'system', id: 'causeway' } },
      justification: seal('u-1', 'A test.'),
      reason: 'test',
    });
    await opened.close();
    return rotation;
  });
  const entry = [...room.secrets.entries].find(([name]) => name.endsWith(created.to.id));
  if (entry === undefined) throw new Error('no entry of the new key');
  room.secrets.entries.set(entry[0], ours[1]);
  const { error } = await refusal(room.open());
  expect({ code: error.code, reason: error.reason }).toEqual({ code: 'audit-unavailable', reason: 'kms-wrong-key' });
});

test('the sandbox key is found again by another sandbox on another port', async () => {
  const room = await createKmsRoom();
  const store = await room.open(KMS);
  const { sig, hash } = await store.append(roleInput('a'));
  await store.close();
  const later = await createKmsRoom(room.folder, room.secrets);
  expect(later.proxy.endpoint).not.toBe(room.proxy.endpoint);
  const again = await later.open();
  expect((await again.append(roleInput('b'))).seq).toBe(3);
  const spki = Buffer.from(JSON.parse(new TextDecoder().decode(again.get(1)?.bytes)).data.keys[0].spki, 'base64');
  const key = { key: spki, format: 'der', type: 'spki', dsaEncoding: 'ieee-p1363' } as const;
  expect(verifyRaw('sha256', Buffer.from(`causeway/record/v1\n${hash}\n`), key, sig)).toBe(true);
  await again.close();
});
