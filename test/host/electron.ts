/**
 * What the built main bundle gets for `electron` in the Chromium host. Named exports only: importing anything else fails
 * when the bundle is linked.
 */
import { app } from './app.ts';
import { dialog } from './dialog.ts';
import { ipcMain } from './ipc-main.ts';
import { protocol } from './protocol.ts';
import { session } from './session.ts';
import { Menu, Notification, nativeTheme, shell } from './small-parts.ts';
import { BrowserWindow } from './window.ts';

export { app, BrowserWindow, dialog, ipcMain, Menu, Notification, nativeTheme, protocol, session, shell };
