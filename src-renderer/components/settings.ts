import { useSyncExternalStore } from 'react';

/** The few choices that belong to this window alone. They hold no data of the workspace. */
export type Setting = 'theme' | 'single-keys' | 'chart-zone';

const PREFIX = 'causeway.';
const listeners = new Set<() => void>();
/** Also what is used when storage is refused (a read-only profile): the choice then lasts as long as the window. */
const memory = new Map<Setting, string>();

export function readSetting(setting: Setting): string | null {
  const known = memory.get(setting);
  if (known !== undefined) return known;
  try {
    return window.localStorage.getItem(PREFIX + setting);
  } catch {
    return null;
  }
}

/** Keeps a choice; false when it could not be kept beyond this window's life. */
export function writeSetting(setting: Setting, value: string): boolean {
  memory.set(setting, value);
  let kept = true;
  try {
    window.localStorage.setItem(PREFIX + setting, value);
  } catch {
    kept = false;
  }
  for (const listener of listeners) listener();
  return kept;
}

export function useSetting(setting: Setting): string | null {
  return useSyncExternalStore(
    (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    () => readSetting(setting),
  );
}
