import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface BuiltFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Every file the page may ask for, by URL path. Nothing outside it exists for the page. */
export type BuiltFiles = ReadonlyMap<string, BuiltFile>;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * Reads the built page into memory, once, at start. A request is then a look-up in this table: no path is ever made
 * from a URL, so there is nothing to traverse, and a file changed on disk afterwards is not served.
 * Throws when the folder is missing, has no index.html, or holds a kind of file that has no content type here.
 */
export function readBuiltFiles(folder: string): BuiltFiles {
  const files = new Map<string, BuiltFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.map')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const type = CONTENT_TYPES[path.extname(entry.name)];
    if (type === undefined) throw new Error(`${file} has no known content type`);
    const key = `/${path.relative(folder, file).split(path.sep).map(encodeURIComponent).join('/')}`;
    files.set(key, { type, body: new Uint8Array(readFileSync(file)) });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`${folder} has no index.html`);
  files.set('/', index);
  return files;
}
