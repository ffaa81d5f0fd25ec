import { strict } from './strict.ts';

type Handler = (event: unknown, ...values: unknown[]) => unknown;
const handlers = new Map<string, Handler>();

export const ipcMain = strict('ipcMain', {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
});

/** Runs the handler of a channel; values cross by structured clone, as between processes. Rejects where there is none. */
export async function invokeHandler(channel: string, event: unknown, values: readonly unknown[]): Promise<unknown> {
  const handler = handlers.get(channel);
  if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
  return structuredClone(await handler(event, ...structuredClone(values)));
}
