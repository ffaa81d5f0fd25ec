import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLog, describeForLog, openLogFile } from '#main/platform/log.ts';

const SECRET = 'wJalrXUtnFEMIexamplekeyexample0123456789';

function write(use: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  use(createLog({ write: (line) => void lines.push(line) }));
  return lines.join('');
}

test.each([
  ['by name', { secretAccessKey: SECRET }],
  ['by name one level down', { lease: { sessionToken: SECRET } }],
  ['by name two levels down', { answer: { Credentials: { SecretAccessKey: SECRET } } }],
  ['a whole object by name', { Credentials: { a: { b: { c: SECRET } } } }],
  ['a justification', { justification: SECRET }],
  ['in an error’s text', { err: new Error(`password=${SECRET}`) }],
  ['in an error’s cause', { err: new Error('x', { cause: new Error(`token: "${SECRET}"`) }) }],
])('redacted %s', (_where, object) => {
  expect(write((log) => log.error(object, 'it failed'))).not.toContain(SECRET);
});

test('redacted in the message, and access key ids anywhere', () => {
  const text = write((log) => log.info(`secret=${SECRET} for ASIAABCDEFGHIJKLMNOP`));
  expect(text).not.toMatch(/wJalr|ASIAABCD/);
  expect(text).toContain('[redacted]');
});

test('an error keeps its code, its stack and its causes, five deep', () => {
  let error = new Error('0');
  for (let depth = 1; depth < 20; depth++) error = new Error(String(depth), { cause: error });
  const text = JSON.stringify(describeForLog(error));
  expect(text.match(/"cause"/g)).toHaveLength(5);
  expect(text).toContain('log.test.ts');
});

test('the file is its owner’s, and one older is kept when it has grown', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'causeway-log-'));
  const file = path.join(folder, 'deep', 'a.log');
  openLogFile(file).warn('first');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('first');
  writeFileSync(file, Buffer.alloc(6 * 1024 * 1024));
  openLogFile(file).warn('second');
  expect(existsSync(`${file}.1`)).toBe(true);
  expect(statSync(file).size).toBeLessThan(1000);
  rmSync(folder, { recursive: true });
});
