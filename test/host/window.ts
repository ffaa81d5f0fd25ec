import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright';
import { toApplication, toBrowser } from './address.ts';
import { app, hostApp, openWindows, preventable } from './app.ts';
import { HEADLESS, openBrowser, openHiddenContext } from './browser.ts';
import { adopt, HostContents, openOwnPage, routeContext } from './contents.ts';
import { invokeHandler } from './ipc-main.ts';
import { hostSession, sessionOf } from './session.ts';
import { strict, unsupported } from './strict.ts';

const SHIM = readFileSync(fileURLToPath(new URL('page-shim.js', import.meta.url)), 'utf8');
const BINDING = '__causewayHost';
const OPTIONS = 'title width height minWidth minHeight show autoHideMenuBar backgroundColor webPreferences'.split(' ');
const MUST_BE: Readonly<Record<string, unknown>> = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
};

interface Options {
  readonly width?: number;
  readonly height?: number;
  readonly webPreferences?: Readonly<Record<string, unknown>> & { readonly preload?: string };
}

const windows: HostWindow[] = [];
let routed: Promise<void> | null = null;

class HostWindow extends EventEmitter {
  readonly contents = new HostContents();
  readonly webContents = strict('webContents', this.contents);
  readonly #options: Options;
  #gone = false;
  #shown = false;
  readonly self: this;

  constructor(options: Options = {}) {
    super();
    unsupported('BrowserWindow options', options, OPTIONS);
    for (const [name, value] of Object.entries(MUST_BE)) {
      if (options.webPreferences?.[name] !== value) throw new Error(`The Chromium host needs ${name}: ${value}`);
    }
    this.#options = options;
    this.self = strict('BrowserWindow', this);
    windows.push(this.self);
    openWindows.add(this);
    hostApp.emit('web-contents-created', {}, this.webContents);
    // biome-ignore lint/correctness/noConstructorReturn: the strict view is what the application gets
    return this.self;
  }

  isDestroyed = () => this.#gone;
  isMinimized = () => false;
  restore(): void {}
  show(): void {
    if (!this.#isOfDefaultSession()) throw new Error('The Chromium host shows no window with a session of its own');
    this.#shown = true;
    void this.contents.page?.bringToFront().catch(() => {});
  }
  isVisible = () => this.#shown;
  focus(): void {
    this.emit('focus');
    void this.contents.page?.bringToFront().catch(() => {});
  }

  async setContentSize(width: number, height: number): Promise<void> {
    await this.contents.page?.setViewportSize({ width, height });
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#usablePage();
    this.contents.loading = url;
    try {
      await page.goto(toBrowser(url), { waitUntil: 'load' });
    } finally {
      this.contents.loading = null;
    }
    this.emit('ready-to-show');
  }

  close(): boolean {
    const event = preventable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
    return !event.defaultPrevented;
  }

  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.contents.destroyed = true;
    openWindows.delete(this);
    windows.splice(windows.indexOf(this.self), 1);
    const { page } = this.contents;
    void (this.#isOfDefaultSession() ? page?.close() : page?.context().close())?.catch(() => {});
    this.emit('closed');
    setImmediate(() => hostApp.windowGone());
  }

  async #usablePage(): Promise<Page> {
    const { contents } = this;
    if (contents.page !== null && !contents.crashed) return contents.page;
    if (!this.#isOfDefaultSession()) return this.#openHiddenPage();
    const context = await openBrowser(app.getPath('userData'));
    routed ??= routeContext(context);
    await routed;
    const fresh = context.pages().find((page) => /^(about:blank|data:)/.test(page.url()));
    const page = fresh ?? (await openOwnPage(context));
    const crashed = contents.page;
    contents.page = page;
    contents.crashed = false;
    await this.#prepare(page, context);
    await crashed?.close().catch(() => {});
    return page;
  }

  #isOfDefaultSession = () => sessionOf(this.#options.webPreferences) === hostSession;

  /** A window with a session of its own is one that is never shown. */
  async #openHiddenPage(): Promise<Page> {
    const preferences = this.#options.webPreferences;
    if (preferences?.preload !== undefined) throw new Error('The Chromium host has no preload in a hidden window');
    const context = await openHiddenContext(preferences?.javascript !== false);
    await routeContext(context, sessionOf(preferences));
    const page = await openOwnPage(context);
    if (this.#gone) {
      await context.close();
      throw new Error('The window was closed');
    }
    await adopt(page, this.contents);
    this.contents.page = page;
    return page;
  }

  async #prepare(page: Page, context: BrowserContext): Promise<void> {
    const { contents } = this;
    await adopt(page, contents);
    page.on('close', () => {
      if (contents.page === page) this.destroy();
    });
    page.on('crash', () => {
      if (contents.page !== page) return;
      contents.crashed = true;
      contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    });
    page.on('download', (download) => {
      const event = preventable({});
      hostSession.emit('will-download', event, { getURL: () => toApplication(download.url()) });
      void download.cancel();
      if (!event.defaultPrevented) throw new Error('The Chromium host has no downloads');
    });
    if (HEADLESS)
      await page.setViewportSize({ width: this.#options.width ?? 800, height: this.#options.height ?? 600 });
    if (hostSession.checkPermission?.(null, 'clipboard-sanitized-write', 'app://console/', {}) === true)
      await context.grantPermissions(['clipboard-write']);
    const preload = this.#options.webPreferences?.preload;
    if (preload === undefined) return;
    await page.exposeBinding(BINDING, async ({ frame }, operation: string, values: [string, unknown[]]) => {
      if (operation === 'hello') return contents.greet();
      if (operation === 'receive') return contents.receive();
      const event = { sender: this.webContents, senderFrame: contents.frameOf(frame) };
      return invokeHandler(values[0], event, values[1]);
    });
    const text = readFileSync(path.resolve(preload), 'utf8');
    await page.addInitScript({ content: SHIM.replaceAll('HOST', BINDING).replace('PRELOAD;', () => text) });
  }

  static getAllWindows = () => [...windows];
  static fromWebContents = (contents: unknown) => windows.find((window) => window.webContents === contents) ?? null;
}

export const BrowserWindow = HostWindow;
