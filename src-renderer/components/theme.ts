import { useSyncExternalStore } from 'react';
import { readSetting, useSetting, writeSetting } from './settings.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export function readTheme(): Theme {
  const kept = readSetting('theme');
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

/** Puts the theme on the page; the colours follow from `color-scheme` and `light-dark()`. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
  applyTheme(theme);
  writeSetting('theme', theme);
}

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');

/** The scheme in effect, for what paints its own colours (canvas). */
export function useScheme(): 'light' | 'dark' {
  useSetting('theme');
  const systemDark = useSyncExternalStore(
    (onChange) => {
      darkQuery.addEventListener('change', onChange);
      return () => darkQuery.removeEventListener('change', onChange);
    },
    () => darkQuery.matches,
  );
  const theme = readTheme();
  return theme === 'system' ? (systemDark ? 'dark' : 'light') : theme;
}
