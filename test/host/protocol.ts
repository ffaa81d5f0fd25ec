import { registerScheme } from './address.ts';
import { strict } from './strict.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** The schemes one session answers for. */
export class HostProtocol {
  readonly #handlers = new Map<string, Handler>();

  handle(scheme: string, handler: Handler): void {
    if (this.#handlers.has(scheme)) throw new Error(`The scheme '${scheme}' has a handler already`);
    this.#handlers.set(scheme, handler);
  }

  /** The answer of the application's own handler, or null when the scheme has none. */
  async answer(url: string, method: string): Promise<Response | null> {
    const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1));
    return handler === undefined ? null : handler(new Request(url, { method }));
  }
}

/** Of the default session. */
export const defaultProtocol = new HostProtocol();

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string }[]): void {
    for (const { scheme } of schemes) registerScheme(scheme);
  },
  handle: (scheme: string, handler: Handler): void => defaultProtocol.handle(scheme, handler),
});
