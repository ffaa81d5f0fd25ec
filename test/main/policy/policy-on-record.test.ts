import { afterEach, beforeEach, expect, test } from 'vitest';
import { decisionsOnRecord, policyVersionOnRecord } from '#main/policy/policy-on-record.ts';
import { CausewayError } from '#shared/errors.ts';
import { roleInput } from '../../support/audit-store.ts';
import { type PolicyScene, policyScene, versionOfText } from './policy-scene.ts';

let scene: PolicyScene;
beforeEach(async () => {
  scene = await policyScene();
});
afterEach(() => scene.remove());

test('without a change there is none', async () => {
  await scene.store.append(roleInput('u-1'));
  expect(policyVersionOnRecord(scene.store)).toBeNull();
});

test('the last change that succeeded is the one, with its place and its people', async () => {
  await scene.approve('first');
  await scene.approve('second');
  const seq = scene.store.head().seq;
  await scene.approve('third', 'failure');
  // More of other changes than a page of the trail lists.
  for (let index = 0; index < 101; index++) await scene.approve('fourth', 'success', 'key-rotation');
  expect(policyVersionOnRecord(scene.store)).toEqual({
    version: versionOfText('second'),
    seq,
    at: '2026-03-01T12:00:02.000Z',
    approvedBy: ['u-000000000002', 'u-000000000001'],
  });
});

test('a record that does not hold is none; what cannot be read at all is an error', async () => {
  await scene.approve('first');
  await scene.approve('second');
  const { hash } = scene.store.head();
  const page: typeof scene.store.page = (query) => scene.store.page(query);
  const reading = (error: Error) => ({
    page,
    getVerified: (asked: string) => {
      if (asked === hash) throw error;
      return scene.store.getVerified(asked);
    },
  });
  const damaged = new CausewayError('audit-broken', 'The record does not hold.');
  expect(policyVersionOnRecord(reading(damaged))?.version).toBe(versionOfText('first'));
  expect(() => policyVersionOnRecord(reading(new Error('disk')))).toThrow('disk');
});

test('decisions are counted from a time on', async () => {
  expect(decisionsOnRecord(scene.store, '2026-01-01T00:00:00.000Z')).toBe(0);
});
