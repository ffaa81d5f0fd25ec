import { expect } from '@playwright/test';
import type { Page } from 'playwright';
import type { Application } from './application.ts';

export const JUSTIFICATION = 'The deployment began when the latency rose; rolling it back is the known way back.';

/** The first page, past loading. */
export async function openConsole(application: Application): Promise<Page> {
  const page = await application.page();
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();
  return page;
}

/** Raises the first scenario's alarm and stands on its incident. */
export async function raiseAlarm(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Raise alarm/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Checkout is slow');
}

/** Raises the alarm, has it investigated, and waits for the proposal. */
export async function investigate(page: Page): Promise<void> {
  await raiseAlarm(page);
  await page.getByRole('button', { name: 'Investigate' }).click();
  await expect(page.getByRole('button', { name: 'Review…' })).toBeVisible({ timeout: 45_000 });
}

/** Opens the dialog of the proposal. */
export async function review(page: Page) {
  await page.getByRole('button', { name: 'Review…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  return dialog;
}

export async function goTo(page: Page, screen: 'Incidents' | 'Approvals' | 'Audit trail' | 'Verification') {
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: screen }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** The actions in the chain, oldest first, asked through the page's own bridge. */
export async function readTrail(page: Page): Promise<readonly { action: string; outcome: string; seq: number }[]> {
  const answer = (await page.evaluate('window.causeway.invoke("trail.page", { limit: 500 })')) as {
    readonly value: { readonly rows: readonly { action: string; outcome: string; seq: number }[] };
  };
  return answer.value.rows.toReversed();
}

/** The next open dialog answers with this file, or is cancelled. */
export async function answerOpenDialog(application: Application, file: string | null): Promise<void> {
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
  }, file);
}

/** Save dialogs answer with a file in this folder, under the name they propose. */
export async function answerSaveDialog(application: Application, folder: string): Promise<void> {
  await application.evaluate(({ dialog }, chosen) => {
    type Options = { readonly defaultPath?: string };
    dialog.showSaveDialog = (async (_window: unknown, options: Options) => {
      const name = (options.defaultPath ?? '').split(/[\\/]/).at(-1);
      return { canceled: false, filePath: `${chosen}/${name}` };
    }) as never;
  }, folder);
}
