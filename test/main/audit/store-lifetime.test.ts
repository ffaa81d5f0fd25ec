import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppendInput } from '#main/audit/append-input.ts';
import { type JsonValue, seal } from '#main/audit/seal.ts';
import { createVerification } from '#main/console/verification.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
  temporaryFolder,
} from '../../support/audit-store.ts';
import { describeForged, newKey } from '../../support/forge-chain.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

let test: TestStore;
beforeEach(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  await test.store.close().catch(() => undefined);
  removeFolder(test.folder);
});

const many = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => test.store.append(roleInput(`u${index}`))));
const exportOptions = { disclose: true, generator: TEST_GENERATOR };

/** A keychain that takes its time. */
class SlowSecrets extends MemorySecrets {
  override async get(name: string): Promise<Uint8Array | null> {
    await sleep(30);
    return super.get(name);
  }
}

describe('a verification of the store', () => {
  it('is of one state, whatever is written meanwhile', async () => {
    const slow = await openTestStore(temporaryFolder(), new SlowSecrets());
    await slow.store.append(roleInput('a'));
    const verifying = slow.store.verify();
    await slow.store.append(roleInput('b'));
    await slow.store.checkpoint();
    expect((await verifying).problems).toEqual([]);
    await slow.store.close();
    removeFolder(slow.folder);
  });

  it('is of one state while hundreds of records and checkpoints come', async () => {
    await many(500);
    const verifying = test.store.verify();
    for (let index = 0; index < 20; index++) {
      await test.store.append(noteInput('inc', `text ${index}`));
      await test.store.checkpoint();
    }
    expect((await verifying).problems).toEqual([]);
  });

  it('is cancelled when the store is closed', async () => {
    await many(1500);
    const verifying = test.store.verify();
    const outcome = expect(verifying).rejects.toMatchObject({ code: 'cancelled' });
    await sleep(1);
    await test.store.close();
    await outcome;
  });
});

describe('closing', () => {
  it.each([0, 1, 3, 6, 12])('%i ms after an export began leaves the truth in the chain', async (wait) => {
    await many(1500);
    const file = join(test.folder, 'out.chain.jsonl');
    const exporting = test.store.exportChain(file, exportOptions).then(
      () => 'success',
      () => 'failure',
    );
    await sleep(wait);
    await test.store.close();
    const outcome = await exporting;
    expect(existsSync(file)).toBe(outcome === 'success');
    const again = await openTestStore(test.folder, test.secrets, test.clock);
    const last = again.store.get(again.store.head().seq)?.record;
    if (last?.action === 'tenant.audit_exported') expect(last.outcome).toBe(outcome);
    else expect(outcome).toBe('failure'); // refused before anything was said
    await again.store.close();
  });

  it('a second time waits for the first', async () => {
    const slow = new MemorySecrets();
    const set = slow.set.bind(slow);
    const { store, folder, clock } = await openTestStore(temporaryFolder(), slow);
    await store.append(roleInput('a'));
    slow.set = async (name, secret) => {
      await sleep(30);
      return set(name, secret);
    };
    let closed = false;
    void store.close().then(() => {
      closed = true;
    });
    await store.close();
    expect(closed).toBe(true);
    const again = await openTestStore(folder, slow, clock);
    expect(again.store.latestCheckpoint()?.size).toBe(2);
    await again.store.close();
    removeFolder(folder);
  });

  it('a failed opening leaves no timer behind', async () => {
    const secrets = new MemorySecrets();
    const set = secrets.set.bind(secrets);
    let calls = 0;
    secrets.set = async (name, secret) => {
      if (++calls === 3) throw new Error('the keychain is locked');
      return set(name, secret);
    };
    const folder = temporaryFolder();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await expect(openTestStore(folder, secrets)).rejects.toThrow();
      expect(calls).toBe(3); // the first record was written: its checkpoint's timer ran
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
      removeFolder(folder);
    }
  });
});

describe('what verification would report is refused when written', () => {
  const system = { outcome: 'success', actor: { type: 'system', id: 'c' }, target: { type: 't', id: 't' } } as const;
  const newer = describeForged(newKey(), 3);

  it.each<[string, unknown]>([
    [
      'a second beginning',
      { ...system, action: 'tenant.created', data: { keys: [newer], generator: { name: 'x', version: '1' } } },
    ],
    [
      'a rotation of the signing key',
      {
        ...system,
        action: 'credential.key_rotated',
        data: { purpose: 'signing', oldKey: 'k', newKey: newer, reason: 'x' },
      },
    ],
    [
      'a new key beside another purpose',
      {
        ...system,
        action: 'credential.key_rotated',
        data: { purpose: 'data-encryption', oldKey: 'k', newKey: newer, reason: 'x' },
      },
    ],
    ['an unknown outcome', { ...roleInput('q'), outcome: 'perhaps' }],
    ['a person named in clear', { ...roleInput('q'), actor: { type: 'user', id: 'u', name: 'Ada' } }],
    [
      'a sealed member called __proto__',
      { ...noteInput('inc', 'x'), data: { note: seal('u', JSON.parse('{"__proto__":1}') as JsonValue) } },
    ],
  ])('%s', async (_name, input) => {
    await expect(test.store.append(input as AppendInput<AuditAction>)).rejects.toMatchObject({ code: 'bad-input' });
    await test.store.append(roleInput('goes on'));
    expect((await test.store.verify()).problems).toEqual([]);
  });

  it('a time of five-digit years, or none', async () => {
    for (const time of [Date.parse('+010000-01-01T00:00:00Z'), Number.NaN, -1]) {
      test.clock.time = time;
      await expect(test.store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'clock' });
    }
    test.clock.time = Date.parse('2026-03-01T13:00:00.000Z');
    await test.store.append(roleInput('goes on'));
    expect((await test.store.verify()).problems).toEqual([]);
  });
});

it('a file to verify is read once: a FIFO is no file, and holds nothing up', { timeout: 5000 }, async () => {
  const fifo = join(test.folder, 'fifo');
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [fifo]);
  const events = { emit: () => undefined } as unknown as Parameters<typeof createVerification>[0]['events'];
  const actor = { type: 'system', id: 'c' } as const;
  const verification = createVerification({ store: test.store, audit: test.store, events, clock: test.clock });
  expect((await verification.verifyFile(fifo, actor)).verdict).toBe('unreadable');
  expect(test.store.get(test.store.head().seq)?.record.data).toMatchObject({ subject: 'file', fileDigest: null });
  const file = join(test.folder, 'a.chain.jsonl');
  const { digest } = await test.store.exportChain(file, exportOptions);
  await verification.verifyFile(file, actor);
  expect(test.store.get(test.store.head().seq)?.record.data).toMatchObject({ verdict: 'valid', fileDigest: digest });
});
