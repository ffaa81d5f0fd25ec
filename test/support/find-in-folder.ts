import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** One place where something that must not be readable is. */
export interface Found {
  /** Path inside the folder, or the name of the file itself when its name gives it away. */
  readonly file: string;
  readonly needle: string;
  readonly as: string;
}

/** Shorter ones would be met by chance in ciphertext. */
const SHORTEST = 6;
const MOST_INFLATED = 64 * 1024 * 1024;

/**
 * Looks for texts in every byte of every file under a folder, and in the files' names: as UTF-8 and UTF-16 (both byte
 * orders), JSON-escaped, percent-encoded, as hex, as base64 and base64url at each of the three offsets a text can have in
 * a longer encoded one, and all of these again in whatever inflates from a zlib or gzip header.
 */
export function findInFolder(folder: string, needles: readonly string[]): readonly Found[] {
  const searched = needles.map((needle) => ({ needle, forms: formsOf(needle) }));
  const found: Found[] = [];
  for (const path of filesUnder(folder)) {
    const file = relative(folder, path);
    const look = (bytes: Buffer, suffix: string) => {
      for (const { needle, forms } of searched) {
        for (const [as, form] of forms) if (bytes.includes(form)) found.push({ file, needle, as: `${as}${suffix}` });
      }
    };
    look(Buffer.from(file, 'utf8'), ' in its name');
    const bytes = readFileSync(path);
    look(bytes, '');
    for (const inflated of inflatedParts(bytes)) look(inflated, ', deflated');
  }
  return found;
}

/** As {@link findInFolder}, in one text: a message, a stack, a printed object. */
export function findInText(text: string, needles: readonly string[]): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  return needles.filter((needle) => [...formsOf(needle).values()].some((form) => bytes.includes(form)));
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile());
}

function formsOf(needle: string): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(needle, 'utf8');
  if (bytes.length < SHORTEST) throw new RangeError(`"${needle}" is too short to look for.`);
  const wide = Buffer.from(needle, 'utf16le');
  const forms = new Map<string, Buffer>([
    ['UTF-8', bytes],
    ['UTF-16LE', wide],
    ['UTF-16BE', Buffer.from(wide).swap16()],
    ['JSON', Buffer.from(JSON.stringify(needle).slice(1, -1), 'utf8')],
    ['percent-encoded', Buffer.from(encodeURIComponent(needle), 'utf8')],
    ['hex', Buffer.from(bytes.toString('hex'), 'latin1')],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase(), 'latin1')],
  ]);
  for (const offset of [0, 1, 2]) {
    const inner = innerBase64(bytes, offset);
    forms.set(`base64 at ${offset}`, Buffer.from(inner, 'latin1'));
    forms.set(`base64url at ${offset}`, Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_'), 'latin1'));
  }
  const seen = new Set<string>();
  for (const [as, form] of forms) {
    const text = form.toString('latin1');
    if (seen.has(text)) forms.delete(as); // most texts are the same in JSON and percent-encoded
    seen.add(text);
  }
  return forms;
}

/** The characters of a base64 text that depend on these bytes alone, when `offset` bytes stand before them in their group. */
function innerBase64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const begin = [0, 2, 3][offset] ?? 0;
  const partial = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return text.slice(begin, text.length - partial);
}

/** What zlib and gzip streams hold, wherever one begins in the file, and the whole file when it is deflated raw. */
function inflatedParts(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  const attempt = (inflate: () => Buffer) => {
    try {
      parts.push(inflate());
    } catch {
      // no stream begins here
    }
  };
  const options = { maxOutputLength: MOST_INFLATED, finishFlush: 2 }; // Z_SYNC_FLUSH: also what is cut off
  attempt(() => inflateRawSync(bytes, options));
  for (let at = bytes.indexOf(0x78); at !== -1; at = bytes.indexOf(0x78, at + 1)) {
    const second = bytes[at + 1];
    if (second === 0x01 || second === 0x5e || second === 0x9c || second === 0xda) {
      attempt(() => inflateSync(bytes.subarray(at), options));
    }
  }
  const gzip = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = bytes.indexOf(gzip); at !== -1; at = bytes.indexOf(gzip, at + 1)) {
    attempt(() => gunzipSync(bytes.subarray(at), options));
  }
  return parts;
}
