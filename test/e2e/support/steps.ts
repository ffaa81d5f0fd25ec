import { expect } from '@playwright/test';
import type { Locator, Page } from 'playwright';
import type { Channel, ChannelInput, ChannelOutput } from '#shared/ipc/contract.ts';
import type { IpcResult } from '#shared/ipc/envelope.ts';
import type { Role } from '#shared/model/access.ts';
import type { Application } from './application.ts';

export const JUSTIFICATION = 'The deployment began when the latency rose; rolling it back is the known way back.';

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Who works at the console in these specs: one asks for things, the other decides on them. */
export const OWNER = { name: 'Test owner', email: 'owner@test.example', password: 'plainly a test password' };
export const APPROVER = { name: 'Test approver', email: 'approver@test.example', password: 'another test password' };
/** Decides on changes of what protects the trail, which an operator may not. */
export const GUARDIAN = { name: 'Test guardian', email: 'guardian@test.example', password: 'a third test password' };

/** Asks what the page asks, over the page's own bridge; fails when the answer is a refusal. */
export async function ask<C extends Channel>(
  page: Page,
  channel: C,
  input: ChannelInput<C>,
): Promise<ChannelOutput<C>> {
  const call = `window.causeway.invoke(${JSON.stringify(channel)}, ${JSON.stringify(input)})`;
  const answer = (await page.evaluate(call)) as IpcResult<ChannelOutput<C>>;
  if (answer.ok) return answer.value;
  throw new Error(`${channel}: ${answer.error.code}: ${answer.error.message}`);
}

/** The console with its owner signed in; at the first run the workspace is made. The flows themselves: access.spec.ts. */
export async function openConsole(application: Application): Promise<Page> {
  const page = await application.page();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const { stage } = await ask(page, 'access.state', {});
  const { email, password } = OWNER;
  if (stage === 'first-run') await ask(page, 'access.createWorkspace', { title: 'Local', ...OWNER });
  else if (stage !== 'open') await ask(page, 'access.signIn', { email, password });
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();
  return page;
}

/** Another person takes the place at the window, on the same screen; at the first time the owner, who sits there, invites them. */
async function changeSeats(page: Page, { email, name, password }: Person, role: Role): Promise<void> {
  const people = await ask(page, 'people.list', {});
  if (people.some((person) => person.email === email)) return signIn(page, { email, name, password });
  const reauthentication = { method: 'password', password: OWNER.password } as const;
  const { code } = await ask(page, 'people.invite', { email, role, reauthentication });
  await ask(page, 'access.acceptInvitation', { code, name, password });
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
}

/** Somebody who is known takes the place at the window, on the same screen. */
export async function signIn(page: Page, { email, name, password }: Person): Promise<void> {
  await ask(page, 'access.signIn', { email, password });
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
}

/** Somebody who may decide on remediations takes the owner's place. */
export const signInApprover = (page: Page) => changeSeats(page, APPROVER, 'operator');

/** Somebody who may decide on protections takes the owner's place. */
export const signInGuardian = (page: Page) => changeSeats(page, GUARDIAN, 'admin');

/** Raises the first scenario's alarm and stands on its incident. */
export async function raiseAlarm(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Raise alarm/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Checkout is slow');
}

/** Raises the alarm, has it investigated, waits for the proposal, and lets the second person take the place. */
export async function investigate(page: Page): Promise<void> {
  await raiseAlarm(page);
  await page.getByRole('button', { name: 'Investigate' }).click();
  // whoever had it investigated may read and reject it, and not approve it
  await expect(page.getByRole('button', { name: 'Read or reject…' })).toBeVisible({ timeout: 45_000 });
  await signInApprover(page);
  await expect(page.getByRole('button', { name: 'Review…' })).toBeVisible();
}

/** Where a decision says why. */
export const WHY = 'Why (goes on record)';

/** Fills in why, and the password of who decides. */
export async function justify(dialog: Locator, why: string, { password }: Person): Promise<void> {
  await dialog.getByLabel(WHY).fill(why);
  await dialog.getByRole('textbox', { name: /^Your password/ }).fill(password);
}

/** Opens the dialog of the proposal. */
export async function review(page: Page) {
  await page.getByRole('button', { name: 'Review…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  return dialog;
}

export type ScreenName = 'Incidents' | 'Approvals' | 'Audit trail' | 'Verification' | 'Compliance' | 'Access';

export async function goTo(page: Page, screen: ScreenName) {
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: screen }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** The actions in the chain, oldest first, asked through the page's own bridge. */
export async function readTrail(page: Page): Promise<readonly { action: string; outcome: string; seq: number }[]> {
  return (await ask(page, 'trail.page', { limit: 500 })).rows.toReversed();
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
