import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import { isAllowedLink, LINK_HOSTS, openLink } from '#main/shell/external-links.ts';
import { type GuardedContents, guardNavigation, mayNavigate } from '#main/shell/navigation.ts';
import { mustSandbox } from '#main/shell/os-sandbox.ts';
import { isPermitted, PERMISSIONS } from '#main/shell/permissions.ts';
import { type GuardedSession, guardSession } from '#main/shell/session-guard.ts';
import { WEB_PREFERENCES } from '#main/shell/web-preferences.ts';
import { windowOptions } from '#main/shell/window-options.ts';

/** @securityTest Windows are made from one frozen constant: sandbox and context isolation on, Node, webviews and developer tools off */
test('web preferences', () => {
  expect(Object.isFrozen(WEB_PREFERENCES)).toBe(true);
  expect(WEB_PREFERENCES).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    devTools: false,
  });
  expect(windowOptions('/p.cjs', true).webPreferences).toEqual({ ...WEB_PREFERENCES, preload: '/p.cjs' });
  expect(windowOptions(null, false).webPreferences).toEqual(WEB_PREFERENCES);
});

/** @securityTest --no-sandbox has no effect for anybody but root on Linux, where Chromium cannot start otherwise */
test('operating system sandbox', () => {
  expect(mustSandbox({ platform: 'linux', uid: 1000, noSandboxAsked: true })).toBe(true);
  expect(mustSandbox({ platform: 'linux', uid: 0, noSandboxAsked: false })).toBe(true);
  expect(mustSandbox({ platform: 'win32', uid: undefined, noSandboxAsked: true })).toBe(true);
  expect(mustSandbox({ platform: 'linux', uid: 0, noSandboxAsked: true })).toBe(false);
});

/** Every permission name in the signatures of the two permission handlers of the Electron we ship. */
function permissionNames(): readonly string[] {
  const home = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const lines = readFileSync(path.join(home, 'electron.d.ts'), 'utf8').split('\n');
  const signatures = lines.filter((line) => /^\s*setPermission(Request|Check)Handler\(/.test(line));
  expect(signatures).toHaveLength(2);
  const lists = signatures.map((line) => /permission: ((?:'[\w-]+'(?: \| )?)+)/.exec(line)?.[1] ?? '');
  return [...new Set(lists.flatMap((list) => [...list.matchAll(/'([\w-]+)'/g)].map((found) => found[1] ?? '')))];
}

/** @securityTest Every permission Electron knows has an entry with a reason, and only writing plain text to the clipboard is allowed */
describe('permissions', () => {
  const names = permissionNames();
  test('the list was found', () => expect(names.length).toBeGreaterThan(30));
  test.each(names)('%s is in the table, with a reason', (name) => {
    expect(PERMISSIONS[name]?.reason.length).toBeGreaterThan(10);
    expect(isPermitted(name)).toBe(name === 'clipboard-sanitized-write');
  });
  test.each(['future-permission', '', '__proto__', 'constructor', 'toString'])(
    '%s, which is not listed, is refused',
    (name) => {
      expect(isPermitted(name)).toBe(false);
    },
  );
});

/** @securityTest Permissions, devices, downloads and requests are refused by the session, whatever page asks */
describe('session', () => {
  function guarded() {
    const session = new EventEmitter() as EventEmitter & Record<string, unknown>;
    const handlers: Record<string, (...values: never[]) => unknown> = {};
    for (const name of ['setPermissionRequestHandler', 'setPermissionCheckHandler', 'setDevicePermissionHandler'])
      session[name] = (handler: (...values: never[]) => unknown) => {
        handlers[name] = handler;
      };
    session.webRequest = {
      onBeforeRequest: (handler: (...values: never[]) => unknown) => {
        handlers.request = handler;
      },
    };
    const refused: string[] = [];
    guardSession(session as unknown as GuardedSession, (what) => refused.push(what));
    const run = (name: string, ...values: unknown[]) => handlers[name]?.(...(values as never[]));
    return { session, run, refused };
  }

  test.each([
    ['clipboard-sanitized-write', 'app://console/', true],
    ['clipboard-sanitized-write', 'https://example.org/', false],
    ['media', 'app://console/', false],
    ['openExternal', 'app://console/', false],
  ])('%s asked by %s: %s', (permission, url, expected) => {
    const { run } = guarded();
    let answer: unknown;
    run(
      'setPermissionRequestHandler',
      null,
      permission,
      (given: boolean) => {
        answer = given;
      },
      { requestingUrl: url },
    );
    expect(answer).toBe(expected);
    expect(run('setPermissionCheckHandler', null, permission, url, {})).toBe(expected);
    expect(run('setDevicePermissionHandler', {})).toBe(false);
  });

  test.each([
    ['app://console/assets/a.js', false],
    ['https://example.org/', true],
    ['http://127.0.0.1:9/', true],
    ['file:///etc/passwd', true],
    ['ws://example.org/', true],
    ['app://console.evil/', true],
  ])('request to %s cancelled: %s', (url, cancel) => {
    const { run } = guarded();
    let answer: unknown;
    run('request', { url }, (given: unknown) => {
      answer = given;
    });
    expect(answer).toEqual({ cancel });
  });

  test('downloads', () => {
    const { session, refused } = guarded();
    let prevented = false;
    session.emit(
      'will-download',
      {
        preventDefault: () => {
          prevented = true;
        },
      },
      { getURL: () => 'app://console/x' },
    );
    expect(prevented).toBe(true);
    expect(refused).toEqual(['download']);
  });
});

const HOSTILE = [
  'https://example.org/',
  'http://docs.aws.amazon.com/',
  'https://docs.aws.amazon.com.example.org/',
  'https://docs.aws.amazon.com@example.org/',
  'https://user@docs.aws.amazon.com/',
  'https://user:word@docs.aws.amazon.com/',
  'https://docs.aws.amazon.com:8443/',
  'https://DOCS.aws.amazon.com.evil/',
  'https://docs.aws.amazon.com./',
  'https://docs。aws.amazon.com.evil/',
  'file:///etc/passwd',
  'file://docs.aws.amazon.com/share',
  'smb://docs.aws.amazon.com/share',
  '\\\\docs.aws.amazon.com\\share',
  'javascript:alert(1)',
  'data:text/html,<script>1</script>',
  'ms-msdt:/id',
  'vbscript:x',
  'app://console/',
  'app://other/',
  'mailto:a@example.org',
  '//docs.aws.amazon.com/',
  'https:/',
  'constructor',
  '',
];

/** @securityTest Only https links to listed hosts leave the console, and by one function */
describe('links', () => {
  test.each(HOSTILE)('%s is not opened', async (url) => {
    const opened: string[] = [];
    expect(isAllowedLink(url)).toBe(false);
    expect(await openLink({ openExternal: async (given) => void opened.push(given) }, url)).toBe(false);
    expect(opened).toEqual([]);
  });
  test('a listed host is opened in the form that was checked', async () => {
    const opened: string[] = [];
    const shell = { openExternal: async (given: string) => void opened.push(given) };
    expect(await openLink(shell, 'HTTPS://docs.aws.amazon.com/a/../b c')).toBe(true);
    expect(opened).toEqual(['https://docs.aws.amazon.com/b%20c']);
  });
  test.each(Object.entries(LINK_HOSTS))('%s is listed for a reason', (_host, reason) => {
    expect(reason.length).toBeGreaterThan(10);
  });
});

/** @securityTest Contents of any window cannot navigate, redirect, load frames, open windows or attach webviews */
describe('navigation', () => {
  function guardedContents() {
    const contents = new EventEmitter() as EventEmitter & Pick<WebContents, 'setWindowOpenHandler'>;
    let open: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined;
    contents.setWindowOpenHandler = (handler) => {
      open = handler;
    };
    const refused: string[] = [];
    const left: string[] = [];
    guardNavigation(contents as unknown as GuardedContents, {
      refused: (what) => refused.push(what),
      leave: (url) => left.push(url),
    });
    const fire = (name: string, details: object, ...more: unknown[]) => {
      let prevented = false;
      const event = {
        ...details,
        preventDefault: () => {
          prevented = true;
        },
      };
      contents.emit(name, event, ...more);
      return prevented;
    };
    return { fire, refused, left, open: (url: string) => open?.({ url } as never) };
  }

  test.each([
    ...HOSTILE.filter((url) => url !== 'app://console/'),
    'app://console/start-failed',
    'app://console/assets/a.js',
  ])('to %s is prevented', (url) => {
    const { fire, left } = guardedContents();
    expect(mayNavigate(url)).toBe(false);
    expect(fire('will-navigate', { url })).toBe(true);
    expect(left).toEqual([url]);
  });
  test('the page may load itself again', () => {
    const { fire, refused } = guardedContents();
    expect(fire('will-navigate', { url: 'app://console/#/audit' })).toBe(false);
    expect(refused).toEqual([]);
  });
  test('redirects, frames and webviews are prevented even to the console itself', () => {
    const { fire, refused } = guardedContents();
    expect(fire('will-redirect', { url: 'app://console/' })).toBe(true);
    expect(fire('will-frame-navigate', { url: 'app://console/', isMainFrame: false })).toBe(true);
    expect(fire('will-attach-webview', {}, {}, { src: 'app://console/' })).toBe(true);
    expect(refused).toEqual(['redirect', 'frame', 'webview']);
  });
  test.each([...HOSTILE, 'https://docs.aws.amazon.com/'])('no window is opened for %s', (url) => {
    expect(guardedContents().open(url)).toEqual({ action: 'deny' });
  });
});
