import { registerScheme } from './address.ts';
import { strict } from './strict.ts';

type Handler = (request: Request) => Response | Promise<Response>;
const handlers = new Map<string, Handler>();

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string }[]): void {
    for (const { scheme } of schemes) registerScheme(scheme);
  },
  handle(scheme: string, handler: Handler): void {
    if (handlers.has(scheme)) throw new Error(`The scheme '${scheme}' has a handler already`);
    handlers.set(scheme, handler);
  },
});

/** The answer of the application's own handler, or null when the scheme has none. */
export async function answerRequest(url: string, method: string): Promise<Response | null> {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  return handler === undefined ? null : handler(new Request(url, { method }));
}
