import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createLog } from '#main/platform/log.ts';
import type { Caller } from '#main/shell/access-desk.ts';
import { answerCall, type IpcDoor } from '#main/shell/ipc-answer.ts';
import type { Handlers } from '#main/shell/ipc-handlers.ts';
import { createTokenBucket, isSmallPlainData, MAX_INPUT_BYTES } from '#main/shell/ipc-limits.ts';
import { isTrustedSender } from '#main/shell/ipc-sender.ts';
import { createEventPush } from '#main/shell/ipc-server.ts';
import { CausewayError } from '#shared/errors.ts';
import { CHANNELS } from '#shared/ipc/contract.ts';
import { IpcError } from '#shared/ipc/envelope.ts';

const own = { sender: { id: 7 }, senderFrame: { url: 'app://console/#/audit', parent: null } };

/** Somebody who may do everything: what is refused here is refused whoever asks. */
const CALLER = {} as Caller;

function makeDoor(handler: (input: unknown) => unknown = () => ({}), lines: string[] = []) {
  const calls: unknown[] = [];
  const all = Object.fromEntries(
    CHANNELS.map((channel) => [
      channel,
      (input: unknown) => {
        calls.push(input);
        return handler(input);
      },
    ]),
  );
  const door: IpcDoor = {
    isKnownWindow: (id) => id === 7,
    takeToken: () => true,
    handlers: all as unknown as Handlers,
    desk: { admit: async () => CALLER },
    log: createLog({ write: (line: string) => void lines.push(line) }),
  };
  return { door, calls, lines };
}

/** @securityTest IPC answers only the top frame of a window we made that shows app://console */
describe('sender', () => {
  test('our own window', () => expect(isTrustedSender(own, (id) => id === 7)).toBe(true));
  test.each([
    ['another window', { ...own, sender: { id: 8 } }],
    ['a frame inside the page', { ...own, senderFrame: { url: 'app://console/', parent: {} } }],
    ['a frame that has gone', { ...own, senderFrame: null }],
    ['another host', { ...own, senderFrame: { url: 'app://other/', parent: null } }],
    ['the web', { ...own, senderFrame: { url: 'https://console/', parent: null } }],
    ['a file', { ...own, senderFrame: { url: 'file:///console/', parent: null } }],
    ['a blank page', { ...own, senderFrame: { url: 'about:blank', parent: null } }],
    ['no address', { ...own, senderFrame: { url: '', parent: null } }],
  ])('%s is refused, and no handler runs', async (_who, event) => {
    const { door, calls } = makeDoor();
    expect(await answerCall(door, event, 'chain.cancelVerify', {})).toMatchObject({
      ok: false,
      error: { code: 'denied' },
    });
    expect(calls).toEqual([]);
  });
});

/** @securityTest IPC input is capped in size and kind before it is parsed */
describe('size', () => {
  test.each([
    ['nothing', undefined, true],
    ['a small object', { a: [1, 'x', null, true] }, true],
    ['text of 1 MiB', { text: 'x'.repeat(1_048_576) }, true],
    ['text over the cap', { text: 'x'.repeat(MAX_INPUT_BYTES) }, false],
    ['text over the cap in UTF-8 only', { text: '€'.repeat(800_000) }, false],
    ['a long key', { ['k'.repeat(MAX_INPUT_BYTES)]: 1 }, false],
    ['many numbers', new Array(300_000).fill(0), false],
    ['a map', new Map(), false],
    ['a date', new Date(0), false],
    ['bytes', new Uint8Array(2), false],
    ['a function', () => 1, false],
    ['a bigint', 1n, false],
  ])('%s: %s', (_what, value, expected) => expect(isSmallPlainData(value)).toBe(expected));

  test('a cycle and a deep nest end', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(isSmallPlainData(cycle)).toBe(false);
    let deep: unknown = 1;
    for (let level = 0; level < 500_000; level++) deep = [deep];
    expect(isSmallPlainData(deep)).toBe(false);
  });

  test('refused before any handler', async () => {
    const { door, calls } = makeDoor();
    const answer = await answerCall(door, own, 'incidents.importText', {
      name: 'a',
      text: 'x'.repeat(MAX_INPUT_BYTES),
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(calls).toEqual([]);
  });
});

/** @securityTest IPC calls are capped in rate */
test('rate', async () => {
  let now = 0;
  const take = createTokenBucket({ now: () => now }, 3, 10);
  expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  now = 100;
  expect([take(), take()]).toEqual([true, false]);
  now = 50; // backwards
  expect(take()).toBe(false);
  now = 1e9;
  expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  const { door, calls } = makeDoor();
  const answer = await answerCall({ ...door, takeToken: () => false }, own, 'chain.cancelVerify', {});
  expect(answer).toMatchObject({ ok: false, error: { code: 'rate-limited' } });
  expect(calls).toEqual([]);
});

/** @securityTest Each channel: input that is not of its schema never reaches its handler, whatever it is (fuzzed) */
describe.each(CHANNELS)('%s', (channel) => {
  test('refuses what is no object of its own and any extra member', async () => {
    const { door, calls } = makeDoor();
    for (const input of [undefined, null, 1, 'x', [], [{}], { extra: 1 }, { __proto__: null, extra: 1 }])
      expect(await answerCall(door, own, channel, input)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(calls).toEqual([]);
  });

  test('answers anything with an envelope', async () => {
    const { door } = makeDoor(() => 'of no known shape');
    await fc.assert(
      fc.asyncProperty(fc.anything({ withNullPrototype: true, withMap: true, withDate: true }), async (input) => {
        const answer = await answerCall(door, own, channel, input);
        expect(answer.ok).toBe(false);
        if (!answer.ok) IpcError.parse(answer.error);
      }),
      { numRuns: 60 },
    );
  });
});

/** @securityTest Unknown channels, inherited names included, are refused */
test.each(['no.such', '__proto__', 'constructor', 'toString', '', 5, null, {}, ['app.info']])(
  'channel %s',
  async (channel) => {
    const { door, calls } = makeDoor();
    expect(await answerCall(door, own, channel, {})).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(calls).toEqual([]);
  },
);

/** @securityTest Errors cross IPC as code, sentence and reference: no stack, no cause, no text of an unknown error */
describe('errors', () => {
  const secret = 'postgres://user:hunter2@db/ /home/someone/file.ts';

  test('of a known kind keep their sentence', async () => {
    const { door } = makeDoor(() => {
      throw new CausewayError('conflict', 'It was decided meanwhile.', { cause: new Error(secret), reason: 'stale' });
    });
    const answer = await answerCall(door, own, 'chain.cancelVerify', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'conflict', message: 'It was decided meanwhile.' } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  test('of an unknown kind say only where to look, and are in the log under that reference', async () => {
    const { door, lines } = makeDoor(() => {
      throw new Error(secret);
    });
    const answer = await answerCall(door, own, 'chain.cancelVerify', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    const text = JSON.stringify(answer);
    expect(text).not.toMatch(/hunter2|home|\.ts| at .*:\d/);
    if (!answer.ok) expect(lines.join('')).toContain(answer.error.ref);
  });

  test('an answer of another shape than agreed does not reach the page', async () => {
    const { door } = makeDoor(() => ({ surprise: 'SecretAccessKey' }));
    const answer = await answerCall(door, own, 'chain.cancelVerify', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('SecretAccessKey');
  });
});

/** @securityTest Events are parsed before they are pushed; one of another shape is not sent */
test('events', () => {
  const sent: unknown[] = [];
  const target = {
    isDestroyed: () => false,
    isCrashed: () => false,
    send: (_channel: string, payload: unknown) => void sent.push(payload),
  };
  const gone = { ...target, isDestroyed: () => true };
  const push = createEventPush(() => [target, gone], pino({ level: 'silent' }));
  push({ type: 'verifying', done: 1, total: 2 });
  push({ type: 'verifying', done: 1, total: 2, extra: 'x' });
  push({ type: 'other' });
  push(null);
  expect(sent).toEqual([{ type: 'verifying', done: 1, total: 2 }]);
});
