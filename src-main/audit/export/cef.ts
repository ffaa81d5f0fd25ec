/** ArcSight Common Event Format, version 0 (implementation standard, "Character Encoding" and "Header"). */

/** Longest value of a custom string. */
const MOST = 4000;

export interface CefEvent {
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
  /** Kind of event; the product's own word. */
  readonly signature: string;
  readonly name: string;
  /** 0 to 10. */
  readonly severity: number;
  /** In this order; a member that is null is left out. */
  readonly extension: readonly (readonly [key: string, value: string | number | null])[];
}

/** A header field: backslash and pipe are escaped, and there is no way to write a line break. */
export function escapeCefHeader(text: string): string {
  return withoutControls(text.replace(/\r\n|[\r\n]/g, ' ')).replace(/[\\|]/g, '\\$&');
}

/** The value of an extension: backslash, equals sign and line breaks are escaped; a pipe is not. */
export function escapeCefValue(text: string): string {
  return withoutControls(text).replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** One line, its LF included. */
export function cefLine(event: CefEvent): string {
  const { vendor, product, version, signature, name, severity, extension } = event;
  const header = [vendor, product, version, signature, name, String(severity)].map(escapeCefHeader).join('|');
  const members = extension.flatMap(([key, value]) =>
    value === null || value === '' ? [] : [`${key}=${escapeCefValue(cut(String(value)))}`],
  );
  return `CEF:0|${header}|${members.join(' ')}\n`;
}

/** Whether a value has to be cut to fit a custom string. */
export function isCut(text: string): boolean {
  return text.length > MOST;
}

/** Never inside a surrogate pair. */
function cut(text: string): string {
  return isCut(text) ? text.slice(0, MOST).replace(/[\uD800-\uDBFF]$/, '') : text;
}

/** Control characters other than tab, LF and CR, and half surrogate pairs, have no place in a line of UTF-8 text. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what has to go
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g, '\uFFFD');
}
