import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runBounded } from './bounded-run.ts';
import type { LogRecord } from './log-record.ts';
import type { Command } from './query-parser.ts';
import { matchesFilters, type ResultRow, runPipeline } from './query-run.ts';

export interface LogQuery {
  readonly id: string;
  status: 'Running' | 'Complete' | 'Failed' | 'Timeout';
  results: readonly ResultRow[];
  recordsScanned: number;
  recordsMatched: number;
  bytesScanned: number;
}

/** The Insights queries of one account: they run by themselves and are asked for later. */
export interface QueryStore {
  start(commands: readonly Command[], records: () => readonly LogRecord[]): LogQuery;
  find(id: string): LogQuery | undefined;
  running(): number;
}

const KEPT = 200;
const CHUNK = 2000;
/** Computing time of one query; AWS allows an hour, but this runs beside a window. */
const MAX_QUERY_MS = 5_000;
/** A piece takes milliseconds; one that takes this long has met an expression that does not end. */
const MAX_PIECE_MS = 1_000;

export function createQueryStore(): QueryStore {
  const queries = new Map<string, LogQuery>();
  return {
    start: (commands, records) => {
      const query: LogQuery = {
        id: randomUUID(),
        status: 'Running',
        results: [],
        recordsScanned: 0,
        recordsMatched: 0,
        bytesScanned: 0,
      };
      for (const [id, known] of queries) {
        if (queries.size < KEPT) break;
        if (known.status !== 'Running') queries.delete(id);
      }
      queries.set(query.id, query);
      execute(query, commands, records).catch(() => {
        query.status = 'Failed';
      });
      return query;
    },
    find: (id) => queries.get(id),
    running: () => [...queries.values()].filter((query) => query.status === 'Running').length,
  };
}

/** Scans in pieces, so that other requests are answered in between. */
async function execute(query: LogQuery, commands: readonly Command[], source: () => readonly LogRecord[]) {
  const records = source();
  let left = MAX_QUERY_MS;
  const bounded = (job: () => void, limit: number) => {
    const begun = performance.now();
    const finished = left > 0 && runBounded(job, Math.min(left, limit));
    left -= performance.now() - begun;
    return finished;
  };
  const matched: LogRecord[] = [];
  for (let start = 0; start < records.length; start += CHUNK) {
    await nextTurn();
    const chunk = records.slice(start, start + CHUNK);
    const finished = bounded(() => {
      for (const record of chunk) if (matchesFilters(commands, record)) matched.push(record);
    }, MAX_PIECE_MS);
    query.recordsScanned += chunk.length;
    query.bytesScanned += chunk.reduce((sum, record) => sum + Buffer.byteLength(record.line.message), 0);
    query.recordsMatched = matched.length;
    if (!finished) {
      query.status = 'Timeout';
      return;
    }
  }
  await nextTurn();
  let results: readonly ResultRow[] = [];
  const finished = bounded(() => {
    results = runPipeline(commands, matched);
  }, MAX_QUERY_MS);
  query.results = results;
  query.status = finished ? 'Complete' : 'Timeout';
}
