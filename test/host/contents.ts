import { EventEmitter } from 'node:events';
import type { BrowserContext, Frame, Page, Request, Route } from 'playwright';
import { toApplication } from './address.ts';
import { preventable } from './app.ts';
import { printPage } from './print.ts';
import { type HostSession, hostSession } from './session.ts';

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'deny' | 'allow' };
interface Message {
  readonly channel: string;
  readonly values: readonly unknown[];
}

let lastId = 0;

/** The contents of a window: one page of Chromium after the other, as a crashed one cannot be used again. */
export class HostContents extends EventEmitter {
  readonly id = ++lastId;
  page: Page | null = null;
  destroyed = false;
  crashed = false;
  /** The address the application itself is loading, which asks nobody. */
  loading: string | null = null;
  #openHandler: OpenHandler | null = null;
  #queue: Message[] = [];
  #deliver: ((messages: Message[]) => void) | null = null;

  isDestroyed = () => this.destroyed;
  isCrashed = () => this.crashed;
  getURL = () => (this.page === null ? '' : toApplication(this.page.url()));

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** Whether the application lets a page open another window. */
  mayOpen = (url: string) => this.#openHandler === null || this.#openHandler({ url }).action === 'allow';

  send(channel: string, ...values: unknown[]): void {
    this.#queue.push({ channel, values: structuredClone(values) });
    this.#flush();
  }

  /** A new document asks: what was meant for the one before is gone. */
  greet(): void {
    this.#queue = [];
    this.#deliver = null;
  }

  receive(): Promise<Message[]> {
    return new Promise((resolve) => {
      this.#deliver = resolve;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#deliver === null || this.#queue.length === 0) return;
    const deliver = this.#deliver;
    this.#deliver = null;
    deliver(this.#queue.splice(0));
  }

  forcefullyCrashRenderer(): void {
    const page = this.page;
    if (page === null) return;
    void page
      .context()
      .newCDPSession(page)
      .then((client) => client.send('Page.crash'))
      .catch(() => {}); // it dies before it answers
  }

  executeJavaScript = async (code: string): Promise<unknown> => {
    if (this.page === null || this.crashed) throw new Error('There is no page');
    return this.page.evaluate(code);
  };

  printToPDF = async (options: Parameters<typeof printPage>[1]): Promise<Buffer> => {
    if (this.page === null || this.crashed) throw new Error('There is no page');
    return printPage(this.page, options);
  };

  /** What IPC handlers see of the frame that asks. */
  frameOf(frame: Frame): object {
    return { url: toApplication(frame.url()), parent: frame.parentFrame() === null ? null : {} };
  }
}

const byPage = new Map<Page, HostContents>();
const ownPages = new WeakSet<Page>();
let expected = 0;

/** Chromium shows the contents on this page. It tells of each window the page opens, and the application is asked. */
export async function adopt(page: Page, contents: HostContents): Promise<void> {
  byPage.set(page, contents);
  page.on('close', () => byPage.delete(page));
  const client = await page.context().newCDPSession(page);
  client.on('Page.windowOpen', ({ url }) => {
    // of the answers only the no can be done: there is one window
    if (contents.mayOpen(toApplication(url))) throw new Error('The Chromium host has no child windows');
  });
  await client.send('Page.enable');
}

/** A page the host itself opens; any other that appears was opened by a page. */
export async function openOwnPage(context: BrowserContext): Promise<Page> {
  expected += 1;
  return context.newPage();
}

/** Puts the application between Chromium and everything a page of the session asks for. */
export async function routeContext(context: BrowserContext, session: HostSession = hostSession): Promise<void> {
  for (const page of context.pages()) ownPages.add(page);
  await context.route('**/*', (call) => route(call, session));
  context.on('page', (page) => {
    if (expected > 0) {
      expected -= 1;
      ownPages.add(page);
      return;
    }
    void page.close().catch(() => {});
  });
}

/** The frame a navigation is for; null for that of a window just being opened, which is not there yet. */
function frameOf(request: Request): Frame | null {
  try {
    return request.frame();
  } catch {
    return null;
  }
}

async function route(call: Route, session: HostSession): Promise<void> {
  const request = call.request();
  const url = toApplication(request.url());
  const navigation = request.isNavigationRequest();
  const frame = navigation ? frameOf(request) : null;
  const contents = frame === null ? undefined : byPage.get(frame.page());
  const isChild = navigation && (frame === null || !ownPages.has(frame.page()));
  if (isChild) return call.abort('aborted'); // a window being opened, which is about to be closed
  if (frame !== null && contents !== undefined && !mayLoad(contents, frame, url)) return call.abort('aborted');
  if (!(await session.isRequestAllowed(url))) return call.abort('blockedbyclient');
  if (url === request.url()) return call.continue();
  const answer = await session.schemes.answer(url, request.method());
  if (answer === null) return call.abort('addressunreachable');
  return call.fulfill({
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  });
}

function mayLoad(contents: HostContents, frame: Frame, url: string): boolean {
  const isMainFrame = frame.parentFrame() === null;
  if (isMainFrame && contents.loading === url) return true;
  const first = preventable({ url, isMainFrame });
  contents.emit('will-frame-navigate', first);
  if (first.defaultPrevented) return false;
  if (!isMainFrame) return true;
  const second = preventable({ url, isMainFrame });
  contents.emit('will-navigate', second);
  return !second.defaultPrevented;
}
