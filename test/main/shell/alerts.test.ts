import { describe, expect, test, vi } from 'vitest';
import type { Workspace } from '#main/console.ts';
import { type Notifications, showAlerts } from '#main/shell/alerts.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';

const ALERT: ConsoleEvent = { type: 'alert', text: 'Record 7 does not hold.', seq: 7, bundle: null };

function setUp(supported: boolean, alertShown: () => Promise<void> = async () => {}) {
  const shown: { readonly options: object; readonly onShow: () => void }[] = [];
  class FakeNotification {
    static isSupported = () => supported;
    readonly options: object;
    listener: () => void = () => {};
    constructor(options: object) {
      this.options = options;
    }
    on(_event: 'show', listener: () => void) {
      this.listener = listener;
    }
    show() {
      shown.push({ options: this.options, onShow: this.listener });
    }
  }
  const listeners = new Set<(event: ConsoleEvent) => void>();
  const recorded = vi.fn(alertShown);
  const onError = vi.fn();
  const stop = showAlerts(
    FakeNotification satisfies Notifications,
    {
      subscribe: (when, listener) => {
        expect(when).toBe('always'); // also while nobody is signed in
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      workspace: () => ({ alertShown: recorded }) as Pick<Workspace, 'alertShown'> as Workspace,
    },
    onError,
  );
  const emit = (event: ConsoleEvent) => {
    for (const listener of listeners) listener(event);
  };
  return { shown, recorded, onError, stop, emit };
}

describe('alerts on the desktop', () => {
  test('are shown, and put on record when they were', async () => {
    const { shown, recorded, emit, stop } = setUp(true);
    emit(ALERT);
    emit({ type: 'verifying', done: 1, total: 2 });
    expect(shown).toMatchObject([{ options: { body: 'Record 7 does not hold.', urgency: 'critical' } }]);
    expect(recorded).not.toHaveBeenCalled();
    shown[0]?.onShow();
    expect(recorded).toHaveBeenCalledTimes(1);
    stop();
    emit(ALERT);
    expect(shown).toHaveLength(1);
  });

  test('are left to the window where the desktop has none, and a record that fails is logged', async () => {
    const without = setUp(false);
    without.emit(ALERT);
    expect(without.shown).toEqual([]);
    const failing = setUp(true, () => Promise.reject(new Error('full')));
    failing.emit(ALERT);
    failing.shown[0]?.onShow();
    await vi.waitUntil(() => failing.onError.mock.calls.length === 1);
  });
});
