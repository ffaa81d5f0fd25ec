import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { app } from './app.ts';
import { HEADLESS, openBrowser } from './browser.ts';
import { openOwnPage } from './contents.ts';
import { strict } from './strict.ts';

interface DialogOptions {
  readonly title?: string;
  readonly defaultPath?: string;
}

const STYLE = 'font: 15px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; color-scheme: light dark';

/** Asks in a small page of its own, as Chromium's own choosers tell no path. Resolves to the field's answer. */
async function ask(title: string, field: string): Promise<{ name: string; content: string } | null> {
  if (HEADLESS) throw new Error(`"${title}": a dialog opened that the test did not answer`);
  const context = await openBrowser(app.getPath('userData'));
  const page = await openOwnPage(context);
  const answer = new Promise<{ name: string; content: string } | null>((resolve) => {
    page.on('close', () => resolve(null));
    void page.exposeFunction('answer', (name: string | null, content: string) =>
      resolve(name === null ? null : { name, content }),
    );
  });
  await page.setContent(`<!doctype html><title>${title}</title><body style="${STYLE}"><h1 style="font-size:1.2rem">${title}</h1>
    <form>${field} <button>OK</button> <button type="button" onclick="answer(null, '')">Cancel</button></form>
    <script>document.forms[0].onsubmit = async (event) => {
      event.preventDefault();
      const [input] = event.target;
      const [file] = input.files ?? [];
      await answer(file ? file.name : input.value, file ? await file.text() : '');
    };</script></body>`);
  const given = await answer;
  await page.close().catch(() => {});
  return given;
}

export const dialog = strict('dialog', {
  async showOpenDialog(_window: unknown, options: DialogOptions) {
    const given = await ask(options.title ?? 'Open', '<input type="file" required>');
    if (given === null) return { canceled: true, filePaths: [] };
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'causeway-open-')), path.basename(given.name));
    writeFileSync(file, given.content, { mode: 0o600 });
    return { canceled: false, filePaths: [file] };
  },
  async showSaveDialog(_window: unknown, options: DialogOptions) {
    const proposed = (options.defaultPath ?? '').replace(/[&"<]/g, (character) => `&#${character.charCodeAt(0)};`);
    const given = await ask(options.title ?? 'Save', `<input size="50" required value="${proposed}">`);
    if (given === null || given.name === '') return { canceled: true, filePath: '' };
    return { canceled: false, filePath: path.resolve(given.name) };
  },
});
