import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { extendIndex, openIndex, readBuilt } from '#main/audit/search/index-file.ts';
import { SearchIndex } from '#main/audit/search/search-index.ts';
import { keepSearchIndex, type SearchKeeper } from '#main/audit/search/search-keeper.ts';
import { indexQuery, parseText } from '#main/audit/search/words.ts';
import type { TextIndex } from '#main/audit/trail-text.ts';
import type { Database } from '#main/platform/sqlite.ts';
import { openDerived, openReading } from '#main/platform/sqlite-derived.ts';
import { sampleInputs } from '../../bench/sample-records.ts';
import { noteInput, openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';

let test: TestStore;
let index: string;
let audit: Database;

beforeEach(async () => {
  test = await openTestStore();
  index = join(test.folder, 'search.db');
  audit = openReading(test.path);
});
afterEach(async () => {
  audit.close();
  await test.store.close();
  removeFolder(test.folder);
});

async function fill(count: number, seed = 5): Promise<void> {
  const inputs = sampleInputs(seed);
  for (let done = 0; done < count; done++) await test.store.append(inputs.next().value);
}

/** Builds as far as `batches` of 40 go. @returns how far the index is */
function build(batches = 1000, fresh = false): number {
  const db = openIndex(index, audit, test.store.chain, fresh);
  try {
    for (let done = 0; done < batches && extendIndex(db, audit, 40) === 40; done++);
    return readBuilt(db)?.last ?? 0;
  } finally {
    db.close();
  }
}

function withIndex<T>(use: (index: TextIndex) => T, onFailure: (error: unknown) => void = () => {}): T {
  const reader = new SearchIndex(index, onFailure);
  try {
    return use(reader);
  } finally {
    reader.close();
  }
}

const TEXTS = [
  'payments-api',
  'inc-0001',
  'TaskFailed',
  'logs:FilterLogEvents',
  '"read within the task"',
  'cart',
  '200',
];
const find = (text: string, given?: TextIndex) =>
  test.store.page({ text, limit: 500 }, given).rows.map(({ seq }) => seq);

describe('the search index', () => {
  it('finds what a look through the records finds, before, while and after it is built', async () => {
    await fill(400);
    const plain = TEXTS.map((text) => find(text));
    expect(plain.filter((seqs) => seqs.length > 0).length).toBeGreaterThanOrEqual(4);
    expect(build(2)).toBe(80);
    withIndex((half) => expect(TEXTS.map((text) => find(text, half))).toEqual(plain));
    expect(build()).toBe(401);
    withIndex((whole) => {
      expect(TEXTS.map((text) => find(text, whole))).toEqual(plain);
      expect(whole.find(parseText('inc-0001'), 401, 500).length).toBeGreaterThan(0);
    });
  });

  it('goes on where it was stopped, and takes new records in', async () => {
    await fill(90);
    expect(build(1)).toBe(40);
    expect(build(1)).toBe(80);
    await test.store.append(noteInput('inc-lighthouse', 'sealed words'));
    expect(build()).toBe(92);
    withIndex((given) => {
      expect(given.find(parseText('lighthouse'), 1000, 10)).toEqual([92]);
      expect(find('lighthouse', given)).toEqual([92]);
      expect(find('sealed words', given)).toEqual([]);
    });
  });

  it('finds a record by the first characters of its hash, and a digest in the data by its own', async () => {
    await fill(30);
    build();
    const { hash, bytes } = test.store.get(20) ?? { hash: '', bytes: new Uint8Array() };
    const digest = /Digest":"([0-9a-f]{64})"/.exec(Buffer.from(bytes).toString())?.[1] ?? '';
    withIndex((given) => {
      expect(find(hash.slice(0, 10), given)).toEqual([20]);
      expect(find(hash.slice(0, 10))).toEqual([20]);
      for (const length of [8, 20, 21, 40, 64]) expect(find(digest.slice(0, length), given)).toEqual([20]);
      // begins as the digest does, and goes on otherwise: the index keeps the beginning only, the record tells
      expect(find(`${digest.slice(0, 24)}0000`, given)).toEqual([]);
    });
  });

  it('is begun anew when it is of another chain, of a longer one, or no index', async () => {
    await fill(60);
    build();
    const other = await openTestStore();
    const otherAudit = openReading(other.path);
    const foreign = openIndex(index, otherAudit, other.store.chain, false);
    expect(readBuilt(foreign)).toMatchObject({ chain: other.store.chain, last: 0 });
    foreign.close();
    otherAudit.close();
    await other.store.close();
    removeFolder(other.folder);

    expect(build()).toBe(61);
    tamper("UPDATE built SET hash = x'00'"); // it goes on from a record that is not the store's
    const again = openIndex(index, audit, test.store.chain, false);
    expect(readBuilt(again)?.last).toBe(0);
    again.close();
    tamper('UPDATE built SET last = 5000');
    const ahead = openIndex(index, audit, test.store.chain, false);
    expect(readBuilt(ahead)?.last).toBe(0);
    ahead.close();
    for (const damage of ['not a database at all', '']) {
      writeFileSync(index, damage);
      expect(build()).toBe(61);
    }
  });

  /** @securityTest A forged search index makes up no record, and a damaged one is not believed */
  it('that was forged makes up nothing, and one that cannot be read is passed over', async () => {
    await fill(330); // the newest 250 are read whatever the index says
    build();
    const plain = find('inc-0001');
    tamper("INSERT INTO words (rowid, text) SELECT value, 'invented words' FROM json_each('[3, 9, 4000]')");
    withIndex((forged) => {
      expect(forged.find(parseText('invented'), 5000, 10)).toEqual([4000, 9, 3]);
      expect(find('invented', forged)).toEqual([]);
    });
    tamper("UPDATE words_data SET block = x'ffff00' WHERE id > 10");
    const told: unknown[] = [];
    withIndex(
      (damaged) => expect(find('inc-0001', damaged)).toEqual(plain),
      (error) => told.push(error),
    );
    expect(told).toHaveLength(1);
  });

  it('asks for words, never for what FTS5 would take as an operator', () => {
    expect(indexQuery(parseText('a-b* OR "c NOT d" (e) NEAR text:x'))).toBe(
      '"a b" AND "or" AND "c not d" AND "e" AND "near" * AND "text x"',
    );
    expect(parseText(' -- "" … ')).toEqual([]);
  });
});

function tamper(sql: string): void {
  const db = openDerived(index);
  db.unsafeMode(true); // as the sqlite3 shell does it
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

describe('the keeper of the index', () => {
  let keeper: SearchKeeper;
  let errors: unknown[];
  beforeEach(() => {
    errors = [];
    keeper = keepSearchIndex({ folder: test.folder, chain: test.store.chain, onError: (error) => errors.push(error) });
  });
  afterEach(() => keeper.close());

  const until = (last: number) =>
    vi.waitFor(() => {
      keeper.index();
      expect(keeper.last()).toBe(last);
    }, 10_000);

  it('builds in a thread when first asked, follows the store, and builds again when told to', async () => {
    await fill(50);
    expect(existsSync(index)).toBe(false);
    expect(keeper.index()).toBeNull();
    await until(51);
    expect(find('inc-0001', keeper.index() ?? undefined)).toEqual(find('inc-0001'));
    await test.store.append(noteInput('inc-lighthouse', 'x'));
    expect(find('lighthouse', keeper.index() ?? undefined)).toEqual([52]); // not in it yet: read from the store
    keeper.grow();
    await until(52);
    tamper('DELETE FROM words_data WHERE id > 10'); // finds nothing any more
    await keeper.rebuild();
    await until(52);
    expect(find('lighthouse', keeper.index() ?? undefined)).toEqual([52]);
    expect(errors).toEqual([]);
  });

  it('makes a damaged index again by itself', async () => {
    await fill(330);
    build();
    const size = readFileSync(index).length;
    truncateSync(index, size - 4096);
    await until(331);
    const plain = find('inc-0001');
    tamper("UPDATE words_data SET block = x'ffff00' WHERE id > 10");
    expect(find('inc-0001', keeper.index() ?? undefined)).toEqual(plain);
    expect(errors).toHaveLength(1);
    await until(331);
    withIndex((given) => expect(given.find(parseText('inc-0001'), 400, 500).length).toBeGreaterThan(0));
  });
});
