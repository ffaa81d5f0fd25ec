import { describe, expect, it, vi } from 'vitest';
import type { Log } from '#main/platform/log.ts';
import { closeOnQuit } from '#main/shell/quit.ts';

type QuitListener = (event: { preventDefault(): void }) => void;

function quit(console: Parameters<typeof closeOnQuit>[1]): Promise<{ code: number; logged: readonly unknown[] }> {
  const logged: unknown[] = [];
  return new Promise((resolve) => {
    let listener: QuitListener = () => undefined;
    const app = {
      on: (_: string, on: QuitListener) => {
        listener = on;
      },
      exit: (code: number) => resolve({ code, logged }),
    };
    const log = { error: (entry: unknown) => logged.push(entry) } as unknown as Log;
    closeOnQuit(app as unknown as Parameters<typeof closeOnQuit>[0], console, () => [], log);
    listener({ preventDefault: () => undefined });
  });
}

describe('quitting', () => {
  it('denies what waits and then closes', async () => {
    const order: string[] = [];
    const denyPending = vi.fn(async () => void order.push('deny'));
    const close = vi.fn(async () => void order.push('close'));
    expect(await quit({ denyPending, close })).toEqual({ code: 0, logged: [] });
    expect(order).toEqual(['deny', 'close']);
    expect(denyPending).toHaveBeenCalledWith('shutdown');
  });

  /** @securityTest Leases are revoked at the end also when a denial cannot be put on record */
  it('closes also when denying fails, and says that the end was not clean', async () => {
    const failure = new Error('The disk is full.');
    const close = vi.fn(async () => undefined);
    expect(await quit({ denyPending: () => Promise.reject(failure), close })).toEqual({
      code: 1,
      logged: [{ err: failure }],
    });
    expect(close).toHaveBeenCalledOnce();
  });
});
