import { EventEmitter } from 'node:events';
import { defaultProtocol, HostProtocol } from './protocol.ts';
import { strict } from './strict.ts';

type RequestListener = (details: { readonly url: string }, callback: (answer: { cancel?: boolean }) => void) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean;

export class HostSession extends EventEmitter {
  requestListener: RequestListener | null = null;
  checkPermission: CheckHandler | null = null;
  readonly schemes: HostProtocol;
  readonly protocol: Pick<HostProtocol, 'handle'>;
  readonly webRequest = strict('session.webRequest', {
    onBeforeRequest: (listener: RequestListener) => {
      this.requestListener = listener;
    },
  });

  constructor(schemes: HostProtocol) {
    super();
    this.schemes = schemes;
    this.protocol = strict('session.protocol', { handle: schemes.handle.bind(schemes) });
  }

  setPermissionRequestHandler(_handler: unknown): void {} // Chromium under automation refuses what is not granted
  setPermissionCheckHandler(handler: CheckHandler): void {
    this.checkPermission = handler;
  }
  setDevicePermissionHandler(_handler: unknown): void {}

  /** Whether the application lets a request out. */
  isRequestAllowed(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.requestListener === null) resolve(true);
      else this.requestListener({ url }, ({ cancel }) => resolve(cancel !== true));
    });
  }
}

export const hostSession = new HostSession(defaultProtocol);
const partitions = new Map<string, { readonly own: HostSession; readonly seen: HostSession }>();

export const session = strict('session', {
  defaultSession: strict('session.defaultSession', hostSession),
  fromPartition(name: string): HostSession {
    if (name.startsWith('persist:')) throw new Error('The Chromium host has no session that is kept on disk');
    let found = partitions.get(name);
    if (found === undefined) {
      const own = new HostSession(new HostProtocol());
      found = { own, seen: strict('session', own) };
      partitions.set(name, found);
    }
    return found.seen;
  },
});

/** The session a window was made with: the default one where it names none. */
export function sessionOf(preferences: Readonly<Record<string, unknown>> | undefined): HostSession {
  const named = preferences?.session;
  if (named === undefined || named === session.defaultSession) return hostSession;
  for (const { own, seen } of partitions.values()) if (seen === named) return own;
  throw new Error('The Chromium host does not know this session');
}
