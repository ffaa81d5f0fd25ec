import { EventEmitter } from 'node:events';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { closeOnQuit } from '#main/shell/quit.ts';
import { AFTER_CRASH_URL, type WatchedWindow, watchWindow } from '#main/shell/window-loss.ts';

const log = pino({ level: 'silent' });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function makeWindow() {
  const steps: string[] = [];
  const contents = new EventEmitter();
  const events = new EventEmitter();
  const window: WatchedWindow = {
    webContents: { on: (name, listener) => contents.on(name, listener) },
    on: (name, listener) => events.on(name, listener),
    loadURL: async (url) => void steps.push(`load ${url}`),
    isDestroyed: () => false,
    destroy: () => void steps.push('destroy'),
  };
  return {
    window,
    steps,
    crash: () => contents.emit('render-process-gone', {}, { reason: 'crashed' }),
    close: () => events.emit('closed'),
  };
}

describe('a lost window', () => {
  const watch = (denyPending: () => Promise<void>, isEnding = false) => {
    const made = makeWindow();
    const tracked: Promise<void>[] = [];
    let now = 0;
    watchWindow(
      made.window,
      { denyPending },
      { now: () => now, log, track: (work) => tracked.push(work), isEnding: () => isEnding },
    );
    return {
      ...made,
      tracked,
      later: (ms: number) => {
        now += ms;
      },
    };
  };

  test('denies first, then shows the page again with a notice', async () => {
    const { steps, crash } = watch(async () => void steps.push('deny'));
    crash();
    await settle();
    expect(steps).toEqual(['deny', `load ${AFTER_CRASH_URL}`]);
  });

  test('shows the page again even when the denial could not be recorded', async () => {
    const { steps, crash } = watch(async () => Promise.reject(new Error('disk')));
    crash();
    await settle();
    expect(steps).toEqual([`load ${AFTER_CRASH_URL}`]);
  });

  test('gives up after three crashes within a minute, not after three in an hour', async () => {
    const { steps, crash, later } = watch(async () => {});
    for (const pause of [0, 1000, 1000]) {
      later(pause);
      crash();
      await settle();
    }
    expect(steps.at(-1)).toBe('destroy');
    const slow = watch(async () => {});
    for (let count = 0; count < 4; count++) {
      slow.later(59_000);
      slow.crash();
      await settle();
    }
    expect(slow.steps).not.toContain('destroy');
  });

  test('denies when it is closed, unless the application is ending', async () => {
    let denied = 0;
    const open = watch(async () => void denied++);
    open.close();
    await Promise.all(open.tracked);
    expect(denied).toBe(1);
    watch(async () => void denied++, true).close();
    await settle();
    expect(denied).toBe(1);
  });
});

describe('quitting', () => {
  function makeApp() {
    const events = new EventEmitter();
    const codes: (number | undefined)[] = [];
    const app = {
      on: (name: string, listener: () => void) => events.on(name, listener),
      exit: (code?: number) => void codes.push(code),
    };
    const quit = () => {
      let prevented = false;
      events.emit('before-quit', {
        preventDefault: () => {
          prevented = true;
        },
      });
      return prevented;
    };
    return { app: app as never, codes, quit };
  }

  test('waits for what is unfinished, denies, closes, and only then exits with 0', async () => {
    const { app, codes, quit } = makeApp();
    const steps: string[] = [];
    let finish = () => {};
    const unfinished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const ending = closeOnQuit(
      app,
      { denyPending: async (reason) => void steps.push(`deny ${reason}`), close: async () => void steps.push('close') },
      () => [unfinished],
      log,
    );
    expect(ending()).toBe(false);
    expect(quit()).toBe(true);
    expect(quit()).toBe(true); // a second time changes nothing
    expect(ending()).toBe(true);
    await settle();
    expect([steps, codes]).toEqual([[], []]);
    finish();
    await settle();
    expect([steps, codes]).toEqual([['deny shutdown', 'close'], [0]]);
  });

  test('exits with 1 when the console could not be closed', async () => {
    const { app, codes, quit } = makeApp();
    closeOnQuit(
      app,
      { denyPending: async () => {}, close: async () => Promise.reject(new Error('disk')) },
      () => [],
      log,
    );
    quit();
    await settle();
    expect(codes).toEqual([1]);
  });
});
