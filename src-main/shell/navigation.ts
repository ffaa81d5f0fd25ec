import type { WebContents } from 'electron';
import { CONSOLE_URL, isConsoleUrl } from './console-url.ts';

/** The parts of a page's contents the guard needs, so that tests can hand in a plain event emitter. */
export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

export interface NavigationReport {
  readonly refused: (what: string, url: string) => void;
  /** Told of a link the page wanted to follow; decides by itself whether it may be opened outside. */
  readonly leave: (url: string) => void;
}

/** The page may load itself again (a reload), and go nowhere else: screens are shown by the page, not by navigation. */
export function mayNavigate(text: string): boolean {
  return isConsoleUrl(text) && new URL(text).pathname === new URL(CONSOLE_URL).pathname;
}

/**
 * Denies by default every way contents can get somewhere else: navigation, redirect, frame, new window, webview.
 * Applied to all contents ever made, not only to the console's window, so that none can be forgotten.
 */
export function guardNavigation(contents: GuardedContents, report: NavigationReport): void {
  contents.on('will-navigate', (event) => {
    if (mayNavigate(event.url)) return;
    event.preventDefault();
    report.refused('navigation', event.url);
    report.leave(event.url);
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame) return; // will-navigate has it
    event.preventDefault();
    report.refused('frame', event.url);
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    report.refused('redirect', event.url);
  });
  contents.on('will-attach-webview', (event, _preferences, parameters) => {
    event.preventDefault();
    report.refused('webview', parameters.src ?? '');
  });
  contents.setWindowOpenHandler(({ url }) => {
    report.refused('window', url);
    report.leave(url);
    return { action: 'deny' };
  });
}
