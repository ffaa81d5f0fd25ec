import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate } from '#main/compliance/evaluation/evaluate.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { openSnapshot } from '#main/platform/sqlite.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { makeStore, openMadeStore } from './make-store.ts';
import { median, numberOption, perSecond, report, textOption } from './measure.ts';

/**
 * `node test/bench/report.ts [--records N] [--rounds N] [--store FOLDER]`: a SOC 2 Type II report's evaluation of a store
 * of N records, all of them in its window, with every control, its collectors and a sample, against a bare loop that reads
 * and JSON.parses the same rows. Each measurement is a process of its own, and rounds alternate. A store is made first
 * when the folder has none.
 */
const RECORDS = numberOption('--records', 1_000_000);
const ROUNDS = numberOption('--rounds', 3);
const STORE = textOption('--store', join('test-results', 'bench-stores', String(RECORDS)));
const RATIO = 3;
const MEMORY_LIMIT_MIB = 500;

const REQUEST: ReportRequest = {
  kind: 'soc2-type2',
  window: { from: '2025-06-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' },
  zone: 'UTC',
  sample: { number: '20260601', profile: HOUSE_PROFILE },
  disclose: false,
};

interface Part {
  readonly ms: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
  /** Largest resident memory of the process, MiB. */
  readonly rss: number;
  readonly note: string;
}

const PARTS: Readonly<Record<string, () => Promise<string> | string>> = { bare: bareLoop, report: evaluated };

function bareLoop(): string {
  const db = openSnapshot(join(STORE, 'audit.db'), 'the store');
  const rows = db.prepare<[], [number, Buffer, Buffer]>('SELECT seq, hash, bytes FROM record ORDER BY seq').raw();
  let count = 0;
  for (const [, , bytes] of rows.iterate()) {
    JSON.parse(bytes.toString('utf8'));
    count++;
  }
  db.close();
  return `${count} records`;
}

async function evaluated(): Promise<string> {
  const { chain, tenant } = { chain: textOption('--chain', ''), tenant: 'demo' };
  const address = { path: join(STORE, 'audit.db'), chain, tenant };
  const found = await evaluate({ kind: 'store', address }, planReport(REQUEST, { last: RECORDS }));
  if (found.integrity.state !== 'holds') throw new Error(found.integrity.problems[0]?.text);
  const exceptions = found.controls.reduce((sum, control) => sum + control.exceptions.length, 0);
  return `${found.records} records, ${found.inScope} in scope, ${found.controls.length} controls, ${exceptions} exceptions`;
}

function measured(part: string, chain: string): Part {
  const program = fileURLToPath(import.meta.url);
  const options = ['--part', part, '--records', String(RECORDS), '--store', STORE, '--chain', chain];
  const { status, stdout } = spawnSync(process.execPath, [program, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${part} failed`);
  return JSON.parse(stdout) as Part;
}

async function runPart(part: string): Promise<void> {
  const work = PARTS[part];
  if (work === undefined) throw new Error(`no part ${part}`);
  const started = performance.now();
  const note = await work();
  const ms = performance.now() - started;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  process.stdout.write(JSON.stringify({ ms, cpuMs, rss: maxRSS / 1024, note } satisfies Part));
}

async function main(): Promise<void> {
  if (!existsSync(join(STORE, 'audit.db'))) {
    await makeStore(STORE, RECORDS, (done) => process.stderr.write(`${done} records made\n`));
  }
  const store = await openMadeStore(STORE);
  const { chain } = store;
  await store.close();
  const bare: Part[] = [];
  const ours: Part[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(measured('bare', chain));
    ours.push(measured('report', chain));
  }
  const ms = (parts: readonly Part[]) => median(parts.map((part) => part.ms));
  const cpu = (parts: readonly Part[]) => median(parts.map((part) => part.cpuMs));
  const rss = Math.max(...ours.map((part) => part.rss));
  process.stdout.write(`${ours[0]?.note ?? ''}; by processor time ${(cpu(ours) / cpu(bare)).toFixed(2)} times\n`);
  report({
    name: `a Type II report over ${RECORDS.toLocaleString('en')} records`,
    ours: `${Math.round(ms(ours))} ms, ${perSecond(RECORDS, ms(ours))}`,
    yardstick: `${Math.round(ms(bare))} ms to read and parse the same rows`,
    ratio: ms(ours) / ms(bare),
    bound: { atMost: RATIO },
  });
  report({
    name: 'largest memory of the whole process',
    ours: `${Math.round(rss)} MiB`,
    yardstick: `${MEMORY_LIMIT_MIB} MiB`,
    ratio: rss / MEMORY_LIMIT_MIB,
    bound: { atMost: 1 },
  });
}

const part = textOption('--part', '');
await (part === '' ? main() : runPart(part));
