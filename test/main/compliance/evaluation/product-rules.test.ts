import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecordReader } from '#main/audit/reading/record-reader.ts';
import { evaluateSource } from '#main/compliance/evaluation/evaluate-records.ts';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { RegisterCounter, SavedRegister } from '#main/compliance/evaluation/register-counter.ts';
import type { RegisterSnapshot } from '#main/compliance/evaluation/register-snapshot.ts';
import { sampleInputs } from '../../../bench/sample-records.ts';
import { openTestStore, removeFolder, type TestStore } from '../../../support/audit-store.ts';

const RECORDS = 700;
const GROUP = 50;
let made: TestStore;

beforeAll(async () => {
  made = await openTestStore();
  const inputs = sampleInputs(7);
  const system = { type: 'system', id: 'causeway' } as const;
  for (let index = 0; index < RECORDS; index += GROUP) {
    made.clock.time += 86_400_000;
    // together, for each commit waits for the disk
    await Promise.all(Array.from({ length: GROUP }, () => made.store.append(inputs.next().value)));
    const result = index % (2 * GROUP) === 0 ? 'holds' : 'fails';
    await made.store.append({
      action: 'tenant.control_updated',
      outcome: 'success',
      actor: system,
      target: { type: 'control', id: 'register' },
      data: {
        framework: 'causeway',
        control: 'register',
        oldStatus: null,
        newStatus: 'checked',
        owner: null,
        evidence: [],
        change: {
          kind: 'self-check',
          results: PRODUCT_RULES.controls
            .filter(({ kind }) => kind === 'technical')
            .slice(0, 60)
            .map(({ id }) => ({ control: id, result, detail: 'as a test has it', digest: 'a'.repeat(64) })),
        },
      },
    });
  }
}, 60_000);
afterAll(async () => {
  await made.store.close();
  removeFolder(made.folder);
});

function countAll(cutEvery: number): RegisterSnapshot {
  const reader = openRecordReader(made.store.reader());
  const bytesOf = (seq: number) => {
    for (const { bytes } of reader.read(seq, seq)) return bytes;
    return null;
  };
  const { chain, tenant } = reader;
  const parts = { rules: PRODUCT_RULES, chain, tenant, bytesOf };
  let counter = new RegisterCounter(parts);
  try {
    for (const { seq, bytes } of reader.read(1, reader.last)) {
      counter.take(seq, bytes);
      if (seq % cutEvery !== 0) continue;
      counter = new RegisterCounter(parts, SavedRegister.parse(JSON.parse(JSON.stringify(counter.save()))));
    }
    return counter.snapshot();
  } finally {
    reader.close();
  }
}

test('the controls of the product, gone on with anywhere, come to the same as from the beginning', () => {
  const whole = countAll(Number.POSITIVE_INFINITY);
  for (const cut of [13, 97, 1]) {
    const parted = countAll(cut);
    for (const [id, counts] of Object.entries(whole.controls)) {
      expect([cut, id, parted.controls[id]]).toEqual([cut, id, counts]);
    }
    expect(parted).toEqual(whole);
    expect(JSON.stringify(parted) === JSON.stringify(whole)).toBe(true);
  }
});

test('every record the product writes can be read by every control', async () => {
  const { unreadable, controls } = countAll(Number.POSITIVE_INFINITY);
  expect(unreadable).toBe(0);
  expect(Object.values(controls).filter(({ total }) => total > 0).length).toBeGreaterThan(8);
});

test('an evaluation and the register count the same', async () => {
  const { store } = made;
  const snapshot = countAll(Number.POSITIVE_INFINITY);
  const found = await evaluateSource(
    PRODUCT_RULES,
    { kind: 'store', address: store.reader() },
    {
      window: { from: '2020-01-01T00:00:00.000Z', to: '2030-01-01T00:00:00.000Z' },
      actions: [],
      controls: PRODUCT_RULES.controls.map(({ id }) => id),
      actors: null,
      sample: null,
      last: store.head().seq,
      collectors: [],
    },
    () => undefined,
  );
  expect(found.integrity).toMatchObject({ state: 'holds', checked: store.head().seq });
  expect(found.register).toEqual(snapshot.state);
  for (const { control, population, exceptions, last } of found.controls) {
    const counted = snapshot.controls[control];
    const own = exceptions.filter(({ kind }) => kind !== 'missed-period');
    expect([control, counted?.total, counted?.last, counted?.exceptions]).toEqual([
      control,
      population.count,
      last,
      own,
    ]);
  }
});
