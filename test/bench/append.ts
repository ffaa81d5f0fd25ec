import { generateKeyPairSync, sign } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { AuditStore } from '#main/audit/store.ts';
import { noteInput, openTestStore, roleInput, temporaryFolder } from '../support/audit-store.ts';
import { elapsed, median, numberOption, perSecond, quantile, report } from './measure.ts';

/**
 * Appending: one durable record at a time against a bare FULL insert of the same row, and groups of records against the
 * machine's own rate of Ed25519 signatures. Rounds alternate, so that both sides see the same machine.
 */
const ROUNDS = 5;
const SINGLE = numberOption('--single', 400);
const GROUP = numberOption('--group', 4000);

const input = (index: number) =>
  index % 4 === 0 ? noteInput(`inc-${index % 50}`, `note ${index}`) : roleInput(`user-${index}`);

interface Row {
  readonly hash: Buffer;
  readonly prev: Buffer;
  readonly sig: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The same row into one bare table: WAL, synchronous=FULL, no guards, no index, nothing computed. */
class BareTable {
  readonly #db;
  readonly #insert;
  #seq = 0;

  constructor(folder: string) {
    this.#db = new BetterSqlite3(join(folder, 'bare.db'));
    this.#db.pragma('journal_mode = WAL');
    this.#db.exec('CREATE TABLE row (seq INTEGER PRIMARY KEY, hash BLOB, prev BLOB, sig BLOB, bytes BLOB)');
    this.#db.pragma('synchronous = FULL');
    this.#insert = this.#db.prepare('INSERT INTO row VALUES (?, ?, ?, ?, ?)');
  }

  insert({ hash, prev, sig, bytes }: Row): void {
    this.#insert.run(++this.#seq, hash, prev, sig, bytes);
  }

  close(): void {
    this.#db.close();
  }
}

async function appendSingly(store: AuditStore, from: number): Promise<{ times: number[]; rows: Row[] }> {
  const times: number[] = [];
  const rows: Row[] = [];
  for (let index = from; index < from + SINGLE; index++) {
    const started = performance.now();
    const { hash, sig, bytes, record } = await store.append(input(index));
    times.push(performance.now() - started);
    rows.push({ hash: Buffer.from(hash, 'hex'), prev: Buffer.from(record.prev, 'hex'), sig, bytes });
  }
  return { times, rows };
}

function insertSingly(table: BareTable, rows: readonly Row[]): number[] {
  return rows.map((row) => {
    const started = performance.now();
    table.insert(row);
    return performance.now() - started;
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const folder = temporaryFolder();
const { store } = await openTestStore(folder);
const bare = new BareTable(folder);
const { privateKey } = generateKeyPairSync('ed25519');
const text = Buffer.from(`causeway/record/v1\n${'a'.repeat(64)}\n`);

const rates = { ours: [] as number[], bare: [] as number[] };
const tails = { ours: [] as number[], bare: [] as number[] };
const groups = { ours: [] as number[], signing: [] as number[] };
try {
  insertSingly(bare, (await appendSingly(store, 0)).rows); // warm
  for (let round = 1; round <= ROUNDS; round++) {
    const { times, rows } = await appendSingly(store, round * SINGLE);
    const bareTimes = insertSingly(bare, rows);
    rates.ours.push(sum(times));
    rates.bare.push(sum(bareTimes));
    tails.ours.push(quantile(times, 0.99));
    tails.bare.push(quantile(bareTimes, 0.99));
    const inputs = Array.from({ length: GROUP }, (_, index) => input(index));
    groups.ours.push(await elapsed(async () => void (await Promise.all(inputs.map((one) => store.append(one))))));
    groups.signing.push(
      await elapsed(() => {
        for (let index = 0; index < GROUP; index++) sign(null, text, privateKey);
      }),
    );
  }
} finally {
  await store.close();
  bare.close();
  rmSync(folder, { recursive: true, force: true });
}

const ms = (value: number) => `${value.toFixed(2)} ms`;
report({
  name: `Durable append, one record at a time (medians of ${ROUNDS} rounds of ${SINGLE})`,
  ours: perSecond(SINGLE, median(rates.ours)),
  yardstick: `${perSecond(SINGLE, median(rates.bare))}, bare FULL insert of the same row`,
  ratio: median(rates.bare) / median(rates.ours),
  bound: { atLeast: 0.6 },
});
report({
  name: 'Slowest one in a hundred of these',
  ours: ms(median(tails.ours)),
  yardstick: ms(median(tails.bare)),
  ratio: median(tails.ours) / median(tails.bare),
  bound: { atMost: 4 },
});
report({
  name: `Group append (medians of ${ROUNDS} rounds of ${GROUP} records)`,
  ours: perSecond(GROUP, median(groups.ours)),
  yardstick: `${perSecond(GROUP, median(groups.signing))}, Ed25519 signatures`,
  ratio: median(groups.signing) / median(groups.ours),
  bound: { atLeast: 0.45 },
});
