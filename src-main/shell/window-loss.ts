import type { RenderProcessGoneDetails } from 'electron';
import type { Workspace } from '#main/console.ts';
import type { Log } from '#main/platform/log.ts';
import { CONSOLE_URL } from './console-url.ts';

/** The console's page with a word about what happened to the window before. */
export const AFTER_CRASH_URL = `${CONSOLE_URL}?notice=window-lost`;
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

export interface WatchedWindow {
  readonly webContents: {
    on(event: 'render-process-gone', listener: (event: unknown, details: RenderProcessGoneDetails) => void): unknown;
  };
  on(event: 'closed', listener: () => void): unknown;
  loadURL(url: string): Promise<void>;
  isDestroyed(): boolean;
  destroy(): void;
}

/**
 * A decision is asked of a person through a window. When the window is gone, nobody can answer: pending approvals are
 * denied, on record, before a new page is loaded that could show them again. A page that crashes three times within a
 * minute is not loaded again: the window closes.
 * `track` is given the work started here, for whoever quits the application to wait for.
 */
export function watchWindow(
  window: WatchedWindow,
  console: Pick<Workspace, 'denyPending'>,
  options: {
    readonly now: () => number;
    readonly log: Log;
    readonly track: (work: Promise<void>) => void;
    /** Whether the application is ending; then the quit denies, and the console may be closed already. */
    readonly isEnding: () => boolean;
  },
): void {
  const crashes: number[] = [];
  const deny = async () => {
    try {
      await console.denyPending('window-lost');
    } catch (error) {
      options.log.error({ err: error }, 'pending approvals could not be denied');
    }
  };
  const recover = async (reason: string) => {
    options.log.error({ reason }, 'the window’s process is gone');
    await deny();
    if (window.isDestroyed()) return;
    const now = options.now();
    crashes.push(now);
    if (crashes.filter((at) => now - at < CRASH_WINDOW_MS).length >= MAX_CRASHES) window.destroy();
    else await window.loadURL(AFTER_CRASH_URL);
  };
  window.webContents.on('render-process-gone', (_event, details) => {
    options.track(
      recover(details.reason).catch((error: unknown) =>
        options.log.error({ err: error }, 'the window did not come back'),
      ),
    );
  });
  window.on('closed', () => {
    if (!options.isEnding()) options.track(deny());
  });
}
