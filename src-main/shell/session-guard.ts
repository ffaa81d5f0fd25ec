import type { Session } from 'electron';
import { isConsoleUrl } from './console-url.ts';
import { guardPermissions } from './permissions.ts';

export type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on' | 'webRequest'
>;

/**
 * The rules of a session: permissions from their table, no downloads (files are saved by the main process, which knows
 * what it writes), and no request that is not the console's own. The CSP already says the last; this holds when a page
 * without one should ever be shown.
 */
export function guardSession(session: GuardedSession, onRefused: (what: string, detail: string) => void): void {
  guardPermissions(session, isConsoleUrl, (permission) => onRefused('permission', permission));
  session.on('will-download', (event, item) => {
    event.preventDefault();
    onRefused('download', item.getURL());
  });
  session.webRequest.onBeforeRequest((details, callback) => {
    const own = isConsoleUrl(details.url);
    if (!own) onRefused('request', details.url);
    callback({ cancel: !own });
  });
}
