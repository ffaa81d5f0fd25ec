import { expect } from '@playwright/test';
import { generateSync } from 'otplib';
import type { Locator, Page } from 'playwright';
import { goTo, type Person } from './steps.ts';

/** A field by its label; buttons that show a password are named after their field too. */
export const field = (within: Page | Locator, label: string | RegExp) =>
  within.getByRole('textbox', { name: label, exact: true });

const PERIOD = 30;

/** An authenticator app: RFC 6238 over the secret it was told. A code is taken once, so each comes from a later step. */
export class Authenticator {
  readonly #secret: string;
  #last = 0;

  constructor(secret: string) {
    this.#secret = secret.replaceAll(' ', '');
  }

  /** A code not given before; one step ahead of the clock is within what servers take (section 5.2). */
  code(): string {
    this.#last = Math.max(this.#last + 1, Math.floor(Date.now() / 1000 / PERIOD));
    return generateSync({ secret: this.#secret, epoch: this.#last * PERIOD, period: PERIOD });
  }
}

/** Something of the menu under the own name. */
export async function chooseOfAccount(page: Page, command: string): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('list', { name: 'Account' }).getByRole('button', { name: command, exact: true }).click();
}

export async function signOut(page: Page): Promise<void> {
  await chooseOfAccount(page, 'Sign out');
  await expect(page.getByRole('radio', { name: 'I have an invitation' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Console' })).toHaveCount(0);
}

/** Types e-mail address and password at the sign-in. What comes then is for whoever asks. */
export async function enterPassword(page: Page, { email, password }: Pick<Person, 'email' | 'password'>) {
  await field(page, 'E-mail address').fill(email);
  await field(page, 'Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** One person leaves the window and another one sits down. */
export async function handOver(page: Page, to: Person): Promise<void> {
  await signOut(page);
  await enterPassword(page, to);
  await expect(page.getByRole('button', { name: `Account of ${to.name}` })).toBeVisible();
}

/** Fills in an invitation on the Access screen and makes it. Resolves to the code, which is shown this once. */
export async function invite(
  page: Page,
  email: string,
  role: string,
  by: Person,
  look?: () => Promise<void>,
): Promise<string> {
  await goTo(page, 'Access');
  await page.getByRole('button', { name: 'Invite a person…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(field(dialog, 'E-mail address')).toBeFocused();
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  await expect(dialog.getByText('A complete e-mail address is missing.')).toBeVisible();
  await field(dialog, 'E-mail address').fill(email);
  await dialog.getByRole('radio', { name: role }).check();
  await field(dialog, /^(Your p|P)assword/).fill(by.password);
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  await expect(dialog.getByText('It is shown this one time.')).toBeVisible();
  const code = (await dialog.locator('.fingerprint code').textContent()) ?? '';
  expect(code.length).toBeGreaterThan(15);
  await look?.();
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(code)).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Open invitations' })).toContainText(email);
  return code;
}

/** Fills in what somebody new is asked for, and sends it. What comes then is for whoever asks. */
export async function enterInvitation(page: Page, code: string, { name, password }: Person): Promise<void> {
  await page.getByRole('radio', { name: 'I have an invitation' }).check();
  await field(page, 'Code of the invitation').fill(code);
  await field(page, 'Your name').fill(name);
  await field(page, 'Password').fill(password);
  await field(page, 'Password again').fill(password);
  await page.getByRole('button', { name: 'Join the workspace' }).click();
}

/** Somebody new comes to the window with a code, and puts off the second factor. */
export async function join(page: Page, code: string, person: Person): Promise<void> {
  const { name } = person;
  await enterInvitation(page, code, person);
  await expect(page.getByRole('heading', { name: 'Protect your account' })).toBeVisible();
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
}
