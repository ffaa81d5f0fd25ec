import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as electron from 'electron';
import type { Station } from '#main/console/station.ts';
import { wallClock } from '#main/platform/clock.ts';
import { createLog, type Log, openLogFile } from '#main/platform/log.ts';
import { createAccessDesk } from './access-desk.ts';
import { showAlerts } from './alerts.ts';
import { type BuiltFiles, readBuiltFiles } from './built-files.ts';
import { CONSOLE_URL } from './console-url.ts';
import { openLink } from './external-links.ts';
import { createFailurePage, FAILURE_PATH } from './failure-page.ts';
import { createFileDialogs } from './file-dialogs.ts';
import { createFileVerifier } from './file-verifier.ts';
import { type Folders, prepareFolder } from './folders.ts';
import { createHandlers } from './ipc-handlers.ts';
import { createTokenBucket } from './ipc-limits.ts';
import { createEventPush, serveIpc } from './ipc-server.ts';
import { menuTemplate } from './menu.ts';
import { guardNavigation } from './navigation.ts';
import { openStation } from './open-station.ts';
import { createReportPrinter } from './print-pdf.ts';
import { closeOnQuit } from './quit.ts';
import { serveConsole } from './serve-console.ts';
import { guardSession } from './session-guard.ts';
import { describeStartFailure } from './start-failure.ts';
import { watchWindow } from './window-loss.ts';
import { windowOptions } from './window-options.ts';

/** What of Electron the application is made of. */
export type Electron = Pick<
  typeof electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'Notification'
  | 'protocol'
  | 'session'
  | 'shell'
>;

const FAILED = 1;

/**
 * Starts the console: folder, lock, log, guards, workspace, window, in this order. Nothing of the workspace is opened
 * before the lock is held. A failure is shown in a window of its own, whose end is the process's end, with exit code 1.
 */
export async function startApplication(parts: Electron, folders: Folders): Promise<void> {
  const { app } = parts;
  const folderFailure = attempt(() => prepareFolder(folders.data));
  app.setPath(
    'userData',
    folderFailure === null ? folders.window : mkdtempSync(path.join(tmpdir(), 'causeway-window-')),
  );
  if (folderFailure === null && !app.requestSingleInstanceLock()) {
    process.stderr.write('Causeway is already running on this workspace; its window was brought to the front.\n');
    app.exit(FAILED);
    return;
  }
  const log = folderFailure === null ? openLogFile(folders.log) : createLog(process.stderr);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  await app.whenReady();
  parts.Menu.setApplicationMenu(parts.Menu.buildFromTemplate(menuTemplate(process.platform)));
  guardEverything(parts, log);
  let opened: { readonly files: BuiltFiles; readonly station: Station };
  try {
    if (folderFailure !== null) throw folderFailure.error;
    const files = readBuiltFiles(folders.renderer);
    opened = { files, station: await openStation(folders, app.getVersion(), log) };
  } catch (error) {
    log.error({ err: error }, 'not started');
    await showFailure(parts, error, folders);
    return;
  }
  log.info({ version: app.getVersion(), electron: process.versions.electron ?? 'none' }, 'started');
  await showConsole(parts, folders, opened.files, opened.station, log);
}

function attempt(action: () => void): { readonly error: unknown } | null {
  try {
    action();
    return null;
  } catch (error) {
    return { error };
  }
}

function guardEverything({ app, session, shell }: Electron, log: Log): void {
  const refused = (what: string, detail: string) => log.warn({ what, detail: detail.slice(0, 300) }, 'refused');
  guardSession(session.defaultSession, refused);
  app.on('web-contents-created', (_event, contents) => {
    guardNavigation(contents, {
      refused,
      leave: (url) => {
        openLink(shell, url).catch((error: unknown) => log.error({ err: error }, 'link not opened'));
      },
    });
  });
}

async function showConsole(
  { app, BrowserWindow, dialog, ipcMain, nativeTheme, Notification, protocol, session }: Electron,
  folders: Folders,
  files: BuiltFiles,
  station: Station,
  log: Log,
): Promise<void> {
  protocol.handle('app', (request) => serveConsole(files, request));
  const window = new BrowserWindow(windowOptions(folders.preload, nativeTheme.shouldUseDarkColors));
  const contentsId = window.webContents.id;
  const unfinished: Promise<void>[] = [];
  const push = createEventPush(() => (window.isDestroyed() ? [] : [window.webContents]), log);
  const desk = createAccessDesk({ station, onError: (error) => log.error({ err: error }, 'signing out') });
  serveIpc(ipcMain, {
    isKnownWindow: (id) => id === contentsId,
    takeToken: createTokenBucket(wallClock),
    desk,
    handlers: createHandlers({
      desk,
      dialogs: createFileDialogs(dialog, () => window, app.getPath('documents')),
      verifier: createFileVerifier(desk, push),
      auditor: station.auditor,
      print: createReportPrinter({ BrowserWindow, session }),
      tell: push,
      today,
    }),
    log,
  });
  const stopEvents = desk.subscribe('signed-in', push);
  window.on('closed', stopEvents);
  window.on('closed', () => app.quit()); // a report may be printing in a window nobody sees
  const stopAlerts = showAlerts(Notification, desk, (error) => log.error({ err: error }, 'alert not recorded'));
  app.on('will-quit', stopAlerts);
  const open = {
    denyPending: async (reason: 'window-lost' | 'shutdown') => station.current()?.denyPending(reason),
    close: async () => {
      await desk.close();
      await station.close();
    },
  };
  const isEnding = closeOnQuit(app, open, () => unfinished, log);
  watchWindow(window, open, { now: wallClock.now, log, track: (work) => unfinished.push(work), isEnding });
  app.on('window-all-closed', () => app.quit());
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  window.once('ready-to-show', () => window.show());
  try {
    await window.loadURL(CONSOLE_URL);
  } catch (error) {
    log.error({ err: error }, 'the page was not loaded');
    app.quit(); // with the workspace open, so the clean way
  }
}

const today = () => new Date(wallClock.now()).toISOString().slice(0, 10);

async function showFailure({ app, BrowserWindow, nativeTheme, protocol }: Electron, error: unknown, folders: Folders) {
  const failure = describeStartFailure(error);
  process.stderr.write(`Causeway did not start (${failure.code}): ${failure.happened}\n${failure.todo}\n`);
  const files = createFailurePage(failure, folders.log);
  protocol.handle('app', (request) => serveConsole(files, request));
  app.on('window-all-closed', () => app.exit(FAILED));
  const window = new BrowserWindow({
    ...windowOptions(null, nativeTheme.shouldUseDarkColors),
    width: 760,
    height: 620,
  });
  window.once('ready-to-show', () => window.show());
  await window.loadURL(new URL(FAILURE_PATH, CONSOLE_URL).href);
}
