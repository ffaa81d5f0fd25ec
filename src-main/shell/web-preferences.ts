import type { WebPreferences } from 'electron';

/**
 * The only web preferences any window is made with. Frozen, so that no later line can weaken one for "just this window".
 * Where Electron's default is already the safe value it still stands here: a default may change with a version.
 */
export const WEB_PREFERENCES = Object.freeze({
  sandbox: true, // the page's process is confined by the operating system, the preload with it
  contextIsolation: true, // the page cannot reach into the preload's world
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false, // also: no preload in a frame inside the page
  webviewTag: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  plugins: false,
  navigateOnDragDrop: false, // a file dropped beside the drop area would otherwise replace the console
  disableDialogs: true, // alert, confirm and prompt: a decision is never asked by a page's own dialog
  spellcheck: false, // would download dictionaries
  devTools: false,
} as const satisfies WebPreferences);
