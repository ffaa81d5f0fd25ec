import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { addSwitch, closeBrowser, openBrowser } from './browser.ts';
import { takeInstanceLock } from './instance-lock.ts';
import { strict } from './strict.ts';

/** An event whose default can be prevented. */
export function preventable<T extends object>(details: T): T & { defaultPrevented: boolean; preventDefault(): void } {
  const event = { ...details, defaultPrevented: false, preventDefault: () => {} };
  event.preventDefault = () => {
    event.defaultPrevented = true;
  };
  return event;
}

const projectFolder = path.resolve(process.env.CAUSEWAY_HOST_PROJECT ?? process.cwd());
const manifest = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly productName?: string;
  readonly version: string;
};
const name = manifest.productName ?? manifest.name;

function appData(): string {
  if (process.platform === 'darwin') return path.join(homedir(), 'Library/Application Support');
  if (process.platform === 'win32') return process.env.APPDATA ?? path.join(homedir(), 'AppData/Roaming');
  return process.env.XDG_CONFIG_HOME ?? path.join(homedir(), '.config');
}

const paths = new Map<string, string>([
  ['appData', appData()],
  ['userData', process.env.ELECTRON_USER_DATA ?? path.join(appData(), name)],
  ['temp', tmpdir()],
  ['home', homedir()],
  ['documents', path.join(homedir(), 'Documents')],
]);

/** What windows the application has; filled by window.ts. */
export const openWindows = new Set<{ close(): boolean; destroy(): void }>();
let ready: Promise<void> | null = null;
let ending = false;

class HostApp extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = strict('app.commandLine', { appendSwitch: addSwitch, hasSwitch: () => false });

  enableSandbox() {} // every page of Chromium has it

  getName = () => name;
  getVersion = () => manifest.version;
  getAppPath = () => projectFolder;

  getPath(which: string): string {
    const found = paths.get(which);
    if (found === undefined) throw new Error(`The Chromium host has no path "${which}"`);
    return found;
  }

  setPath(which: string, folder: string): void {
    this.getPath(which);
    paths.set(which, folder);
  }

  requestSingleInstanceLock(): boolean {
    return takeInstanceLock(this.getPath('userData'), () => this.emit('second-instance', {}, [], '', null));
  }

  whenReady(): Promise<void> {
    // at the next turn of the loop: all that the main file says at its top level comes first
    ready ??= new Promise((resolve) => {
      setImmediate(() => {
        if (ending) return;
        mkdirSync(this.getPath('userData'), { recursive: true });
        openBrowser(this.getPath('userData')).catch((error: unknown) => {
          process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
          this.exit(1);
        });
        this.emit('ready');
        resolve();
      });
    });
    return ready;
  }

  quit(): void {
    const event = preventable({});
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    for (const window of openWindows) if (!window.close()) return;
    const last = preventable({});
    this.emit('will-quit', last);
    if (!last.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    if (ending) return;
    ending = true;
    for (const window of openWindows) window.destroy();
    this.emit('quit', {}, code);
    void closeBrowser().finally(() => process.exit(code));
  }

  windowGone(): void {
    if (ending || openWindows.size > 0) return;
    if (!this.emit('window-all-closed')) this.quit();
  }
}

export const hostApp = new HostApp();
export const app = strict('app', hostApp);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => hostApp.quit());
