/**
 * `node test/bench/trail.ts [--records N] [--store FOLDER]`: what a person waits for in a trail of N records. The
 * yardstick of each filter is the bare SQL with the index that answers it, page and count, on the same database in the
 * same run; both are medians of five, taken in turn, statements
 * prepared; the time on the processor stands beside, for a machine that is not idle. A store is made first
 * when the folder has none.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { extendIndex, openIndex } from '#main/audit/search/index-file.ts';
import { SearchIndex } from '#main/audit/search/search-index.ts';
import { AUDIT_MIGRATIONS } from '#main/audit/sqlite-schema.ts';
import { TrailReader } from '#main/audit/trail-query.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import { openReading } from '#main/platform/sqlite-derived.ts';
import type { TrailQuery } from '#shared/ipc/views.ts';
import { makeStore, openMadeStore } from './make-store.ts';
import { median } from './measure.ts';

const ROUNDS = 5;
const LIMIT = 200;
const FIRST_MS = 100;
const FILTER_MS = 300;
const RATIO = 3;

interface Case {
  readonly name: string;
  readonly query: Omit<TrailQuery, 'limit'>;
  /** Conditions of the bare SQL, and the index that answers them best; null where there is no bare SQL to compare with. */
  readonly bare: { readonly where: string; readonly values: readonly unknown[]; readonly index: string | null } | null;
}

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:service/shop/cart';
const CALLED = 'investigation.system_called';
const MIDDLE = { from: '2025-10-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' };
const bare = (where: string, values: readonly unknown[], index: string | null) => ({ where, values, index });
const middle = [Date.parse(MIDDLE.from), Date.parse(MIDDLE.to)];

const CASES: readonly Case[] = [
  { name: 'first screenful', query: {}, bare: bare('1', [], null) },
  { name: 'category, common', query: { category: 'investigation' }, bare: category('investigation') },
  { name: 'category, none', query: { category: 'github' }, bare: category('github') },
  { name: 'action', query: { action: CALLED }, bare: bare('action = ?', [CALLED], 'trail_by_action') },
  {
    name: 'actor, common',
    query: { actor: 'log-analyst-1' },
    bare: bare('actor_id = ?', ['log-analyst-1'], 'trail_by_actor'),
  },
  { name: 'actor, a person', query: { actor: 'user-3' }, bare: bare('actor_id = ?', ['user-3'], 'trail_by_actor') },
  { name: 'target', query: { target: ARN }, bare: bare('target_id = ?', [ARN], 'trail_by_target') },
  {
    name: 'incident',
    query: { incident: 'inc-5000' },
    bare: bare('incident IS NOT NULL AND incident = ?', ['inc-5000'], 'trail_by_incident'),
  },
  {
    name: 'outcome denied',
    query: { outcome: 'denied' },
    bare: bare("outcome <> 'success' AND outcome = ?", ['denied'], 'trail_by_outcome'),
  },
  { name: 'outcome success', query: { outcome: 'success' }, bare: bare("outcome = 'success'", [], null) },
  { name: 'time, a quarter', query: MIDDLE, bare: bare('time >= ? AND time <= ?', middle, 'trail_by_time') },
  {
    name: 'time to the newest',
    query: { from: MIDDLE.to },
    bare: bare('time >= ?', [Date.parse(MIDDLE.to)], 'trail_by_time'),
  },
  {
    name: 'action and actor',
    query: { action: CALLED, actor: 'log-analyst-1' },
    bare: bare('action = ? AND actor_id = ?', [CALLED, 'log-analyst-1'], 'trail_by_actor'),
  },
  {
    name: 'action and actor, none',
    query: { action: CALLED, actor: 'causeway' },
    bare: bare('action = ? AND actor_id = ?', [CALLED, 'causeway'], 'trail_by_actor'),
  },
  {
    name: 'category and denied',
    query: { category: 'auth', outcome: 'denied' },
    bare: bare(
      "outcome <> 'success' AND outcome = 'denied' AND action >= 'auth.' AND action < 'auth/'",
      [],
      'trail_by_outcome',
    ),
  },
  {
    name: 'time and action and target',
    query: { ...MIDDLE, action: CALLED, target: ARN },
    bare: bare('time >= ? AND time <= ? AND action = ? AND target_id = ?', [...middle, CALLED, ARN], 'trail_by_target'),
  },
  { name: 'text: a service', query: { text: 'payments-api' }, bare: null },
  { name: 'text: an incident', query: { text: 'inc-0777' }, bare: null },
  { name: 'text: an error, begun', query: { text: 'TaskFailedTo' }, bare: null },
  { name: 'text: two words', query: { text: 'OutOfMemoryError payments-api' }, bare: null },
  { name: 'text: three letters', query: { text: 'inv' }, bare: null },
  { name: 'text: an ARN', query: { text: ARN }, bare: null },
  { name: 'text: not there', query: { text: 'nothinglikethis' }, bare: null },
  { name: 'text and outcome', query: { text: 'TaskFailedToStart', outcome: 'failure' }, bare: null },
  { name: 'text and category, none', query: { text: 'cart', category: 'auth' }, bare: null },
];

function category(name: string) {
  return bare('action >= ? AND action < ?', [`${name}.`, `${name}/`], 'trail_by_action');
}

/** Page and count, as bare as they can be. */
function bareSql(db: Database, { where, values, index }: NonNullable<Case['bare']>): () => void {
  const from = `FROM trail ${index === null ? 'NOT INDEXED' : `INDEXED BY ${index}`} WHERE ${where}`;
  const hash = '(SELECT hash FROM record WHERE record.seq = trail.seq) AS hash';
  const order = `ORDER BY seq DESC LIMIT ${LIMIT}`;
  const through = db.prepare<unknown[], unknown>(`SELECT trail.*, ${hash} ${from} ${order}`);
  const along = db.prepare<unknown[], unknown>(
    `SELECT trail.*, ${hash} FROM trail NOT INDEXED WHERE ${where} ${order}`,
  );
  // for the page the better of both ways, as tried once: one sorts, the other passes over rows
  const tried = (list: typeof along) => timed(() => list.all(...values));
  const list = tried(through) <= tried(along) ? through : along;
  const count = where === '1' ? null : db.prepare<unknown[], unknown>(`SELECT count(*) ${from}`);
  return () => {
    list.all(...values);
    count?.get(...values);
  };
}

function timed(run: () => void): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}

function measure(db: Database, index: SearchIndex, head: number): boolean {
  let held = true;
  process.stdout.write('filter                        bare ms   page ms  (cpu)    ratio   total\n');
  for (const { name, query, bare: sql } of CASES) {
    const yardstick: number[] = [];
    const times: number[] = [];
    const busy: number[] = [];
    let total = '';
    const bareRun = sql === null ? null : bareSql(db, sql);
    for (let round = 0; round < ROUNDS; round++) {
      if (bareRun !== null) yardstick.push(timed(bareRun));
      const reader = new TrailReader(db);
      reader.page({ ...query, limit: LIMIT, before: 2 }, 1, index); // its statements are prepared, no total is remembered
      const before = process.threadCpuUsage();
      times.push(
        timed(() => {
          const page = reader.page({ ...query, limit: LIMIT }, head, index);
          total = `${page.total} ${page.totalIs}${page.searched > 1 && page.next !== null ? `, paused at ${page.searched}` : ''}`;
        }),
      );
      const { user, system } = process.threadCpuUsage(before);
      busy.push((user + system) / 1000);
    }
    const [own, other] = [median(times), median(yardstick)];
    const ratio = sql === null ? null : own / other;
    const limit = name === 'first screenful' ? FIRST_MS : FILTER_MS;
    // below a tenth of a millisecond the clock and the call weigh more than the query
    const ok = own <= limit && (ratio === null || ratio <= RATIO || own < 1);
    held &&= ok;
    const figures = [
      name.padEnd(28),
      sql === null ? ''.padStart(8) : other.toFixed(2).padStart(8),
      own.toFixed(2).padStart(9),
      `(${median(busy).toFixed(1)})`.padEnd(9),
      ratio === null ? ''.padStart(7) : ratio.toFixed(2).padStart(7),
      `  ${total}`,
      ok ? '' : '  OVER THE LIMIT',
    ];
    process.stdout.write(`${figures.join(' ')}\n`);
  }
  return held;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { records: { type: 'string' }, store: { type: 'string' } } });
  const records = Number(values.records ?? 1_000_000);
  const folder = values.store ?? join('test-results', 'bench', `trail-${records}`);
  if (!existsSync(join(folder, 'secrets.json'))) {
    await makeStore(folder, records, (done) => process.stderr.write(`\r${done} records made`));
    process.stderr.write('\n');
  }
  const path = join(folder, 'audit.db');
  openDatabase(path, { what: 'the audit store', migrations: AUDIT_MIGRATIONS }).close();
  const opening: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const store = await openMadeStore(folder);
    opening.push(performance.now() - began);
    await store.close();
  }
  const store = await openMadeStore(folder);
  const { seq } = store.head();
  const chain = store.chain;
  await store.close();
  const db = openReading(path);
  const writer = openIndex(join(folder, 'search.db'), db, chain, false);
  const began = performance.now();
  let built = 0;
  for (let added = 1000; added === 1000; built += added) added = extendIndex(writer, db, 1000);
  writer.close();
  if (built > 0)
    process.stdout.write(`search index: ${((performance.now() - began) / built).toFixed(4)} ms a record\n`);
  process.stdout.write(`${seq} records; opening the store: ${median(opening).toFixed(1)} ms\n`);
  const index = new SearchIndex(join(folder, 'search.db'), (error) => {
    throw error;
  });
  if (!measure(db, index, seq)) process.exitCode = 1;
  index.close();
  db.close();
}

await main();
