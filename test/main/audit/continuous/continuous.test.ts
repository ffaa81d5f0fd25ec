import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recallCheckpoint } from '#main/audit/checkpoint-keeper.ts';
import { ContinuousVerification } from '#main/audit/continuous/continuous.ts';
import { BLOCK, newsKey } from '#main/audit/continuous/coverage.ts';
import {
  coverageKey,
  decodeCoverage,
  encodeCoverage,
  fitToDatabase,
  type SavedCoverage,
} from '#main/audit/continuous/coverage-file.ts';
import type { JobRunner } from '#main/audit/continuous/verifier-thread.ts';
import { seal } from '#main/audit/seal.ts';
import { SqliteRows } from '#main/audit/sqlite-rows.ts';
import { openSnapshot } from '#main/platform/sqlite.ts';
import type { Problem } from '#shared/model/verdict.ts';
import { openTestStore, removeFolder, type TestStore } from '../../../support/audit-store.ts';
import {
  append,
  EMPTY,
  edit,
  filledStore,
  type InlineRunner,
  inlineRunner,
  signatureOf,
  storedBytes,
  verifiedStore,
} from './checked-store.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openStore(records: number): Promise<TestStore> {
  const test = await filledStore(records);
  cleanups.push(
    () => removeFolder(test.folder),
    () => test.store.close().catch(() => undefined), // it refuses to go on from what a test has done to it
  );
  return test;
}

interface Watched {
  readonly continuous: ContinuousVerification;
  readonly runner: InlineRunner;
  readonly news: Problem[];
  readonly errors: unknown[];
  saved: SavedCoverage;
}

function watch(
  test: TestStore,
  saved: SavedCoverage = EMPTY,
  more: { run?: JobRunner['run']; history?: readonly Problem[] } = {},
): Watched {
  const runner = inlineRunner(verifiedStore(test));
  const news: Problem[] = [];
  const errors: unknown[] = [];
  const continuous = new ContinuousVerification({
    runner: { run: more.run ?? runner.run, stop: runner.stop },
    saved,
    save: (newest) => {
      watched.saved = newest;
    },
    records: () => test.store.head().seq,
    firstKey: test.store.keyId,
    kept: () => recallCheckpoint(test.secrets, test.store.chain),
    history: () => more.history ?? [],
    now: () => test.clock.now(),
    pace: { maxAge: 60_000, share: 1 },
    onChange: () => {},
    onNews: (found) => news.push(...found),
    onError: (error) => errors.push(error),
  });
  const watched: Watched = { continuous, runner, news, errors, saved };
  cleanups.push(() => continuous.stop());
  continuous.start();
  return watched;
}

const settled = (watched: Watched) =>
  vi.waitUntil(() => watched.continuous.summary().complete, { timeout: 60_000, interval: 20 });

const ranges = ({ continuous }: Watched) =>
  continuous.coverage().ranges.map(({ first, last, state }) => `${first}-${last} ${state}`);

describe('continuous verification', () => {
  it('covers a chain of 20,000 records, newest first, and lets others in between', async () => {
    const test = await openStore(20_000);
    const watched = watch(test);
    expect(watched.continuous.coverage()).toMatchObject({ records: 20_000, running: true, oldest: null, valid: 0 });
    await settled(watched);
    expect(ranges(watched)).toEqual(['1-20000 valid']);
    expect(watched.continuous.coverage()).toMatchObject({ valid: 20_000, invalid: 0, problemCount: 0 });
    const order = watched.runner.jobs.map((job) => (job.kind === 'range' ? job.request.block : job.kind));
    expect(order).toEqual([4, 3, 2, 1, 0, 'whole']);
    expect(watched.runner.pauses).toBeGreaterThan(20_000 / 32);
    expect(watched.news).toEqual([]);
  }, 120_000);

  it('checks at once the part another reading found not to hold, and has it known when that is done', async () => {
    const test = await openStore(300);
    const watched = watch(test);
    const { continuous, runner } = watched;
    await settled(watched);
    const bytes = Buffer.from(storedBytes(test.path, 100).toString('utf8').replace('"success"', '"failure"'), 'utf8');
    edit(test.path, (db) => db.prepare('UPDATE record SET bytes = ? WHERE seq = 100').run(bytes));
    expect(continuous.damage()).toEqual({ problems: [], count: 0 });
    const before = runner.jobs.length;
    await continuous.heed([100, 101, 9_000_000]);
    expect(runner.jobs.slice(before).map(({ kind }) => kind)).toEqual(['range', 'whole']);
    const { problems, count } = continuous.damage();
    expect([problems.some(({ seq }) => seq === 100), count > 0]).toEqual([true, true]);
    expect(continuous.coverage().problems.length).toBeGreaterThan(0);
    expect(watched.news.length).toBeGreaterThan(0);
    await continuous.heed([100]);
    expect(runner.jobs).toHaveLength(before + 2); // known already
    await continuous.stop();
    await continuous.heed([200]);
  }, 120_000);

  it('reads only new records when some come, and everything again when it has grown old', async () => {
    const test = await openStore(300);
    const watched = watch(test);
    await settled(watched);
    expect(watched.runner.read).toEqual([300]);
    await append(test, 7);
    watched.continuous.request();
    await vi.waitUntil(() => watched.continuous.summary().to === 307);
    expect(watched.runner.read).toEqual([300, 7]);
    test.clock.time += 61_000;
    watched.continuous.request();
    await vi.waitUntil(() => watched.runner.jobs.filter(({ kind }) => kind === 'whole').length === 2);
    expect(watched.runner.read).toEqual([300, 7, 307]);
    expect(watched.news).toEqual([]);
  });

  it('goes on where it ended when it is opened again', async () => {
    const test = await openStore(400);
    const first = watch(test);
    await settled(first);
    await first.continuous.stop();
    await append(test, 5);
    const second = watch(test, first.saved);
    await settled(second);
    expect(second.runner.read[0]).toBe(5);
    expect(ranges(second)).toEqual(['1-405 valid']);
    // then what was checked before the start, once
    await vi.waitUntil(() => second.runner.read.length === 2 && second.runner.jobs.length === 3);
    expect(second.runner.read).toEqual([5, 405]);
    expect(second.runner.jobs.filter(({ kind }) => kind === 'whole')).toHaveLength(1);
  });

  /** @securityTest What was written to the file while it was closed does not stay valid until its turn comes again */
  it('finds what was changed while it was closed, however lately that was checked', async () => {
    const test = await openStore(BLOCK + 100);
    const first = watch(test);
    await settled(first);
    await first.continuous.stop();
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq = 77'));
    const second = watch(test, first.saved);
    await vi.waitUntil(() => second.news.length > 0, { timeout: 20_000 });
    expect(second.continuous.news().map(newsKey)).toEqual(['signature 77']);
  }, 60_000);

  /** @securityTest A clock that was once ahead keeps nothing from being checked again */
  it('reads again what it checked at a time that has not come yet', async () => {
    const test = await openStore(100);
    test.clock.time += 300 * 86_400_000;
    const watched = watch(test);
    await settled(watched);
    test.clock.time -= 300 * 86_400_000;
    watched.continuous.request();
    await vi.waitUntil(() => watched.continuous.summary().oldest === test.clock.now());
    expect(watched.runner.read).toEqual([100, 100]);
    const rows = new SqliteRows(openSnapshot(test.path, 'the audit store'));
    const fitted = fitToDatabase(watched.saved.state, rows, test.clock.now() - 1);
    expect(fitted).toMatchObject({ blocks: [undefined], whole: null });
    expect(fitToDatabase(watched.saved.state, rows, test.clock.now())).toEqual(watched.saved.state);
    rows.db.close();
  });

  /** @securityTest A history that was broken is never called valid again, though all that is there holds */
  it('finds nothing good in a history that was broken', async () => {
    const test = await openStore(50);
    const broken = { line: 0, code: 'not-extension' as const, message: 'The database was rolled back.' };
    const watched = watch(test, EMPTY, { history: [broken] });
    await settled(watched);
    expect(watched.continuous.summary()).toMatchObject({ complete: true, failures: 1 });
    expect(watched.continuous.coverage()).toMatchObject({ valid: 50, problemCount: 1, problems: [broken] });
    expect(watched.news).toEqual([]); // the history told of it
  });

  /** @securityTest Much that is damaged hides nothing that is damaged later */
  it('tells of new damage beside a great deal that was told of, and again of what came back', async () => {
    const test = await openStore(BLOCK + 50);
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq BETWEEN 2 AND 1501'));
    const watched = watch(test);
    await settled(watched);
    expect(watched.continuous.news()).toHaveLength(1);
    expect(watched.continuous.coverage().problemCount).toBe(1500);
    watched.continuous.markTold(watched.continuous.news());
    expect(watched.continuous.news()).toEqual([]);
    expect(watched.saved.told).toEqual(['many 0 10']);

    const stored = signatureOf(test.path, BLOCK + 9);
    const sign = (sig: Buffer) =>
      edit(test.path, (db) => db.prepare(`UPDATE record SET sig = ? WHERE seq = ${BLOCK + 9}`).run(sig));
    const again = async () => {
      const done = watched.runner.jobs.length;
      watched.continuous.recheck();
      await vi.waitUntil(() => watched.runner.jobs.length >= done + 3, { timeout: 20_000 });
      await vi.waitUntil(() => (watched.continuous.summary().oldest ?? 0) > 0, { timeout: 20_000 });
      return watched.continuous.news().map(newsKey);
    };
    sign(Buffer.alloc(64));
    expect(await again()).toEqual([`signature ${BLOCK + 9}`]);
    watched.continuous.markTold(watched.continuous.news());
    expect(await again()).toEqual([]);
    sign(stored);
    expect(await again()).toEqual([]);
    sign(Buffer.alloc(64));
    expect(await again()).toEqual([`signature ${BLOCK + 9}`]);
  }, 60_000);

  it('has no more news once people were told of as much as it remembers', async () => {
    const test = await openStore(30);
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq = 7'));
    const told = Array.from({ length: 4999 }, (_none, index) => `hash ${index + 1000}`);
    const watched = watch(test, { ...EMPTY, told });
    await settled(watched);
    expect(watched.continuous.news()).toHaveLength(1);
    watched.continuous.markTold(watched.continuous.news());
    expect(watched.saved.told).toHaveLength(5000);
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq = 8'));
    watched.continuous.recheck();
    await vi.waitUntil(() => watched.continuous.coverage().problemCount === 2);
    expect(watched.continuous.news()).toEqual([]);
  });

  it('keeps a break named while the chain goes on, and tells of it once', async () => {
    const test = await openStore(300);
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq = 123'));
    const first = watch(test);
    await settled(first);
    expect(new Set(first.news.map(newsKey))).toEqual(new Set(['signature 123'])); // again and again until it is told
    first.continuous.markTold(first.continuous.news());
    const before = first.news.length;
    await append(test, 10);
    first.continuous.request();
    await vi.waitUntil(() => first.continuous.summary().to === 310);
    expect(first.news).toHaveLength(before);
    expect(first.continuous.coverage()).toMatchObject({ invalid: 310, problemCount: 1 });
    await first.continuous.stop();
    const second = watch(test, first.saved);
    await settled(second);
    expect(second.news).toEqual([]);
    expect(second.continuous.coverage().problems).toMatchObject([{ seq: 123, code: 'signature' }]);
    edit(test.path, (db) => db.exec('UPDATE record SET sig = zeroblob(64) WHERE seq = 7'));
    second.continuous.recheck();
    await vi.waitUntil(() => second.news.length > 0);
    expect(second.continuous.news().map(newsKey)).toEqual(['signature 7']);
  });

  it('names what is wrong with the store as a whole', async () => {
    const test = await openStore(300);
    edit(test.path, (db) => {
      db.exec("INSERT INTO disclosure VALUES (977, '/x', zeroblob(32), zeroblob(32))");
      db.exec('INSERT INTO tree_node VALUES (9, 7, zeroblob(32))');
      db.exec('DELETE FROM checkpoint');
    });
    const watched = watch(test);
    await settled(watched);
    expect(watched.continuous.news().map(newsKey).sort()).toEqual([
      'checkpoint the keychain#s checkpoint of # record'.replace('keychain#s', "keychain's") +
        's is missing in the store',
      'disclosure 977',
      'root there is a stored subtree # of level # of records there are not',
    ]);
    expect(watched.continuous.coverage().invalid).toBe(0);
  });

  it('says that it is not running when its thread is gone, and goes on when it is back', async () => {
    const test = await openStore(50);
    let broken = true;
    const inline = inlineRunner(verifiedStore(test));
    const watched = watch(test, EMPTY, {
      run: (job) => (broken ? Promise.reject(new Error('the thread ended')) : inline.run(job)),
    });
    await vi.waitUntil(() => !watched.continuous.coverage().running);
    expect(watched.errors).toHaveLength(1);
    expect(ranges(watched)).toEqual(['1-50 unchecked']);
    broken = false;
    await settled(watched);
    expect(watched.continuous.coverage()).toMatchObject({ running: true, valid: 50 });
  });
});

/** @securityTest What was checked cannot be forged by whoever can write the workspace's files */
describe('the saved coverage', () => {
  const key = coverageKey(new Uint8Array(32).fill(7), 'c');

  async function checked(records: number) {
    const test = await openStore(records);
    const watched = watch(test);
    await settled(watched);
    await watched.continuous.stop();
    return { test, saved: watched.saved };
  }

  it('comes back as it was, and not when a byte of it, the chain or the key is another', async () => {
    const { test, saved } = await checked(120);
    const { chain } = test.store;
    const bytes = encodeCoverage(saved, chain, key);
    expect(decodeCoverage(bytes, chain, key)).toEqual(saved);
    expect(decodeCoverage(bytes, '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c6b', key)).toBeNull();
    expect(decodeCoverage(bytes, chain, coverageKey(new Uint8Array(32).fill(8), 'c'))).toBeNull();
    for (let at = 0; at < bytes.length; at += 11) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(decodeCoverage(changed, chain, key)).toBeNull();
    }
    expect(decodeCoverage(Buffer.from('nothing'), chain, key)).toBeNull();
  });

  it('is not believed of another database: the record that was replaced is named', async () => {
    const { test, saved } = await checked(60);
    const other = await openTestStore();
    cleanups.push(
      () => removeFolder(other.folder),
      () => other.store.close(),
    );
    await append(other, 59);
    const rows = new SqliteRows(openSnapshot(other.path, 'the audit store'));
    const fitted = fitToDatabase(saved.state, rows);
    rows.db.close();
    expect(fitted.blocks).toEqual([undefined]);
    expect(fitted.pins).toEqual(saved.state.pins);
    const watched = watch(other, { ...saved, state: fitted });
    await settled(watched);
    expect(watched.continuous.news().map(newsKey)).toEqual(['not-extension 60']);
    expect(test.store.head().seq).toBe(60);
  });

  it('shows a tail that was cut off after the last checkpoint', async () => {
    const { test, saved } = await checked(60);
    edit(test.path, (db) => db.exec('DELETE FROM record WHERE seq > 40; DELETE FROM trail WHERE seq > 40'));
    const rows = new SqliteRows(openSnapshot(test.path, 'the audit store'));
    const state = fitToDatabase(saved.state, rows);
    rows.db.close();
    const shorter = {
      ...test,
      store: {
        ...test.store,
        head: () => ({ seq: 40, hash: '' }),
        keyId: test.store.keyId,
        chain: test.store.chain,
        tenant: test.store.tenant,
      },
    };
    const watched = watch(shorter as TestStore, { ...saved, state });
    await settled(watched);
    expect(watched.news.map(newsKey)).toContain('not-extension 60');
  });

  it('is written beside the store, for its owner only, and read when it is opened again', async () => {
    const test = await openStore(80);
    const file = join(dirname(test.path), 'coverage.json');
    const quiet = { onChange: () => {}, onNews: () => {}, onError: (error: unknown) => expect(error).toBeUndefined() };
    const first = await test.store.verifyContinuously(quiet);
    await vi.waitUntil(() => first.summary().complete);
    await first.stop();
    expect(existsSync(file)).toBe(true);
    const second = await test.store.verifyContinuously(quiet);
    expect(second.summary()).toMatchObject({ complete: true, to: 80 });
    await second.stop();
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace('"told":[]', '"told":["x"]')
        .replace(/\\"told\\":\[\]/, '\\"told\\":[1]'),
    );
    const third = await test.store.verifyContinuously(quiet);
    expect(third.summary()).toMatchObject({ complete: false });
    await third.stop();
  });
});

it('checks the records since the newest checkpoint only', async () => {
  const test = await openStore(BLOCK + 200);
  const { size } = await test.store.checkpoint();
  await append(test, 30);
  expect(await test.store.verifySince()).toEqual({
    since: size,
    to: size + 30,
    problems: [],
    problemCount: 0,
    failures: 0,
    read: 30,
  });
  edit(test.path, (db) => db.exec(`UPDATE record SET sig = zeroblob(64) WHERE seq = ${size + 3}`));
  expect((await test.store.verifySince()).problems).toMatchObject([{ seq: size + 3, code: 'signature' }]);
  edit(test.path, (db) => db.exec('UPDATE tree_node SET hash = zeroblob(32) WHERE level = 12'));
  expect((await test.store.verifySince()).problems[0]).toMatchObject({ code: 'root' });
}, 60_000);

/** @securityTest A history that was broken is never called valid again, however few records are looked at */
it('finds nothing good in the records since a checkpoint of a history that was broken', async () => {
  const test = await openStore(20);
  await test.store.checkpoint();
  await test.store.close();
  edit(test.path, (db) => db.exec('DROP INDEX trail_by_time'));
  const again = await openTestStore(test.folder, test.secrets, test.clock);
  cleanups.push(() => again.store.close());
  const { breaks } = again.store.standing();
  expect(await again.store.verifySince()).toMatchObject({ problems: [{ code: 'schema' }], failures: 1 });
  await again.store.acknowledgeBreak({
    actor: { type: 'user', id: 'u-1' },
    justification: seal('u-1', 'An index was taken away and put back.'),
    breaks: breaks.map(({ id }) => id),
  });
  const since = await again.store.verifySince();
  expect(since).toMatchObject({ problemCount: 1, failures: 1 });
  expect(since.problems[0]?.message).toContain('(acknowledged in record');
});
