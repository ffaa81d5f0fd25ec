import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openSandboxKeys } from '#main/sandbox/kms/key-store.ts';
import { createHandlers } from '#main/shell/ipc-handlers.ts';
import { CONTRACT } from '#shared/ipc/contract.ts';
import { agree, OWN_PROOF, openPeopled } from '../../support/peopled-console.ts';
import { NOBODY_AT_THE_DESK, openScene, recordsOf } from './scene.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it('shows the keys to the window, changes the key for it, and has all of it checked by itself', async () => {
  const scene = await openScene();
  cleanups.push(() => scene.close());
  const { caller, secondCaller } = scene.console;
  const handlers = createHandlers(NOBODY_AT_THE_DESK);
  const shown = CONTRACT['verification.keys'].output.parse(await handlers['verification.keys']({}, caller));
  expect(shown).toHaveLength(1);
  const input = CONTRACT['verification.rotateKey'].input.parse({
    justification: 'Somebody may have seen the old key.',
    reauthentication: OWN_PROOF,
  });
  const asked = CONTRACT['verification.rotateKey'].output.parse(
    await handlers['verification.rotateKey'](input, caller),
  );
  // one person alone changes no key
  expect(scene.console.chainStatus().keyId).toBe(shown[0]?.id);
  const listed = CONTRACT['protections.pending'].output.parse(await handlers['protections.pending']({}, secondCaller));
  expect(asked).toEqual({
    state: 'waiting',
    request: { ...listed[0], mayNotDecide: expect.stringMatching(/asked/) },
  });
  expect(listed).toMatchObject([{ kind: 'key-rotation', requestedBy: scene.console.owner.id, mayNotDecide: null }]);
  expect(await agree(scene.console, asked)).toEqual({ state: 'done' });
  const keys = CONTRACT['verification.keys'].output.parse(await handlers['verification.keys']({}, caller));
  expect(keys).toMatchObject([
    { id: shown[0]?.id, where: null },
    { alg: 'Ed25519', toSeq: null },
  ]);
  expect(scene.console.chainStatus().keyId).toBe(keys[1]?.id);
  expect(recordsOf(scene.console, 'credential.key_rotated')).toHaveLength(1);
  expect(recordsOf(scene.console, 'tenant.protection_change_approved')).toMatchObject([
    {
      record: { actor: { type: 'user', id: scene.console.second.id } },
      data: { change: 'key-rotation', requestedBy: scene.console.owner.id, reauthentication: 'password' },
    },
    { record: { actor: { type: 'user', id: scene.console.owner.id } }, data: { change: 'signing-key-rotation' } },
  ]);
  expect(scene.events.findLast((event) => event.type === 'chain')).toMatchObject({ status: { keyId: keys[1]?.id } });
  const { console } = scene;
  await vi.waitUntil(() => console.coverage().valid === console.chainStatus().records, { timeout: 15_000 });
  expect(console.coverage().problems).toEqual([]);
});

it('begins a trail with a key of the sandbox KMS, and goes on with it in the next start', async () => {
  const scene = await openScene({ config: { signingKey: { kind: 'sandbox-kms' } } });
  const [key] = scene.console.signingKeys.list();
  expect(key?.alg).toBe('ES256');
  await scene.console.close();
  const again = await openPeopled({ ...scene.config, signingKey: { kind: 'keychain' } });
  cleanups.push(() => scene.close());
  cleanups.push(() => again.close());
  expect(again.signingKeys.list()).toEqual([key]);
  await again.raiseSandboxAlarm(again.info().environments[0]?.id ?? '');
  expect((await again.verifyStore()).cancelled).toBe(false);
  expect(again.chainStatus().verified?.verdict).toBe('valid');
});

it('is read only while KMS refuses, says why, and goes on at the next start when KMS is back', async () => {
  const scene = await openScene({ config: { signingKey: { kind: 'sandbox-kms' } } });
  cleanups.push(() => scene.close());
  const { records } = scene.console.chainStatus();
  await scene.console.close();
  const file = join(scene.config.folder, 'sandbox', 'kms-keys.json');
  const sandboxKeys = openSandboxKeys(file);
  const [id] = z
    .looseObject({ keys: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(readFileSync(file, 'utf8'))).keys;
  sandboxKeys.setState(id?.id ?? '', 'Disabled');
  // what a start does cannot be put on record: the trail is read, and nothing is written upon it
  const reading = await openPeopled(scene.config);
  expect(reading.chainStatus().records).toBe(records);
  const environment = reading.info().environments[0]?.id ?? '';
  await expect(reading.raiseSandboxAlarm(environment)).rejects.toMatchObject({
    code: 'audit-broken',
    message: expect.stringMatching(/DisabledException.*start the program again/s),
  });
  await reading.close();
  sandboxKeys.setState(id?.id ?? '', 'Enabled');
  const open = await openPeopled(scene.config);
  cleanups.push(() => open.close());
  // who signed in meanwhile is on record now, like those who did just now
  const since = open.trailPage({ limit: 200 }).rows.filter(({ seq }) => seq > records);
  const signedIn = recordsOf(open, 'auth.user_signed_in').filter(({ seq }) => seq > records);
  expect(signedIn.map(({ record }) => record.actor.id).sort()).toEqual(
    [open.owner, open.owner, open.second, open.second].map(({ id }) => id).sort(),
  );
  expect(since.filter(({ action }) => !action.startsWith('auth.')).map(({ action }) => action)).toEqual([
    'tenant.control_updated',
    'tenant.configuration_changed',
  ]);
  expect(recordsOf(open, 'tenant.configuration_changed').at(-1)?.data.setting).toBe('sign-ins-recorded-later');
  await open.raiseSandboxAlarm(open.info().environments[0]?.id ?? '');
  expect(open.listIncidents()).toHaveLength(1);
});
