import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openConsole } from './support/steps.ts';

/**
 * @securityTest The page has no Node and no Electron: require, process, module and Buffer do not exist in it
 * @securityTest The preload exposes one frozen object with two functions and nothing else
 */
test('the page gets two functions and nothing of Node', async ({ application }) => {
  const page = await openConsole(application);
  const seen = await page.evaluate(`({
    node: [typeof require, typeof process, typeof module, typeof Buffer, typeof global],
    keys: Reflect.ownKeys(window.causeway).map(String).sort(),
    frozen: Object.isFrozen(window.causeway),
    replaceable: Object.getOwnPropertyDescriptor(window, 'causeway').writable || Object.getOwnPropertyDescriptor(window, 'causeway').configurable,
    kinds: Reflect.ownKeys(window.causeway).map((key) => typeof window.causeway[key]),
  })`);
  expect(seen).toEqual({
    node: ['undefined', 'undefined', 'undefined', 'undefined', 'undefined'],
    keys: ['invoke', 'subscribe'],
    frozen: true,
    replaceable: false,
    kinds: ['function', 'function'],
  });
});

/** @securityTest Event listeners of the page get the payload only, never an event object with a sender */
test('no event object reaches the page', async ({ application }) => {
  const page = await openConsole(application);
  const heard = page.evaluate(
    `new Promise((resolve) => { const stop = window.causeway.subscribe((...all) => { stop(); resolve({ count: all.length, keys: Object.keys(all[0]) }); }); })`,
  );
  await page
    .getByRole('button', { name: /^Raise alarm/ })
    .first()
    .click();
  const { count, keys } = (await heard) as { count: number; keys: string[] };
  expect(count).toBe(1);
  expect(keys).toContain('type');
  expect(keys).not.toContain('sender');
});

/** @securityTest Scripts, styles, frames, forms, images and connections from anywhere else are blocked by the CSP */
test('what the CSP forbids does not happen', async ({ application }) => {
  const page = await openConsole(application);
  const violations = (await page.evaluate(`(async () => {
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const add = (name, set) => { try { const made = document.createElement(name); set(made); document.body.append(made); } catch { seen.push('trusted-types'); } };
    const outcome = {};
    outcome.fetch = await fetch('https://example.org/').then(() => 'reached', () => 'blocked');
    outcome.file = await fetch('file:///etc/passwd').then(() => 'reached', () => 'blocked');
    outcome.own = await fetch('/index.html').then(() => 'reached', () => 'blocked');
    add('script', (made) => { made.textContent = 'window.injected = true'; });
    add('div', (made) => { made.setAttribute('onclick', 'window.injected = true'); made.click(); });
    add('style', (made) => { made.textContent = 'body { display: none }'; });
    add('img', (made) => { made.src = 'https://example.org/a.png'; });
    add('img', (made) => { made.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='; });
    add('script', (made) => { made.append('window.injected = true'); });
    add('iframe', (made) => { made.src = 'https://example.org/'; });
    try { document.body.innerHTML += '<b>x</b>'; outcome.html = 'written'; } catch { outcome.html = 'refused'; }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { seen: [...new Set(seen)].sort(), outcome, injected: window.injected === true, shown: getComputedStyle(document.body).display };
  })()`)) as { seen: string[]; outcome: Record<string, string>; injected: boolean; shown: string };
  expect(violations.outcome).toEqual({
    fetch: 'blocked',
    file: 'blocked',
    own: 'blocked',
    html: 'refused',
  });
  expect(violations.injected).toBe(false);
  expect(violations.shown).not.toBe('none');
  for (const directive of ['connect-src', 'img-src', 'frame-src', 'style-src-elem'])
    expect(violations.seen).toContain(directive);
});

/** @securityTest The window cannot be led elsewhere: no navigation, no new window, no link to anything not allowed */
test('navigation, new windows and hostile links are denied', async ({ application }) => {
  const page = await openConsole(application);
  await application.evaluate(({ shell }) => {
    const opened: string[] = [];
    Reflect.set(globalThis, 'openedLinks', opened);
    shell.openExternal = async (url) => void opened.push(url);
  }, null);
  const before = page.url();
  for (const url of [
    'https://example.org/',
    'file:///etc/passwd',
    'javascript:window.injected=true',
    'data:text/html,<h1>x</h1>',
    'app://other/',
    'http://docs.aws.amazon.com/',
    'https://docs.aws.amazon.com@example.org/',
  ]) {
    await page.evaluate(`(() => { try { window.open(${JSON.stringify(url)}); } catch {} })()`);
    await page.evaluate(
      `(() => { const a = document.createElement('a'); a.href = ${JSON.stringify(url)}; document.body.append(a); a.click(); a.remove(); })()`,
    );
    await page.waitForTimeout(100);
  }
  expect(page.url()).toBe(before);
  // asked directly: a prevented navigation leaves Playwright's locators waiting for its end
  expect(await page.evaluate(`document.querySelector('h1').textContent`)).toContain('Incidents');
  expect(await page.evaluate('window.injected === true')).toBe(false);
  const seen = await application.evaluate(
    ({ BrowserWindow }) => ({
      windows: BrowserWindow.getAllWindows().length,
      links: Reflect.get(globalThis, 'openedLinks') as string[],
    }),
    null,
  );
  expect(seen).toEqual({ windows: 1, links: [] });

  await page.evaluate(
    `void window.open('https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html')`,
  );
  await expect
    .poll(() => application.evaluate(() => Reflect.get(globalThis, 'openedLinks') as string[], null))
    .toEqual(['https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html']);
});

/** @securityTest Notifications, location, camera and clipboard reading are refused to the page */
test('permissions are refused', async ({ application }) => {
  const page = await openConsole(application);
  const answers = await page.evaluate(`(async () => ({
    notifications: await Notification.requestPermission(),
    geolocation: await new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('given'), () => resolve('refused'))),
    camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', () => 'refused'),
    clipboard: await navigator.clipboard.readText().then(() => 'given', () => 'refused'),
  }))()`);
  expect(answers).toEqual({
    notifications: 'denied',
    geolocation: 'refused',
    camera: 'refused',
    clipboard: 'refused',
  });
});

/** @securityTest IPC refuses unknown channels, wrong input, too much input and floods, and never sends a stack */
test('IPC answers hostile calls with an envelope', async ({ application }) => {
  const page = await openConsole(application);
  const ask = (channel: string, input: string) =>
    page.evaluate(`window.causeway.invoke(${JSON.stringify(channel)}, ${input})`) as Promise<{
      readonly ok: boolean;
      readonly error?: { readonly code: string; readonly message: string };
    }>;
  expect(await ask('no.such', '{}')).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(await ask('__proto__', '{}')).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(await ask('incidents.get', '{ incident: 5 }')).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(await ask('app.info', '{ extra: 1 }')).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(await ask('incidents.importText', '{ name: "a", text: "x".repeat(3_000_000) }')).toMatchObject({
    ok: false,
    error: { code: 'too-large' },
  });
  const missing = await ask('incidents.get', '{ incident: "inc-9999" }');
  expect(missing).toMatchObject({ ok: false, error: { code: 'not-found' } });
  // time stands still for the flood: on a slow machine 400 calls would take long enough to be allowed
  await application.evaluate(() => {
    const [real, now] = [Date.now, Date.now()];
    Date.now = () => now;
    Reflect.set(globalThis, 'letTimeGoOn', () => Reflect.set(Date, 'now', real));
  }, null);
  const flood = (await page.evaluate(
    `Promise.all(Array.from({ length: 400 }, () => window.causeway.invoke('app.info', {})))`,
  )) as { ok: boolean; error?: { code: string } }[];
  await application.evaluate(() => (Reflect.get(globalThis, 'letTimeGoOn') as () => void)(), null);
  expect(flood.filter((answer) => answer.error?.code === 'rate-limited').length).toBeGreaterThanOrEqual(200);
  expect(JSON.stringify([missing, flood])).not.toMatch(/at \w+ \(|\.ts:\d|\.js:\d/);
});
