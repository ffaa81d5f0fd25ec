import path from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  protocol,
  session,
  shell,
} from 'electron';
import { z } from 'zod';
import { startApplication } from './application.ts';
import { CONSOLE_SCHEME } from './console-url.ts';
import { resolveFolders } from './folders.ts';
import { mustSandbox } from './os-sandbox.ts';

// What must be said before the application is ready stands here; everything else is in application.ts.
const noSandboxAsked = app.commandLine.hasSwitch('no-sandbox');
if (mustSandbox({ platform: process.platform, uid: process.getuid?.(), noSandboxAsked })) app.enableSandbox();
protocol.registerSchemesAsPrivileged([CONSOLE_SCHEME]);
// The page resolves no name: a prefetch hint in injected markup is a request that no CSP directive covers.
app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
z.config({ jitless: true }); // as in the page: nothing here compiles code from strings

void startApplication(
  { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, Notification, protocol, session, shell },
  resolveFolders({
    userData: app.getPath('userData'),
    resources: app.isPackaged ? process.resourcesPath : path.join(app.getAppPath(), 'resources'),
    bundle: import.meta.dirname,
    dataOverride: process.env.CAUSEWAY_DATA,
  }),
);
