import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileVerifier } from '#main/shell/file-verifier.ts';
import { createHandlers, type HandlerParts, type Handlers } from '#main/shell/ipc-handlers.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import { openQuickDesk, type QuickDesk } from '../../support/quick-station.ts';

let quick: QuickDesk;
let handlers: Handlers;
let told: ConsoleEvent[];
let onLoading: () => void;

beforeEach(async () => {
  quick = await openQuickDesk();
  told = [];
  onLoading = () => undefined;
  handlers = createHandlers({
    desk: quick.desk,
    dialogs: {} as HandlerParts['dialogs'],
    verifier: createFileVerifier(quick.desk, () => undefined),
    auditor: quick.station.auditor,
    print: async () => new Uint8Array(),
    tell: (event) => {
      told.push(event);
      if (event.type === 'loading') onLoading();
    },
    today: () => '2026-01-01',
  });
});
afterEach(() => quick.end());

const atOnce = (work: () => unknown) => Promise.resolve().then(work);

test('an example that is loading can be stopped: nothing is there, and nobody was signed in', async () => {
  const events: ConsoleEvent[] = [];
  quick.desk.subscribe('always', (event) => events.push(event));
  const began = Promise.withResolvers<void>();
  onLoading = began.resolve;
  const loading = atOnce(() => handlers['example.load']({}, null));
  const same = began.promise.then(() => handlers['example.load']({}, null)); // a page that was loaded anew
  const cancelled = began.promise.then(() => handlers['example.cancelLoad']({}, null));
  const [first, second] = await Promise.allSettled([loading, same, cancelled]);
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
  expect(second).toEqual(first);
  expect(told.some(({ type }) => type === 'loading')).toBe(true);
  expect(events).toContainEqual({ type: 'access' });
  expect(await quick.desk.flows['access.state']({})).toMatchObject({ stage: 'first-run', workspaces: [] });
  expect(readdirSync(join(quick.folder, 'tenants'))).toEqual([]);
  expect(quick.secrets.entries.size).toBe(0);
}, 60_000);

test('where nothing is loading there is nothing to stop', async () => {
  expect(await handlers['example.cancelLoad']({}, null)).toEqual({});
});
