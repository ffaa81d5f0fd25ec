import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeStore, openMadeStore } from './make-store.ts';
import { elapsed, median, numberOption, report, textOption } from './measure.ts';

/**
 * What must not grow with the chain: opening the store, and verifying what was written since the last checkpoint. The
 * yardstick of each is the same on a small chain, in the same run.
 *
 *   node test/bench/opening.ts [--records N] [--stores FOLDER]
 *
 * Stores are kept in the folder as `<records>` and used again.
 */
const SMALL = 2_000;
const LARGE = numberOption('--records', 1_000_000);
const ROUNDS = 5;
/** Records written after the checkpoint, and verified. */
const SINCE = 500;
const folder = textOption('--stores', join('test-results', 'bench-stores'));

async function stored(records: number): Promise<string> {
  const place = join(folder, String(records));
  if (existsSync(join(place, 'secrets.json'))) return place;
  mkdirSync(folder, { recursive: true });
  await makeStore(place, records, (done) => void process.stderr.write(`${done} records\n`));
  return place;
}

async function openOnce(place: string): Promise<number> {
  let store: Awaited<ReturnType<typeof openMadeStore>> | undefined;
  const took = await elapsed(async () => {
    store = await openMadeStore(place);
  });
  await store?.close();
  return took;
}

/** Reads again and checks what was written since the newest checkpoint. */
async function verifySince(place: string): Promise<number> {
  const store = await openMadeStore(place);
  try {
    await store.checkpoint();
    const { seq } = store.head();
    const inputs = Array.from({ length: SINCE }, (_, index) =>
      store.append({
        action: 'tenant.user_role_changed',
        outcome: 'success',
        actor: { type: 'system', id: 'causeway' },
        target: { type: 'user', id: `user-${index}` },
        data: { user: `user-${index}`, old: 'viewer', new: 'operator' },
      }),
    );
    await Promise.all(inputs);
    let checked = 0;
    const took = await elapsed(async () => {
      const found = await store.verifySince();
      if (found.problems.length > 0) throw new Error(found.problems[0]?.message);
      checked = store.head().seq - seq;
    });
    return took / checked;
  } finally {
    await store.close();
  }
}

const places = { small: await stored(SMALL), large: await stored(LARGE) };
const opening = { small: [] as number[], large: [] as number[] };
const since = { small: [] as number[], large: [] as number[] };
for (let round = 0; round <= ROUNDS; round++) {
  for (const size of ['small', 'large'] as const) {
    const opened = await openOnce(places[size]);
    const verified = await verifySince(places[size]);
    if (round === 0) continue; // warm
    opening[size].push(opened);
    since[size].push(verified);
  }
}

const count = (value: number) => value.toLocaleString('en');
report({
  name: `Opening a store of ${count(LARGE)} records`,
  ours: `${median(opening.large).toFixed(1)} ms`,
  yardstick: `${median(opening.small).toFixed(1)} ms, a store of ${count(SMALL)} records`,
  ratio: median(opening.large) / median(opening.small),
  bound: { atMost: 2 },
});
report({
  name: `Verified since the last checkpoint, chain of ${count(LARGE)} records`,
  ours: `${(median(since.large) * 1000).toFixed(0)} µs for each of ${SINCE} new records`,
  yardstick: `${(median(since.small) * 1000).toFixed(0)} µs, chain of ${count(SMALL)} records`,
  ratio: median(since.large) / median(since.small),
  bound: { atMost: 2 },
});
