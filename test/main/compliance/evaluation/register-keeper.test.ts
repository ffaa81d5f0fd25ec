import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { countRegister } from '#main/compliance/evaluation/count-register.ts';
import {
  openRegisterKeeper,
  type RegisterKeeper,
  type RegisterKeeperOptions,
  type StartCounter,
} from '#main/compliance/evaluation/register-keeper.ts';
import type { ToCounter } from '#main/compliance/evaluation/register-messages.ts';
import type { EvaluationRules } from '#main/compliance/evaluation/rules.ts';
import { failure } from '#main/compliance/evaluation/worker-messages.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { noteInput, openTestStore, removeFolder, roleInput, type TestStore } from '../../../support/audit-store.ts';
import { TEST_RULES } from '../../../support/evidence-rules.ts';

const CIPHER = createCipher(Buffer.alloc(32, 7), 'test');
const opened: { readonly keepers: RegisterKeeper[]; store: TestStore | undefined } = { keepers: [], store: undefined };
const taken: number[] = [];

afterEach(async () => {
  for (const keeper of opened.keepers.splice(0)) await keeper.stop();
  await opened.store?.store.close();
  if (opened.store !== undefined) removeFolder(opened.store.folder);
  taken.length = 0;
});

/** Counts on this thread, a turn later, and notes which records were counted. */
const here =
  (rules: EvaluationRules): StartCounter =>
  (task, onMessage) => {
    const tell = (message: unknown) => onMessage(structuredClone(message));
    const noting = {
      ...rules,
      controls: rules.controls.map((control, index) => ({
        ...control,
        test: {
          ...control.test,
          take: (...given: Parameters<typeof control.test.take>) => {
            if (index === 0) taken.push(given[1].seq);
            control.test.take(...given);
          },
        },
      })),
    };
    const counting = countRegister(noting, task, tell);
    const { promise } = Promise.withResolvers<void>();
    return {
      send: (message) => {
        setImmediate(() => {
          try {
            counting.catchUp((message as ToCounter).save);
          } catch (error) {
            tell(failure(error));
          }
        });
      },
      ended: promise,
      stop: async () => undefined,
    };
  };

function keep(
  test: TestStore,
  more: Partial<RegisterKeeperOptions> = {},
): { keeper: RegisterKeeper; errors: unknown[] } {
  const errors: unknown[] = [];
  const keeper = openRegisterKeeper({
    store: test.store,
    file: join(test.folder, 'register.sealed'),
    cipher: CIPHER,
    clock: test.clock,
    onChange: () => undefined,
    onError: (error) => errors.push(error),
    start: here(TEST_RULES),
    ...more,
  });
  opened.keepers.push(keeper);
  return { keeper, errors };
}

async function filled(roles: number): Promise<TestStore> {
  const made = await openTestStore();
  opened.store = made;
  for (let index = 0; index < roles; index++) await made.store.append(roleInput(`user-${index}`));
  return made;
}

describe('the keeper of the register', () => {
  test('counts what is there, and what is written', async () => {
    const made = await filled(3);
    const { keeper } = keep(made);
    expect(keeper.counting()).toEqual({ asOf: null, running: { done: 0, total: 4 } });
    await keeper.upTo(4);
    expect(keeper.snapshot()?.controls['TE-01']?.total).toBe(3);
    const { seq } = await made.store.append(roleInput('user-9'));
    await keeper.upTo(seq);
    expect(keeper.snapshot()?.controls['TE-01']?.total).toBe(4);
    await made.store.append(roleInput('user-10'));
    keeper.grow();
    await expect.poll(() => keeper.snapshot()?.asOf.seq).toBe(6);
    await expect.poll(() => keeper.counting().running).toBeNull();
    expect(keeper.snapshot()?.asOf.hash).toBe(made.store.head().hash);
  });

  test('goes on where it was left, and keeps nothing in clear', async () => {
    const made = await filled(3);
    const first = keep(made).keeper;
    await first.upTo(4);
    await first.stop();
    const file = join(made.folder, 'register.sealed');
    expect(readFileSync(file).includes('user-1')).toBe(false);
    await made.store.append(roleInput('user-9'));
    taken.length = 0;
    const { keeper, errors } = keep(made);
    await keeper.upTo(5);
    expect([taken, errors]).toEqual([[5], []]);
    expect(keeper.snapshot()?.controls['TE-01']?.total).toBe(4);
  });

  test('shows what was counted before it counts on', async () => {
    const made = await filled(3);
    const first = keep(made).keeper;
    await first.upTo(4);
    await first.stop();
    await made.store.append(roleInput('user-9'));
    const seen: (number | undefined)[] = [];
    const { keeper } = keep(made, { onChange: () => seen.push(opened.keepers.at(-1)?.snapshot()?.asOf.seq) });
    await keeper.upTo(5);
    expect(seen[0]).toBe(4);
  });

  test('counts again what is damaged, of another chain, of other rules, or newer than the chain', async () => {
    const made = await filled(3);
    const file = join(made.folder, 'register.sealed');
    const first = keep(made).keeper;
    await first.upTo(4);
    await first.stop();
    const good = readFileSync(file);
    const again = async (more: Partial<RegisterKeeperOptions> = {}) => {
      taken.length = 0;
      const { keeper, errors } = keep(made, more);
      await keeper.upTo(4);
      await keeper.stop();
      return { taken: [...taken], errors: errors.length, total: keeper.snapshot()?.controls['TE-01']?.total };
    };
    expect(await again()).toEqual({ taken: [], errors: 0, total: 3 });

    const damaged = Buffer.from(good);
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    expect(await again()).toEqual({ taken: [2, 3, 4], errors: 1, total: 3 });

    const rewrite = (change: (saved: { asOf: { seq: number; hash: string }; chain: string }) => void) => {
      const place = `register/${made.store.chain}`;
      const saved = JSON.parse(Buffer.from(CIPHER.open(good, place)).toString('utf8'));
      change(saved);
      writeFileSync(file, CIPHER.seal(Buffer.from(JSON.stringify(saved)), place));
    };
    rewrite((saved) => {
      saved.asOf.seq = 400;
    });
    expect(await again()).toEqual({ taken: [2, 3, 4], errors: 0, total: 3 });
    rewrite((saved) => {
      saved.asOf.hash = 'f'.repeat(64);
    });
    expect(await again()).toEqual({ taken: [2, 3, 4], errors: 0, total: 3 });
    rewrite((saved) => {
      saved.chain = '00000000-0000-4000-8000-000000000000';
    });
    expect(await again()).toEqual({ taken: [2, 3, 4], errors: 0, total: 3 });
    const other = here({ ...TEST_RULES, digest: 'e'.repeat(64) });
    expect(await again({ start: other })).toEqual({ taken: [2, 3, 4], errors: 0, total: 3 });
  });

  test('tells whoever waits that it is stopped', async () => {
    const made = await filled(1);
    const { keeper } = keep(made);
    const waiting = expect(keeper.upTo(99)).rejects.toMatchObject({ code: 'cancelled' });
    await keeper.stop();
    await waiting;
    await expect(keeper.upTo(1)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('starts another thread when one dies, and gives up when all do', async () => {
    const made = await filled(1);
    let started = 0;
    const dying: StartCounter = (task, onMessage) => {
      started++;
      if (started > 1) return here(TEST_RULES)(task, onMessage);
      return { send: () => undefined, ended: Promise.reject(new Error('out of memory')), stop: async () => undefined };
    };
    const { keeper, errors } = keep(made, { start: dying });
    await expect.poll(() => keeper.snapshot()?.asOf.seq).toBe(2);
    expect([started, errors.length]).toEqual([2, 1]);

    const hopeless: StartCounter = () => ({
      send: () => undefined,
      ended: Promise.reject(new Error('out of memory')),
      stop: async () => undefined,
    });
    const other = keep(made, { start: hopeless, file: join(made.folder, 'other') });
    await expect.poll(() => other.errors.length).toBe(3);
    await expect(other.keeper.upTo(2)).rejects.toMatchObject({ reason: 'gave-up' });
  });

  test('counts on a thread of its own with the product’s rules', async () => {
    const made = await filled(2);
    await made.store.append(noteInput('inc-1', 'a note'));
    const errors: unknown[] = [];
    const keeper = openRegisterKeeper({
      store: made.store,
      file: join(made.folder, 'real.sealed'),
      cipher: CIPHER,
      clock: made.clock,
      onChange: () => undefined,
      onError: (error) => errors.push(error),
    });
    opened.keepers.push(keeper);
    await keeper.upTo(4);
    expect(errors).toEqual([]);
    expect(keeper.snapshot()?.actions['incident.note_added']).toEqual({ year: 1, all: 1, lastSeq: 4 });
    await keeper.stop();
    expect(existsSync(join(made.folder, 'real.sealed'))).toBe(true);
  });
});
