import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReportPage } from '#main/compliance/reports/report-page.ts';
import { CONSOLE_SCHEME } from '#main/shell/console-url.ts';
import { createReportPrinter, type Printing, type PrintReport } from '#main/shell/print-pdf.ts';
import { closeBrowser } from '../host/browser.ts';
import { app, BrowserWindow, protocol, session } from '../host/electron.ts';
import { findChromium } from '../host/find-chromium.ts';
import { signed } from '../support/sample-report.ts';
import { sampleHostile } from '../support/sample-reports.ts';

const parts = { BrowserWindow, session } as unknown as Printing;
const kind = (pdf: Uint8Array) => Buffer.from(pdf.subarray(0, 5)).toString('latin1');
/** Pages, as the objects of the file say. */
const pagesOf = (pdf: Uint8Array) =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type \/Page\b/g)?.length ?? 0;

describe.skipIf(findChromium() === null)('printing', { timeout: 60_000 }, () => {
  let print: PrintReport;
  beforeAll(() => {
    protocol.registerSchemesAsPrivileged([CONSOLE_SCHEME]);
    app.on('window-all-closed', () => {}); // else the program would end with its last window
    print = createReportPrinter(parts);
  });
  afterAll(() => closeBrowser());

  test('a report becomes a PDF, on either paper, and its window is gone', async () => {
    const html = renderReportPage(signed(sampleHostile()));
    const [a4, letter] = await Promise.all([print(html), print(html, 'Letter')]);
    for (const pdf of [a4, letter]) {
      expect(kind(pdf)).toBe('%PDF-');
      expect(pagesOf(pdf)).toBeGreaterThan(2);
    }
    expect(BrowserWindow.getAllWindows()).toEqual([]);
  });

  /** @securityTest A report that is printed runs no script and reaches no network, not even without its own policy */
  test('a page that is no report of ours runs nothing and asks nobody', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const many = '<div style="break-before:page">page</div>'.repeat(5);
    const pdf = await print(`<!doctype html><title>bare</title><link rel="stylesheet" href="${there}/style">
      <img src="${there}/image"><img src="app://console/">
      <iframe src="${there}/frame"></iframe><object data="${there}/object"></object>
      <style>@import '${there}/import'; body { background: url(${there}/background) }</style>
      <p>one page</p><script>document.body.innerHTML = '${many}'; fetch('${there}/fetch')</script>`);
    expect(pagesOf(pdf)).toBe(1);
    // one that wants to be elsewhere is stopped on the way, or printed where it is
    await print(`<meta http-equiv="refresh" content="0;url=${there}/refresh"><p>one page</p>`).catch(() => null);
    server.close();
    expect(asked).toEqual([]);
  });

  test('a page that is too large is refused before a window is made', async () => {
    await expect(print('x'.repeat(65 * 1024 * 1024))).rejects.toMatchObject({ code: 'too-large' });
  });

  test('a print that takes too long ends, and its window with it', async () => {
    const html = renderReportPage(signed(sampleHostile()));
    const other = { ...parts, session: { fromPartition: (name: string) => session.fromPartition(`${name}-2`) } };
    const hasty = createReportPrinter(other as unknown as Printing, 1);
    await expect(hasty(html)).rejects.toMatchObject({ reason: 'print-timeout' });
    expect(BrowserWindow.getAllWindows()).toEqual([]);
  });
});
