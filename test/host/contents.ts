import { EventEmitter } from 'node:events';
import type { BrowserContext, Frame, Page, Route } from 'playwright';
import { toApplication } from './address.ts';
import { preventable } from './app.ts';
import { answerRequest } from './protocol.ts';
import { isRequestAllowed } from './session.ts';

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

  /** What IPC handlers see of the frame that asks. */
  frameOf(frame: Frame): object {
    return { url: toApplication(frame.url()), parent: frame.parentFrame() === null ? null : {} };
  }
}

const byPage = new Map<Page, HostContents>();

export function adopt(page: Page, contents: HostContents): void {
  byPage.set(page, contents);
  page.on('close', () => byPage.delete(page));
}

/** Puts the application between Chromium and everything a page asks for. */
export async function routeContext(context: BrowserContext): Promise<void> {
  await context.route('**/*', route);
  context.on('page', (page) => {
    void page.opener().then((opener) => {
      const contents = opener === null ? undefined : byPage.get(opener);
      if (contents !== undefined && !contents.mayOpen(toApplication(page.url()))) return page.close();
    });
  });
}

async function route(asked: Route): Promise<void> {
  const request = asked.request();
  const url = toApplication(request.url());
  const frame = request.isNavigationRequest() ? request.frame() : null;
  const contents = frame === null ? undefined : byPage.get(frame.page());
  if (frame !== null && contents === undefined && (await frame.page().opener()) !== null) return asked.abort('aborted');
  if (frame !== null && contents !== undefined && !mayLoad(contents, frame, url)) return asked.abort('aborted');
  if (!(await isRequestAllowed(url))) return asked.abort('blockedbyclient');
  if (url === request.url()) return asked.continue();
  const answer = await answerRequest(url, request.method());
  if (answer === null) return asked.abort('addressunreachable');
  return asked.fulfill({
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
