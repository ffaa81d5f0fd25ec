/**
 * `node test/bench/make-store.ts --records N --store FOLDER`: a store of N plainly made-up, really signed records for
 * measurements. Its secrets lie beside it in `secrets.json`, in the clear: never use it for anything else.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AuditStore, openAuditStore } from '#main/audit/store.ts';
import { systemRandom } from '#main/platform/random.ts';
import { MemorySecrets } from '../support/memory-secrets.ts';
import { sampleInputs } from './sample-records.ts';

const BATCH = 256;
const SECRETS = 'secrets.json';
/** Milliseconds from one batch to the next: a million records are about a year. */
const STEP = 8_000_000;
const BEGIN = Date.parse('2025-06-01T00:00:00.000Z');

/** Opens a store made here, with the secrets beside it. */
export async function openMadeStore(folder: string, now = Date.now): Promise<AuditStore> {
  const secrets = new MemorySecrets();
  const kept = JSON.parse(readFileSync(join(folder, SECRETS), 'utf8')) as Record<string, string>;
  for (const [name, value] of Object.entries(kept)) secrets.entries.set(name, Buffer.from(value, 'base64'));
  return openWith(folder, secrets, { now });
}

function openWith(folder: string, secrets: MemorySecrets, clock: { now(): number }): Promise<AuditStore> {
  const generator = { name: 'causeway-bench', version: '1' };
  return openAuditStore({ folder, tenant: 'demo', secrets, clock, random: systemRandom, generator });
}

/** Fills a new folder with `records` records through the store's own group append. */
export async function makeStore(folder: string, records: number, told: (done: number) => void): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const secrets = new MemorySecrets();
  const clock = { time: BEGIN, now: () => clock.time };
  const store = await openWith(folder, secrets, clock);
  const inputs = sampleInputs();
  for (let done = store.head().seq; done < records; ) {
    const batch: Promise<unknown>[] = [];
    while (batch.length < BATCH && done + batch.length < records) batch.push(store.append(inputs.next().value));
    await Promise.all(batch);
    done += batch.length;
    clock.time += STEP;
    if (done % (BATCH * 100) < BATCH) told(done);
  }
  await store.close();
  const kept = [...secrets.entries].map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  writeFileSync(join(folder, SECRETS), JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { records: { type: 'string' }, store: { type: 'string' } } });
  const records = Number(values.records ?? 1_000_000);
  if (values.store === undefined || !Number.isInteger(records) || records < 1) {
    process.stderr.write('usage: node test/bench/make-store.ts --records N --store FOLDER\n');
    process.exitCode = 2;
  } else {
    const began = performance.now();
    await makeStore(values.store, records, (done) => {
      process.stderr.write(`${done} records, ${Math.round(done / ((performance.now() - began) / 1000))} a second\n`);
    });
  }
}
