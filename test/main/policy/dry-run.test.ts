import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCipher } from '#main/platform/cipher.ts';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { createGuard, type Guard } from '#main/policy/guard.ts';
import { openPolicyStore } from '#main/policy/policy-store.ts';
import type { PolicyBook } from '#main/policy/policy-versions.ts';
import type { PolicyRequest } from '#main/policy/request.ts';
import { PolicyPreview } from '#shared/ipc/protection-views.ts';
import { type PolicyScene, policyScene, readLogs, STRICTER } from './policy-scene.ts';

const DAY = 24 * 60 * 60_000;
const WHO = { actor: { type: 'agent', id: 'log-analyst' } } as const;
const readMetrics: PolicyRequest = {
  principal: { type: 'Agent', id: 'metric-analyst' },
  action: 'cloudwatch:GetMetricData',
  resource: { type: 'CloudResource', id: '*' },
  context: { lease: 'lease-2', task: 'metric-analysis', approved: false, withinApproval: false },
};

let scene: PolicyScene;
let book: PolicyBook;
let guard: Guard;
beforeEach(async () => {
  scene = await policyScene();
  await open();
});
afterEach(async () => {
  book.close();
  await scene.remove();
});

async function open(): Promise<void> {
  book = await scene.open();
  guard = createGuard({ audit: scene.store, engine: book.engine(), keep: book.keep });
}
const trial = async (text: string) => PolicyPreview.parse(await book.preview(text)).dryRun;

test('says which decisions of the last 30 days would have been others', async () => {
  await guard(readLogs, WHO);
  scene.clock.time += 31 * DAY;
  await guard(readMetrics, WHO);
  await guard(readLogs, WHO);
  scene.clock.time += DAY;
  await guard(readLogs, WHO);
  await expect(guard({ ...readLogs, action: 'ecs:UpdateService' }, WHO)).rejects.toMatchObject({ code: 'denied' });
  const dryRun = await trial(STRICTER);
  expect(dryRun).toMatchObject({ from: '2026-03-03T12:00:00.000Z', decisions: 4, notReplayable: 0, changedTotal: 2 });
  expect(dryRun.changed.map(({ at }) => at)).toEqual(['2026-04-02T12:00:00.000Z', '2026-04-01T12:00:00.000Z']);
  expect(dryRun.changed[0]).toMatchObject({
    principal: 'Agent::log-analyst',
    action: 'logs:StartQuery',
    resource: readLogs.resource.id,
    was: 'allow',
    wouldBe: 'deny',
    reason: 'Nobody reads logs for now.',
  });
  expect((await trial(CEDAR_POLICIES)).changedTotal).toBe(0);
});

test('survives a restart; what is on record but was not kept is counted', async () => {
  await guard(readLogs, WHO);
  book.close();
  await open();
  await createGuard({ audit: scene.store, engine: book.engine() })(readLogs, WHO);
  expect(await trial(STRICTER)).toMatchObject({ decisions: 1, notReplayable: 1, changedTotal: 1 });
});

/** @securityTest Requests kept for the dry run are encrypted, and one that was changed in the database is not believed */
test('a kept request is encrypted, and one that was changed is not believed', async () => {
  await guard(readLogs, WHO);
  await guard(readMetrics, WHO);
  await trial(STRICTER); // written
  for (const end of ['', '-wal']) {
    expect(readFileSync(join(scene.folder, `policies.db${end}`)).includes('111122223333')).toBe(false);
  }
  scene.edit('UPDATE decision SET request = (SELECT request FROM decision WHERE id = 2) WHERE id = 1');
  expect(await trial(STRICTER)).toMatchObject({ decisions: 1, notReplayable: 1, changedTotal: 0 });
  scene.edit("UPDATE decision SET request_digest = '' WHERE id = 2");
  expect(await trial(STRICTER)).toMatchObject({ decisions: 0, notReplayable: 2 });
});

test('decisions are dropped after 30 days and a margin', async () => {
  await guard(readLogs, WHO);
  book.close();
  scene.clock.time += 40 * DAY;
  await open();
  await guard(readLogs, WHO);
  book.close();
  scene.clock.time -= 40 * DAY;
  await open();
  expect(await trial(STRICTER)).toMatchObject({ decisions: 1 });
});

test('no more than a number of them is kept, the newest', async () => {
  const key = await scene.secrets.get('tenant.acme.requests');
  const store = openPolicyStore(scene.folder).unlock(createCipher(key ?? new Uint8Array(), 'acme'));
  const decision = { decision: 'allow', version: '', requestDigest: '', place: '', request: Buffer.alloc(1) };
  store.putDecisions(Array.from({ length: 10 }, (_, time) => ({ ...decision, time })));
  store.pruneDecisions(0, 4);
  expect(store.decisions(0, 100, 100).map(({ time }) => time)).toEqual([9, 8, 7, 6]);
  store.pruneDecisions(8, 4);
  expect(store.decisions(0, 100, 100).map(({ time }) => time)).toEqual([9, 8]);
  store.close();
});

test('what cannot be kept stops no guarded step, and is told', async () => {
  book.close();
  for (let index = 0; index < 200; index++) book.keep(readLogs, book.engine().decide(readLogs));
  expect(scene.warnings).toEqual(['Decisions could not be kept for the trial of changed policies']);
  await open();
});

test('a key that was lost is not replaced while something was encrypted under it', async () => {
  await guard(readLogs, WHO);
  book.close();
  await scene.secrets.delete('tenant.acme.requests');
  await expect(scene.open()).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
  scene.edit('DELETE FROM decision'); // the policies themselves are encrypted under it, too
  await expect(scene.open()).rejects.toMatchObject({ reason: 'key-lost' });
});
