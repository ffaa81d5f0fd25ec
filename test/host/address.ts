/**
 * Chromium knows no `app:` scheme, so pages of registered schemes live at an https address under `.invalid`, which no
 * name server answers: `app://console/x` is `https://console.app.invalid/x`. https makes it a secure context, as the
 * scheme's privileges do in Electron.
 */
const schemes = new Set<string>();

export function registerScheme(scheme: string): void {
  schemes.add(scheme);
}

/** The address Chromium is given for a URL of the application. */
export function toBrowser(url: string): string {
  const { protocol, host } = new URL(url);
  const scheme = protocol.slice(0, -1);
  if (!schemes.has(scheme)) return url;
  return `https://${host}.${scheme}.invalid${url.slice(`${scheme}://${host}`.length)}`;
}

/** The URL the application knows an address of Chromium by. */
export function toApplication(address: string): string {
  for (const scheme of schemes) {
    const found = new RegExp(`^https://([^/]+)\\.${scheme}\\.invalid(?=/|$)`).exec(address);
    if (found) return `${scheme}://${found[1]}${address.slice(found[0].length)}`;
  }
  return address;
}
