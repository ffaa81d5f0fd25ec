import { expect, onTestFinished } from 'vitest';
import type { Main } from './sample-access.ts';
import { loadWindowSupport, type WindowDriver, type WindowOptions, type WindowSupport } from './window-driver.ts';

export const support: WindowSupport = await loadWindowSupport();
export const PASSWORD = 'a password of some length';

/** Opens a window that goes with the test, and holds it to what holds for every window: no error, no violation. */
export async function open(main: Main, options: WindowOptions = {}): Promise<WindowDriver> {
  const window = await support.openWindow(main.answer, options);
  onTestFinished(async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
  });
  return window;
}

export const sees = (window: WindowDriver, text: string) =>
  expect.poll(window.text, { timeout: 15_000 }).toContain(text);
export const heads = (window: WindowDriver, title: string) =>
  expect.poll(window.heading, { timeout: 15_000 }).toBe(title);
export const focuses = (window: WindowDriver, name: string) =>
  expect.poll(window.focused, { timeout: 15_000 }).toBe(name);
