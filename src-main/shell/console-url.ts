import type { CustomScheme } from 'electron';

/** Where the console's page lives: a scheme of its own, so that neither `file:` nor any web origin has its rights. */
export const CONSOLE_PROTOCOL = 'app:';
const CONSOLE_HOST = 'console';
export const CONSOLE_URL = 'app://console/';

/** `corsEnabled`, `bypassCSP`, `allowServiceWorkers`, `supportFetchAPI` and `stream` stay off: the page needs none. */
export const CONSOLE_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true },
};

/**
 * Whether a URL is the console's own. Compares protocol and host, never `origin`: Node answers `null` for every
 * non-special scheme, which would make all of them equal.
 */
export function isConsoleUrl(text: string): boolean {
  const url = parseUrl(text);
  return (
    url !== null &&
    url.protocol === CONSOLE_PROTOCOL &&
    url.host === CONSOLE_HOST && // with the port, so that app://console:81 is another place
    url.username === '' &&
    url.password === ''
  );
}

/** The URL, or null when the text is none. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
