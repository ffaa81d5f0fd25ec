import { EventEmitter } from 'node:events';
import { strict } from './strict.ts';

type RequestListener = (details: { readonly url: string }, callback: (answer: { cancel?: boolean }) => void) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean;

class HostSession extends EventEmitter {
  requestListener: RequestListener | null = null;
  checkPermission: CheckHandler | null = null;
  readonly webRequest = strict('session.webRequest', {
    onBeforeRequest: (listener: RequestListener) => {
      this.requestListener = listener;
    },
  });

  setPermissionRequestHandler(_handler: unknown): void {} // Chromium under automation refuses what is not granted
  setPermissionCheckHandler(handler: CheckHandler): void {
    this.checkPermission = handler;
  }
  setDevicePermissionHandler(_handler: unknown): void {}
}

export const hostSession = new HostSession();
export const session = strict('session', { defaultSession: strict('session.defaultSession', hostSession) });

/** Whether the application lets a request out. */
export function isRequestAllowed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (hostSession.requestListener === null) resolve(true);
    else hostSession.requestListener({ url }, ({ cancel }) => resolve(cancel !== true));
  });
}
