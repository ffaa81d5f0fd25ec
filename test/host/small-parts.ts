import { spawn } from 'node:child_process';
import { HEADLESS } from './browser.ts';
import { strict } from './strict.ts';

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: false });

const OPENERS: Readonly<Record<string, string>> = { darwin: 'open', win32: 'explorer' };

export const shell = strict('shell', {
  async openExternal(url: string): Promise<void> {
    if (HEADLESS) throw new Error(`A link left the console that the test did not expect: ${url}`);
    spawn(OPENERS[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true }).unref();
  },
});

const ROLES =
  'appMenu quit close undo redo cut copy paste selectAll resetZoom zoomIn zoomOut togglefullscreen minimize'.split(' ');
interface Item {
  readonly role?: string;
  readonly type?: string;
  readonly label?: string;
  readonly submenu?: readonly Item[];
}

/** Chromium has a menu of its own; here it is only seen to that the template is one Electron would take. */
export const Menu = strict('Menu', {
  buildFromTemplate(template: readonly Item[]): readonly Item[] {
    for (const item of template) {
      if (item.role !== undefined && !ROLES.includes(item.role)) throw new Error(`Unknown menu role ${item.role}`);
      if (item.role === undefined && item.type === undefined && item.label === undefined) throw new Error('Empty item');
      if (item.submenu) this.buildFromTemplate(item.submenu);
    }
    return template;
  },
  setApplicationMenu(_menu: unknown): void {},
});

/** A desktop without notifications, as Electron reports it where there is no notification service. */
export const Notification = strict('Notification', { isSupported: (): boolean => false });
