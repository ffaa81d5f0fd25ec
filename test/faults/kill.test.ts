import { afterEach, describe, expect, it } from 'vitest';
import { createSite, expectSound, type FaultSite, removeSite, runWriter } from './fault-store.ts';
import { seededRandom } from './seeded-random.ts';

const KILLS = 200;
const LANES = 2;
/** Milliseconds after the writer was started, or after it said it had opened the store, within which it is killed. */
const WHILE_STARTING = 450;
const WHILE_WRITING = 90;
const SEED = Number(process.env.CAUSEWAY_FAULT_SEED ?? Date.now() % 1_000_000);

const sites: FaultSite[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) removeSite(site);
});

/** One life of a writer, ended from outside at a time nobody chose. */
async function liveAndDie(site: FaultSite, random: () => number, known: Map<number, string>): Promise<void> {
  const whileStarting = random() < 0.25;
  const delay = random() * (whileStarting ? WHILE_STARTING : WHILE_WRITING);
  const run = await runWriter(site, {
    mode: 'endless',
    onStart: (child) => {
      if (whileStarting) setTimeout(() => child.kill('SIGKILL'), delay);
    },
    onLine: (line, child) => {
      if (!whileStarting && line.startsWith('open')) setTimeout(() => child.kill('SIGKILL'), delay);
    },
  });
  expect(run.signal, run.errors).toBe('SIGKILL');
  expect(run.refused).toEqual([]);
  for (const [seq, hash] of run.acknowledged) known.set(seq, hash);
}

/** @securityTest A writer killed at any moment loses no acknowledged record and leaves no half one. */
describe(`a writer killed ${KILLS} times (CAUSEWAY_FAULT_SEED=${SEED})`, () => {
  it('loses no acknowledged record and leaves no half one', { timeout: 600_000 }, async () => {
    let kills = 0;
    const lane = async (number: number): Promise<number> => {
      const random = seededRandom(SEED + number);
      let records = 0;
      while (kills < KILLS) {
        const site = createSite();
        sites.push(site);
        const known = new Map<number, string>();
        for (let life = 0; life < 20 && kills < KILLS; life++) {
          kills++;
          await liveAndDie(site, random, known);
          if (life % 5 === 4 && known.size > 0) await expectSound(site, known);
        }
        if (known.size > 0) records += await expectSound(site, known);
      }
      return records;
    };
    const records = await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    expect(kills).toBe(KILLS);
    expect(records.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(KILLS / 4); // they did write
  });
});
