import type { BrowserWindowConstructorOptions } from 'electron';
import { WEB_PREFERENCES } from './web-preferences.ts';

/** How every window is made. `preload` is null for a page that needs nothing of the main process. */
export function windowOptions(preload: string | null, dark: boolean): BrowserWindowConstructorOptions {
  return {
    title: 'Causeway',
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false, // shown when there is something to see
    autoHideMenuBar: true,
    backgroundColor: dark ? '#0e1116' : '#f6f7f9',
    webPreferences: preload === null ? { ...WEB_PREFERENCES } : { ...WEB_PREFERENCES, preload },
  };
}
