import type { BuiltFiles } from './built-files.ts';
import { isConsoleUrl } from './console-url.ts';
import { RESPONSE_HEADERS } from './response-headers.ts';

/** Answers a request of the page out of the table of built files; anything else is 403, 404 or 405 with no body. */
export function serveConsole(files: BuiltFiles, request: Pick<Request, 'method' | 'url'>): Response {
  if (!isConsoleUrl(request.url)) return refuse(403);
  if (request.method !== 'GET') return refuse(405);
  const file = files.get(new URL(request.url).pathname);
  if (file === undefined) return refuse(404);
  return new Response(file.body, { status: 200, headers: { ...RESPONSE_HEADERS, 'content-type': file.type } });
}

function refuse(status: 403 | 404 | 405): Response {
  return new Response(null, { status, headers: { ...RESPONSE_HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}
