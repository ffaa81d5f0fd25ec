import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAlarmFile } from '#main/shell/alarm-file.ts';
import { createFailurePage, FAILURE_PATH } from '#main/shell/failure-page.ts';
import { createFileDialogs } from '#main/shell/file-dialogs.ts';
import { listScenarios, prepareFolder, resolveFolders } from '#main/shell/folders.ts';
import { menuTemplate } from '#main/shell/menu.ts';
import { describeStartFailure } from '#main/shell/start-failure.ts';
import { CausewayError, ERROR_CODES } from '#shared/errors.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'causeway-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('folders', () => {
  const at = { userData: '/u', resources: '/app/resources', bundle: '/app/out/main', dataOverride: undefined };
  test('the workspace is in the user’s data, or where CAUSEWAY_DATA says', () => {
    expect(resolveFolders(at)).toMatchObject({ data: '/u/workspace', window: '/u', renderer: '/app/out/renderer' });
    expect(resolveFolders({ ...at, dataOverride: '/d' })).toMatchObject({ data: '/d', window: '/d/window' });
  });
  test('a folder is made for its owner only, and nothing is left of the probe', () => {
    const made = path.join(folder, 'a/b');
    prepareFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(readdirSync(made)).toEqual([]);
  });
  test('a file where the folder should be is read-only, with the path in the sentence', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(() => prepareFolder(file)).toThrow(
      expect.objectContaining({ code: 'read-only', message: expect.stringContaining(file) }),
    );
  });
  test('scenarios are the folders, by name', () => {
    mkdirSync(path.join(folder, 'b'));
    mkdirSync(path.join(folder, 'a'));
    writeFileSync(path.join(folder, 'README.md'), '');
    expect(listScenarios(folder)).toEqual([path.join(folder, 'a'), path.join(folder, 'b')]);
  });
});

describe('a start that fails', () => {
  test.each(ERROR_CODES)('%s says what happened, what was kept and what to do', (code) => {
    const failure = describeStartFailure(new CausewayError(code, 'It happened.', { cause: new Error('hunter2') }));
    expect(failure.code).toBe(code);
    for (const sentence of [failure.happened, failure.kept, failure.todo]) expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });
  test('an unknown error is named as one, without its text', () => {
    expect(JSON.stringify(describeStartFailure(new Error('hunter2')))).not.toContain('hunter2');
  });
  test('the page carries no markup of the message, and no script', () => {
    const failure = describeStartFailure(new CausewayError('read-only', '<script>x</script> & "y"'));
    const page = Buffer.from(createFailurePage(failure, '/l<b>').get(FAILURE_PATH)?.body ?? []).toString();
    expect(page).not.toMatch(/<script|<b>/);
    expect(page).toContain('&#60;script&#62;');
  });
});

describe('alarm files', () => {
  const write = (name: string, content: string | Buffer) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  test('up to 1 MiB are read as they are', async () => {
    const { bytes, name } = await readAlarmFile(write('a.json', Buffer.alloc(1_048_576, 1)));
    expect([bytes.length, name]).toEqual([1_048_576, 'a.json']);
    expect((await readAlarmFile(write('e.json', ''))).bytes.length).toBe(0);
  });
  test.each([
    ['one byte more', () => write('a.json', Buffer.alloc(1_048_577)), 'too-large'],
    ['no file', () => path.join(folder, 'none.json'), 'not-found'],
    ['a folder', () => folder, 'bad-input'],
  ])('%s is refused', async (_what, make, code) => {
    await expect(readAlarmFile(make())).rejects.toMatchObject({
      code,
      message: expect.stringContaining('Nothing was imported'),
    });
  });
});

test('dialogs tell a path or null', async () => {
  const asked: object[] = [];
  const make = (canceled: boolean, file: string) =>
    createFileDialogs(
      {
        showOpenDialog: (async (_window: unknown, options: object) => {
          asked.push(options);
          return { canceled, filePaths: canceled ? [] : [file] };
        }) as never,
        showSaveDialog: (async (_window: unknown, options: object) => {
          asked.push(options);
          return { canceled, filePath: file };
        }) as never,
      },
      () => ({}) as never,
      '/documents',
    );
  const kind = { ending: '.chain.jsonl', title: 'Export', name: 'Chain files' } as const;
  expect(await make(false, '/a').chooseAlarmFile()).toBe('/a');
  expect(await make(true, '').chooseChainFile()).toBeNull();
  expect(await make(false, '/b').chooseExportFile('local-2026-11-21.chain.jsonl', kind)).toBe('/b');
  expect(await make(true, '/b').chooseExportFile('x', kind)).toBeNull();
  expect(asked[2]).toMatchObject({ defaultPath: '/documents/local-2026-11-21.chain.jsonl' });
});

test.each(['linux', 'darwin', 'win32'] as const)(
  'the menu on %s has neither reload nor developer tools',
  (platform) => {
    expect(JSON.stringify(menuTemplate(platform))).not.toMatch(/reload|devtools/i);
  },
);
