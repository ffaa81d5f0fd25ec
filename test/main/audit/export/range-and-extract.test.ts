import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportRequest } from '#main/audit/store.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';

const RECORDS = 600;
let test: TestStore;
let file = '';

beforeAll(async () => {
  test = await openTestStore();
  file = join(test.folder, 'out.jsonl');
  const inputs = Array.from({ length: RECORDS }, (_, index) =>
    index % 5 === 0 ? noteInput(`inc-${index % 15}`, `text ${index}`, `user-${index % 4}`) : roleInput(`u${index}`),
  );
  for (const input of inputs) {
    test.clock.time += 1000;
    if (input.action === 'incident.note_added') await test.store.append(input);
    else await test.store.append(input);
  }
});
afterAll(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

const write = (request: ExportRequest, disclose = true) =>
  test.store.export(file, request, { disclose, generator: TEST_GENERATOR });
const newest = () => test.store.get(test.store.head().seq)?.record;

describe('a range', () => {
  const edges = [1, 2, 3, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 600];
  const pairs = edges.flatMap((first) => edges.filter((last) => last >= first).map((last) => [first, last] as const));

  it('of any first and last record verifies against the newest checkpoint', { timeout: 120_000 }, async () => {
    for (const [first, last] of pairs) {
      const result = await write({ format: 'range', first, last }, false);
      const verdict = await verifyChainFile(file, { key: test.store.keyId });
      expect(verdict.problems, `${first} to ${last}`).toEqual([]);
      expect(verdict).toMatchObject({ selection: 'range', first, last, records: last - first + 1 });
      expect(verdict.root).toBe(result.checkpoint.root);
      expect(verdict.head).toBe(test.store.get(last)?.hash);
    }
  });

  it('is on record with its digest, after it is complete', async () => {
    const result = await write({ format: 'range', first: 10, last: 30 });
    const bytes = readFileSync(file);
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(result).toMatchObject({ digest, size: bytes.length, first: 10, last: 30, records: 21 });
    expect(newest()).toMatchObject({
      action: 'tenant.audit_exported',
      outcome: 'success',
      data: { format: 'chain', range: { first: 10, last: 30 }, records: 21, digest, disclosures: result.disclosures },
    });
    expect((await verifyChainFile(file)).sealed.disclosed).toBe(result.disclosures);
    expect(result.disclosures).toBe(8);
  });

  it('of a time begins and ends with the first and last record in it', async () => {
    const time = (seq: number) => test.store.get(seq)?.record.time ?? '';
    await write({ format: 'range', from: time(100), to: time(200) });
    expect(await verifyChainFile(file)).toMatchObject({ verdict: 'valid', first: 100, last: 200 });
    await write({ format: 'range', from: time(590) });
    expect(await verifyChainFile(file)).toMatchObject({ verdict: 'valid', first: 590 });
  });

  it('that is none is refused, and nothing is written', async () => {
    const before = test.store.head().seq;
    await expect(write({ format: 'range', first: 20, last: 10 })).rejects.toMatchObject({ reason: 'no-records' });
    await expect(write({ format: 'range', first: 1, last: 100_000 })).rejects.toMatchObject({ reason: 'range' });
    const later = { format: 'range', from: '2030-01-01T00:00:00.000Z' } as const;
    await expect(write(later)).rejects.toMatchObject({ reason: 'no-records' });
    expect(test.store.head().seq).toBe(before);
  });
});

describe('an extract', () => {
  it('proves every record of an incident, and says what it does not prove', async () => {
    const result = await write({ format: 'extract', query: { incident: 'inc-5' } });
    const verdict = await verifyChainFile(file, { key: test.store.keyId, since: result.checkpoint.note });
    expect(verdict.problems).toEqual([]);
    expect(verdict).toMatchObject({
      verdict: 'valid',
      selection: 'extract',
      records: 40,
      first: result.first,
      last: result.last,
      root: result.checkpoint.root,
      head: test.store.get(result.last)?.hash,
      sealed: { disclosed: 80, withheld: 0, erased: 0, mismatched: 0 },
    });
    expect(verdict.keys).toEqual([{ id: test.store.keyId, alg: 'Ed25519', fromSeq: 1, records: 40 }]);
    expect(verdict.notProven.join(' ')).toContain('never that none is left out');
    expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '')).toMatchObject({
      causeway: 'extract/1',
      filter: { incident: 'inc-5' },
      size: result.checkpoint.size,
      root: result.checkpoint.root,
    });
    expect(newest()).toMatchObject({ data: { format: 'extract', records: 40, digest: result.digest } });
  });

  it('of all records, and of one, verifies', async () => {
    const all = await write({ format: 'extract', query: {} }, false);
    expect(await verifyChainFile(file)).toMatchObject({ verdict: 'valid', first: 1, records: all.checkpoint.size });
    await write({ format: 'extract', query: { action: 'tenant.created' } });
    expect(await verifyChainFile(file)).toMatchObject({ verdict: 'valid', first: 1, last: 1, records: 1 });
  });

  it('withholds personal values unless asked to disclose them', async () => {
    await write({ format: 'extract', query: { category: 'incident' } }, false);
    expect(readFileSync(file, 'utf8')).not.toContain('text 5');
    expect((await verifyChainFile(file)).sealed).toMatchObject({ disclosed: 0, withheld: 240 });
  });

  it('of nothing is refused', async () => {
    const before = test.store.head().seq;
    await expect(write({ format: 'extract', query: { incident: 'none' } })).rejects.toMatchObject({
      code: 'bad-input',
      reason: 'no-records',
    });
    expect(test.store.head().seq).toBe(before);
  });
});

describe('any export', () => {
  const requests: readonly ExportRequest[] = [
    { format: 'chain' },
    { format: 'range', first: 5 },
    { format: 'extract', query: {} },
    { format: 'ocsf' },
    { format: 'cef' },
    { format: 'csv' },
  ];

  it.each(requests)('leaves nothing behind when it is cancelled: $format', async (request) => {
    writeFileSync(file, 'older');
    const stop = new AbortController();
    const onProgress = (done: number) => {
      if (done > 100) stop.abort();
    };
    const options = { disclose: true, generator: TEST_GENERATOR, signal: stop.signal, onProgress };
    await expect(test.store.export(file, request, options)).rejects.toMatchObject({ code: 'cancelled' });
    expect(readFileSync(file, 'utf8')).toBe('older');
    expect(readdirSync(test.folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(newest()).toMatchObject({ action: 'tenant.audit_exported', outcome: 'failure' });
    expect(newest()?.data).not.toHaveProperty('digest');
  });

  it.each(requests)('lets other work go on meanwhile: $format', async (request) => {
    let turns = 0;
    let running = true;
    const count = () => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const done: number[] = [];
    const onProgress = (now: number) => done.push(now);
    await test.store.export(file, request, { disclose: false, generator: TEST_GENERATOR, onProgress });
    running = false;
    expect(turns).toBeGreaterThan(8);
    expect(done.length).toBeGreaterThan(8);
  });

  it('takes away what a killed program left of the same file, and nothing else', async () => {
    const stale = join(test.folder, '.out.jsonl.0123456789ab.partial');
    const fresh = join(test.folder, '.out.jsonl.ba9876543210.partial');
    const others = join(test.folder, '.other.jsonl.0123456789ab.partial');
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const name of [stale, fresh, others]) writeFileSync(name, 'x');
    for (const name of [stale, others]) utimesSync(name, old, old);
    await write({ format: 'range', first: 1, last: 2 });
    const left = readdirSync(test.folder).filter((name) => name.endsWith('.partial'));
    expect(left.sort()).toEqual(['.other.jsonl.0123456789ab.partial', '.out.jsonl.ba9876543210.partial']);
  });
});

it('the store holds after all of it', async () => {
  expect((await test.store.verify()).problems).toEqual([]);
});
