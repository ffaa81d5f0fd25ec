import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltFiles, readBuiltFiles } from '#main/shell/built-files.ts';
import { serveConsole } from '#main/shell/serve-console.ts';

let root = '';
let files: BuiltFiles;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'causeway-built-'));
  const page = path.join(root, 'renderer');
  mkdirSync(path.join(page, 'assets'), { recursive: true });
  writeFileSync(path.join(root, 'secret.json'), '{"outside":true}');
  writeFileSync(path.join(page, 'index.html'), '<!doctype html><title>x</title>');
  writeFileSync(path.join(page, 'assets/a b.js'), 'export {};');
  writeFileSync(path.join(page, 'assets/a.css'), 'body{}');
  writeFileSync(path.join(page, 'assets/a.woff2'), 'font');
  writeFileSync(path.join(page, 'assets/a.js.map'), '{}');
  files = readBuiltFiles(page);
});
afterAll(() => rmSync(root, { recursive: true }));

const get = (url: string, method = 'GET') => serveConsole(files, { url, method });

describe('what is served', () => {
  test.each([
    ['app://console/', 'text/html; charset=utf-8'],
    ['app://console/?notice=window-lost', 'text/html; charset=utf-8'],
    ['app://console/index.html#/audit', 'text/html; charset=utf-8'],
    ['app://console/assets/a%20b.js', 'text/javascript; charset=utf-8'],
    ['app://console/assets/a.css', 'text/css; charset=utf-8'],
    ['app://console/assets/a.woff2', 'font/woff2'],
  ])('%s as %s', (url, type) => {
    const answer = get(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
  });

  test('source maps are not part of the page', () => {
    expect([...files.keys()].filter((key) => key.endsWith('.map'))).toEqual([]);
    expect(get('app://console/assets/a.js.map').status).toBe(404);
  });

  test('a file of an unknown kind stops the start instead of being served as something', () => {
    const strange = path.join(root, 'strange');
    mkdirSync(strange);
    writeFileSync(path.join(strange, 'index.html'), '');
    writeFileSync(path.join(strange, 'run.exe'), '');
    expect(() => readBuiltFiles(strange)).toThrow('no known content type');
  });

  test('a folder without a page is refused', () => {
    expect(() => readBuiltFiles(path.join(root, 'renderer/assets'))).toThrow('no index.html');
  });
});
