import type * as electron from 'electron';
import type { Session } from 'electron';
import { CausewayError } from '#shared/errors.ts';
import { CONSOLE_PROTOCOL } from './console-url.ts';
import { WEB_PREFERENCES } from './web-preferences.ts';

export type Printing = Pick<typeof electron, 'BrowserWindow' | 'session'>;
export type Paper = 'A4' | 'Letter';

/** Makes a PDF of a page that is complete in itself. @throws CausewayError too-large, internal */
export type PrintReport = (html: string, paper?: Paper) => Promise<Uint8Array>;

/** A host of the console's scheme that only the printing session answers for; it is not the console's. */
const PAGE_URL = `${CONSOLE_PROTOCOL}//report/`;
const PARTITION = 'report-print'; // without `persist:` it lives in memory and ends with the program
const MOST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 180_000;

/** No script, no source but the style the page carries: also where the page's own policy was cut out of it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Chromium fills in the spans by their classes. The page's title is its name and the beginning of its digest. */
const FOOTER = `<div style="box-sizing:border-box;width:100%;padding:0 15mm;display:flex;justify-content:space-between;gap:8mm;font:6.5pt sans-serif;color:#555">
<span class="title" style="flex:0 1 auto;min-width:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis"></span>
<span style="flex:none;white-space:nowrap">Page <span class="pageNumber"></span> of <span class="totalPages"></span></span></div>`;

const inches = (millimetres: number) => millimetres / 25.4;

/**
 * Prints in a window nobody sees: sandboxed, without scripts, without a preload, in a session of its own that is kept in
 * memory and gets nothing but the page itself. One page at a time.
 */
export function createReportPrinter({ BrowserWindow, session }: Printing, timeoutMs = TIMEOUT_MS): PrintReport {
  let page: Buffer<ArrayBuffer> | null = null;
  let prepared: Session | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function print(html: string, paper: Paper): Promise<Uint8Array> {
    prepared ??= prepareSession(session.fromPartition(PARTITION), () => page);
    page = Buffer.from(html, 'utf8');
    const window = new BrowserWindow({
      show: false,
      webPreferences: { ...WEB_PREFERENCES, javascript: false, session: prepared },
    });
    try {
      return await within(timeoutMs, async () => {
        await window.loadURL(PAGE_URL);
        return window.webContents.printToPDF(options(paper));
      });
    } finally {
      page = null;
      if (!window.isDestroyed()) window.destroy();
    }
  }

  return async (html, paper = 'A4') => {
    if (Buffer.byteLength(html, 'utf8') > MOST_BYTES) {
      throw new CausewayError('too-large', 'The report is too large for a PDF. Save it as HTML or narrow its window.');
    }
    const result = turn.then(() => print(html, paper));
    turn = result.catch(() => {}); // told to whoever asked for it; the next one prints all the same
    return result;
  };
}

function options(pageSize: Paper): Electron.PrintToPDFOptions {
  return {
    pageSize,
    preferCSSPageSize: true, // wide tables stand across
    printBackground: true,
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate: FOOTER,
    margins: { top: inches(17), bottom: inches(18), left: inches(15), right: inches(15) },
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  };
}

/** The session's one answer, and no to everything else. */
function prepareSession(own: Session, page: () => Buffer<ArrayBuffer> | null): Session {
  own.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.on('will-download', (event) => event.preventDefault());
  own.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: url !== PAGE_URL }));
  own.protocol.handle('app', (request) => answer(request, page()));
  return own;
}

function answer({ url, method }: Pick<Request, 'url' | 'method'>, body: Buffer<ArrayBuffer> | null): Response {
  if (url !== PAGE_URL || method !== 'GET' || body === null) return new Response(null, { status: 403 });
  return new Response(body, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  });
}

/** A print that never ends must not hold up those behind it. */
async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const after = Math.round(milliseconds / 1000);
    reject(
      new CausewayError('internal', `The PDF was not finished after ${after} s. Save the report as HTML instead.`, {
        reason: 'print-timeout',
      }),
    );
  }, milliseconds);
  try {
    return await Promise.race([work(), promise]);
  } catch (error) {
    if (error instanceof CausewayError) throw error;
    throw new CausewayError('internal', 'The PDF could not be made. Save the report as HTML instead.', {
      cause: error,
      reason: 'print-failed',
    });
  } finally {
    clearTimeout(timer);
  }
}
