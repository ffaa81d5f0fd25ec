import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { evaluate, type RecordSource } from '#main/compliance/evaluation/evaluate.ts';
import { evaluateSource } from '#main/compliance/evaluation/evaluate-records.ts';
import type { EvaluationRequest } from '#main/compliance/evaluation/evaluation.ts';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';

const DAY = 86_400_000;
let open: TestStore | undefined;

afterEach(async () => {
  await open?.store.close();
  if (open !== undefined) removeFolder(open.folder);
  open = undefined;
});

async function filled(days: number): Promise<TestStore> {
  const made = await openTestStore();
  open = made;
  for (let index = 0; index < days; index++) {
    made.clock.time += DAY;
    await made.store.append(noteInput(`inc-${index}`, 'a note', `user-${index % 3}`));
    await made.store.append(roleInput(`user-${index}`));
  }
  return made;
}

function request(last: number, more: Partial<EvaluationRequest> = {}): EvaluationRequest {
  return {
    window: { from: '2026-03-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' },
    actions: ['tenant.user_role_changed', 'incident.note_added'],
    controls: ['AC-01'],
    actors: null,
    sample: { number: '42', profile: HOUSE_PROFILE },
    last,
    collectors: [],
    ...more,
  };
}

/** The same without a thread, whose start takes its time. */
const here = async (source: RecordSource, asked: EvaluationRequest) =>
  await evaluateSource(PRODUCT_RULES, source, asked, () => undefined);

describe('an evaluation on a thread', () => {
  test('of a store and of its exported file is the same, byte for byte', async () => {
    const { store, folder } = await filled(20);
    const { seq: last } = store.head();
    const { size, root, at } = await store.checkpoint();
    const asked = request(last, { checkpoint: { size, root, at } });
    const ofStore = await evaluate({ kind: 'store', address: store.reader() }, asked);
    const path = join(folder, 'whole.chain.jsonl');
    await store.exportChain(path, { disclose: true, generator: TEST_GENERATOR });
    const ofFile = await evaluate({ kind: 'file', path }, asked);
    expect(JSON.stringify(ofFile)).toBe(JSON.stringify(ofStore));
    expect(ofStore.integrity).toMatchObject({ state: 'holds', checked: last });
    expect(ofStore.inScope).toBe(40);
    expect(ofStore.checkpoint).toEqual({ size, root, at });
    expect(JSON.stringify(await here({ kind: 'store', address: store.reader() }, asked))).toBe(JSON.stringify(ofStore));
  });

  test('takes the newest checkpoint of a store where none is named', async () => {
    const { store } = await filled(3);
    const { size, root } = await store.checkpoint();
    await store.append(roleInput('user-9'));
    const found = await here({ kind: 'store', address: store.reader() }, request(store.head().seq));
    expect(found.checkpoint).toMatchObject({ size, root });
    expect(found.integrity.state).toBe('holds');
  });

  test('refuses files nothing can be counted in, and says what to do', async () => {
    const { store, folder } = await filled(5);
    const options = { disclose: true, generator: TEST_GENERATOR };
    const file = (name: string) => join(folder, name);
    const { seq: last } = store.head();
    await store.export(file('range'), { format: 'range', first: 3, last: 6 }, options);
    await store.exportChain(file('whole'), options);
    writeFileSync(file('text'), 'nothing of the kind\n');
    writeFileSync(file('empty'), '');
    const lines = readFileSync(file('whole'), 'utf8').split('\n');
    writeFileSync(file('cut'), `${lines.slice(0, 5).join('\n')}\n`);
    const refusal = async (name: string, to = last) =>
      await here({ kind: 'file', path: file(name) }, request(to)).then(
        () => 'counted',
        (error: { code: string; reason: string; message: string }) => `${error.code} ${error.reason} ${error.message}`,
      );
    expect(await refusal('range')).toMatch(/^bad-input range This file begins at record 3.*Export the whole chain/);
    expect(await refusal('text')).toMatch(/^bad-input no-header/);
    expect(await refusal('empty')).toMatch(/^bad-input no-header/);
    expect(await refusal('missing')).toMatch(/^bad-input unreadable/);
    expect(await refusal('cut')).toMatch(/^bad-input too-short This chain file ends at record 4/);
    expect(await refusal('whole', 5000)).toMatch(/^bad-input too-short/);
    expect(await refusal('whole')).toBe('counted');
  });

  test('names the record that was altered in a file', async () => {
    const { store, folder } = await filled(5);
    const path = join(folder, 'whole');
    await store.exportChain(path, { disclose: true, generator: TEST_GENERATOR });
    const { seq: last } = store.head();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"user":"user-2"', '"user":"user-8"'));
    const { integrity } = await here({ kind: 'file', path }, request(Math.min(last, 11)));
    expect(integrity.state).toBe('broken');
    expect(integrity.problems[0]?.text).toMatch(/^Record \d+ was altered/);
  });

  test('is stopped at once', async () => {
    const { store } = await filled(2);
    const stop = new AbortController();
    const running = evaluate({ kind: 'store', address: store.reader() }, request(store.head().seq), {
      signal: stop.signal,
    });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(
      evaluate({ kind: 'store', address: store.reader() }, request(1), { signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('says what is wrong with the request', async () => {
    const { store } = await filled(1);
    const source = { kind: 'store', address: store.reader() } as const;
    await expect(evaluate(source, request(2, { controls: ['ZZ-99'] }))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(here(source, request(0))).rejects.toMatchObject({ code: 'bad-input' });
    const window = { from: '2026-06-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
    await expect(here(source, request(2, { window }))).rejects.toMatchObject({ code: 'bad-input' });
  });
});
