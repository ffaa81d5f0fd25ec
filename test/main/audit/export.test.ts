import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../support/audit-store.ts';

let test: TestStore;
let file = '';
beforeEach(async () => {
  test = await openTestStore();
  file = join(test.folder, 'out.chain.jsonl');
  for (let index = 0; index < 5; index++)
    await test.store.append(noteInput(`inc-${index}`, `text ${index}`, `user-${index}`));
});
afterEach(async () => {
  await test.store.close().catch(() => undefined);
  removeFolder(test.folder);
});

const exported = (disclose: boolean, signal?: AbortSignal) =>
  test.store.exportChain(file, { disclose, generator: TEST_GENERATOR, signal });
const leftovers = () => readdirSync(test.folder).filter((name) => !name.startsWith('audit.db'));

describe('exportChain', () => {
  it('writes a file that verifies, with the record of the export as its last one', async () => {
    const result = await exported(true);
    const bytes = readFileSync(file);
    expect(result).toMatchObject({ records: 7, size: bytes.length });
    expect(result.digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    const verdict = await verifyChainFile(file, { since: result.checkpoint.note, key: test.store.keyId });
    expect(verdict.problems).toEqual([]);
    expect(verdict.sealed).toEqual({ disclosed: 10, withheld: 0, erased: 0, mismatched: 0 });
    expect(verdict.head).toBe(test.store.get(7)?.hash);
    expect(test.store.get(7)?.record).toMatchObject({
      action: 'tenant.audit_exported',
      data: { format: 'chain', range: { first: 1, last: 7 }, records: 7, disclosures: 10, checkpointSize: 7 },
    });
    // the digest cannot stand in the file: a second record has it
    expect(test.store.get(7)?.record.data).not.toHaveProperty('digest');
    expect(test.store.get(8)?.record).toMatchObject({
      action: 'tenant.audit_exported',
      outcome: 'success',
      data: { ...test.store.get(7)?.record.data, digest: result.digest },
    });
    expect(test.store.head().seq).toBe(8);
    expect(leftovers()).toEqual(['out.chain.jsonl']);
  });

  it('withholds personal values unless asked to disclose them', async () => {
    await exported(false);
    expect(readFileSync(file, 'utf8')).not.toContain('text 3');
    expect((await verifyChainFile(file)).sealed).toEqual({ disclosed: 0, withheld: 10, erased: 0, mismatched: 0 });
  });

  it('names the person who exports, sealed', async () => {
    const actor = noteInput('i', 'x', 'user-9').actor;
    await test.store.exportChain(file, { disclose: true, generator: TEST_GENERATOR, by: { actor } });
    expect(test.store.get(7)?.record.data.disclosures).toBe(11);
    expect((await verifyChainFile(file)).sealed.disclosed).toBe(11);
  });

  it('ends at its own record while others are appended', async () => {
    const running = exported(true);
    const appended = await Promise.all(
      Array.from({ length: 50 }, (_, index) => test.store.append(roleInput(`u${index}`))),
    );
    const { records } = await running;
    expect((await verifyChainFile(file)).problems).toEqual([]);
    expect(records).toBeLessThanOrEqual(57);
    expect(appended).toHaveLength(50);
    expect((await test.store.verify()).problems).toEqual([]);
  });

  it('replaces an older export only when it is complete', async () => {
    writeFileSync(file, 'older');
    const stop = new AbortController();
    const running = exported(true, stop.signal);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(readFileSync(file, 'utf8')).toBe('older');
    expect(leftovers()).toEqual(['out.chain.jsonl']);
    const last = test.store.get(test.store.head().seq)?.record;
    expect(last).toMatchObject({ action: 'tenant.audit_exported', outcome: 'failure' });
    await exported(true);
    expect((await verifyChainFile(file)).verdict).toBe('valid');
  });

  it('says why a file cannot be written', async () => {
    file = join(test.folder, 'missing', 'out.chain.jsonl');
    await expect(exported(true)).rejects.toMatchObject({ code: 'read-only' });
    file = join(test.path, 'out.chain.jsonl');
    await expect(exported(true)).rejects.toMatchObject({ code: 'read-only' });
  });

  it('of many records is the same as the store', { timeout: 60_000 }, async () => {
    await Promise.all(
      Array.from({ length: 3000 }, (_, index) => test.store.append(noteInput('many', `n${index}`, `p${index % 7}`))),
    );
    const progress: number[] = [];
    await test.store.exportChain(file, {
      disclose: true,
      generator: TEST_GENERATOR,
      onProgress: (done) => progress.push(done),
    });
    const [inFile, inStore] = [await verifyChainFile(file), await test.store.verify()];
    expect(inFile.problems).toEqual([]);
    expect(inStore.problems).toEqual([]);
    // the store has one record more, with the digest of the file
    expect(inFile).toMatchObject({ records: 3007, head: test.store.get(3007)?.hash, sealed: inStore.sealed });
    expect(inStore.records).toBe(3008);
    expect(progress.at(-1)).toBe(3007);
  });
});
