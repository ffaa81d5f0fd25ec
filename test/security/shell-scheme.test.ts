import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltFiles, readBuiltFiles } from '#main/shell/built-files.ts';
import { CONSOLE_SCHEME, isConsoleUrl } from '#main/shell/console-url.ts';
import { CONTENT_SECURITY_POLICY, RESPONSE_HEADERS } from '#main/shell/response-headers.ts';
import { serveConsole } from '#main/shell/serve-console.ts';

let root = '';
let files: BuiltFiles;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'causeway-scheme-'));
  mkdirSync(path.join(root, 'page'));
  writeFileSync(path.join(root, 'page/index.html'), '<!doctype html>');
  writeFileSync(path.join(root, 'secret.html'), 'outside');
  files = readBuiltFiles(path.join(root, 'page'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** @securityTest app:// serves a table of built files only: no path of a URL ever becomes a path on disk */
describe('traversal', () => {
  test.each([
    'app://console/../secret.html',
    'app://console/..%2fsecret.html',
    'app://console/%2e%2e/secret.html',
    'app://console/%2e%2e%2fsecret.html',
    'app://console/..%5csecret.html',
    'app://console/..\\secret.html',
    'app://console/....//secret.html',
    'app://console/%252e%252e%252fsecret.html',
    'app://console/index.html%00.js',
    'app://console/index.html/',
    'app://console//index.html',
    'app://console/./page/../../secret.html',
    'app://console/etc/passwd',
    'app://console/%c0%ae%c0%ae/secret.html',
    'app://console/INDEX.HTML',
    'app://console/__proto__',
    'app://console/constructor',
  ])('%s is not there', async (url) => {
    const answer = serveConsole(files, { url, method: 'GET' });
    expect([403, 404]).toContain(answer.status);
    expect(await answer.text()).toBe('');
  });
});

/** @securityTest Only app://console is the console: every other scheme, host, port and credential is refused */
describe('other places', () => {
  test.each([
    'app://other/',
    'app://console.example/',
    'app://console:81/',
    'app://user@console/',
    'app://user:word@console/',
    'app://CONSOLE/',
    'app:console/',
    'app:///console/',
    'apps://console/',
    'http://console/',
    'https://console/',
    'file:///console/',
    'javascript:app://console/',
    'data:text/html,app://console/',
    'blob:app://console/0',
    'about:blank',
    '',
    'console',
  ])('%s', (url) => {
    expect(isConsoleUrl(url)).toBe(false);
    if (URL.canParse(url)) expect(serveConsole(files, { url, method: 'GET' }).status).toBe(403);
  });

  test.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'get'])('method %s is refused', (method) => {
    expect(serveConsole(files, { url: 'app://console/', method }).status).toBe(405);
  });
});

/** @securityTest Every answer of app://, refusals included, carries the CSP: nothing by default, self only, no unsafe-*, no connections */
test('headers', () => {
  for (const [url, method] of [
    ['app://console/', 'GET'],
    ['app://console/none', 'GET'],
    ['app://other/', 'GET'],
    ['app://console/', 'POST'],
  ] as const) {
    const { headers } = serveConsole(files, { url, method });
    for (const [name, value] of Object.entries(RESPONSE_HEADERS)) expect(headers.get(name)).toBe(value);
    expect(headers.has('content-type')).toBe(true);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  const policy = new Map(CONTENT_SECURITY_POLICY.split('; ').map((line) => line.split(/ (.*)/) as [string, string]));
  for (const name of ['default-src', 'connect-src', 'frame-ancestors', 'form-action', 'base-uri'])
    expect(policy.get(name)).toBe("'none'");
  for (const name of ['script-src', 'style-src', 'font-src', 'img-src']) expect(policy.get(name)).toBe("'self'");
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|data:|blob:|\*/);
  expect(RESPONSE_HEADERS['x-content-type-options']).toBe('nosniff');
});

/** @securityTest The app:// scheme has no privilege to bypass the CSP, to be fetched across origins or to run service workers */
test('scheme privileges', () => {
  expect(CONSOLE_SCHEME.privileges).toEqual({ standard: true, secure: true });
});
