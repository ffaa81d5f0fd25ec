import { runInThisContext } from 'node:vm';
import { hostApp } from './app.ts';
import * as electron from './electron.ts';

type Tried = (parts: typeof electron, argument: unknown) => unknown;

/**
 * Lets the test that started this process run a function with the host's `electron`, as Playwright does in a real one.
 * Only there when the process was started with a channel to its parent.
 */
export function serveControl(): void {
  if (!process.send) return;
  process.on('disconnect', () => hostApp.exit(1));
  process.on('message', (message: { readonly id: number; readonly source: string; readonly argument: unknown }) => {
    const run = async () => (runInThisContext(`(${message.source})`) as Tried)(electron, message.argument);
    run().then(
      (value: unknown) => process.send?.({ type: 'answer', id: message.id, value }),
      (error: unknown) => process.send?.({ type: 'answer', id: message.id, error: String(error) }),
    );
  });
}
