import { generateKeyPairSync, sign } from 'node:crypto';
import { cpSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { keyIdOf } from '#main/audit/keys.ts';
import { documentText, signDocument, verifyDocument } from '#main/audit/signed-document.ts';
import { createEd25519Key, describeKey, ed25519Signer } from '#main/audit/signer.ts';
import { systemRandom } from '#main/platform/random.ts';
import { openTestStore, removeFolder, roleInput, type TestStore, temporaryFolder } from '../../support/audit-store.ts';

const DIGEST = 'ab'.repeat(32);
const newSigner = () => ed25519Signer(createEd25519Key(systemRandom), 'a test');
let open: TestStore | undefined;

afterEach(async () => {
  await open?.store.close();
  if (open !== undefined) removeFolder(open.folder);
  open = undefined;
});

describe('a signed document', () => {
  test('is over its format and its digest', () => {
    expect(documentText('causeway-report/1', DIGEST).toString()).toBe(`causeway-report/1\n${DIGEST}\n`);
  });

  test('holds under the key that signed it, and for nothing else', async () => {
    const signer = newSigner();
    const keys = [describeKey(newSigner(), 1), describeKey(signer, 5)];
    const made = await signDocument(signer, 'causeway-report/1', DIGEST);
    expect(verifyDocument(keys, 'causeway-report/1', DIGEST, made)).toBe('holds');
    expect(verifyDocument(keys, 'causeway-bundle/1', DIGEST, made)).toBe('wrong');
    expect(verifyDocument(keys, 'causeway-report/1', 'cd'.repeat(32), made)).toBe('wrong');
    expect(verifyDocument(keys.slice(0, 1), 'causeway-report/1', DIGEST, made)).toBe('unknown-key');
    expect(verifyDocument(keys, 'causeway-report/1', DIGEST, { ...made, alg: 'ES256' })).toBe('wrong');
    expect(verifyDocument(keys, 'causeway-report/1', DIGEST, { ...made, value: `${made.value.slice(0, -3)}Z==` })).toBe(
      'wrong',
    );
    expect(verifyDocument(keys, 'causeway-report/1', DIGEST, { ...made, value: '%%' })).toBe('wrong');
    const forged = [{ ...describeKey(newSigner(), 1), id: made.key }];
    expect(verifyDocument(forged, 'causeway-report/1', DIGEST, made)).toBe('unknown-key');
  });

  test('holds under an ES256 key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const text = documentText('causeway-bundle/1', DIGEST);
    const value = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    const key = { id: keyIdOf(spki), alg: 'ES256', spki: spki.toString('base64'), fromSeq: 1 } as const;
    const signature = { key: key.id, alg: 'ES256', value } as const;
    expect(verifyDocument([key], 'causeway-bundle/1', DIGEST, signature)).toBe('holds');
    expect(verifyDocument([key], 'causeway-report/1', DIGEST, signature)).toBe('wrong');
  });

  test('is signed for a digest and nothing else', async () => {
    await expect(signDocument(newSigner(), 'causeway-report/1', 'a record')).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(signDocument(newSigner(), 'causeway-report/1', `${DIGEST}\n`)).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  test('is signed by a store with the key that signs now', async () => {
    open = await openTestStore();
    const { store } = open;
    const keys = store.get(1)?.record.data.keys as Parameters<typeof verifyDocument>[0];
    const made = await store.signDocument('causeway-report/1', DIGEST);
    expect(made.key).toBe(store.keyId);
    expect(verifyDocument(keys, 'causeway-report/1', DIGEST, made)).toBe('holds');
    expect(store.head().seq).toBe(1);
    await store.close();
    await expect(store.signDocument('causeway-report/1', DIGEST)).rejects.toThrow();
  });

  test('is signed also while the history is broken and nothing is written', async () => {
    const first = await openTestStore();
    open = first;
    await first.store.close();
    const backup = temporaryFolder();
    cpSync(first.folder, backup, { recursive: true });
    const second = await openTestStore(first.folder, first.secrets, first.clock);
    await second.store.append(roleInput('user-1'));
    await second.store.close();
    removeFolder(first.folder);
    cpSync(backup, first.folder, { recursive: true });
    removeFolder(backup);
    open = await openTestStore(first.folder, first.secrets, first.clock);
    await expect(open.store.append(roleInput('user-2'))).rejects.toMatchObject({ reason: 'history-blocked' });
    const made = await open.store.signDocument('causeway-report/1', DIGEST);
    const keys = open.store.get(1)?.record.data.keys as Parameters<typeof verifyDocument>[0];
    expect(verifyDocument(keys, 'causeway-report/1', DIGEST, made)).toBe('holds');
  });
});
