import type { Command } from './registry.ts';

/** The part of a keyboard event shortcuts are decided by. */
export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The stroke as shortcuts are written: "mod+k", "g", "?". Shift is part of the character it makes. */
export function nameStroke(stroke: Stroke, mac: boolean): string {
  const mod = mac ? stroke.metaKey : stroke.ctrlKey;
  const other = mac ? stroke.ctrlKey : stroke.metaKey;
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key;
  return `${mod ? 'mod+' : ''}${other ? 'other+' : ''}${stroke.altKey ? 'alt+' : ''}${key}`;
}

export type StrokeMatch =
  | { readonly kind: 'run'; readonly command: Command }
  | { readonly kind: 'wait'; readonly pending: string }
  | { readonly kind: 'none' };

/**
 * What a stroke does after `pending` (the first stroke of a two-stroke shortcut, or ''). `typing`: the focus is in a
 * text field, where only strokes with a modifier count. `singles`: whether shortcuts without a modifier are on (WCAG
 * 2.1.4 asks that they can be turned off).
 */
export function matchStroke(
  commands: readonly Command[],
  pending: string,
  stroke: string,
  options: { readonly typing: boolean; readonly singles: boolean },
): StrokeMatch {
  const modified = stroke.startsWith('mod+');
  if (!modified && (options.typing || !options.singles)) return { kind: 'none' };
  const typed = pending === '' ? stroke : `${pending} ${stroke}`;
  const command = commands.find((candidate) => candidate.shortcut === typed);
  if (command !== undefined) return { kind: 'run', command };
  if (commands.some((candidate) => candidate.shortcut?.startsWith(`${typed} `)))
    return { kind: 'wait', pending: typed };
  return pending === '' ? { kind: 'none' } : matchStroke(commands, '', stroke, options);
}

/** The keys as they are printed: ["Ctrl", "K"], ["G", "then", "I"] becomes ["G", "I"]. */
export function printShortcut(shortcut: string, mac: boolean): readonly string[] {
  return shortcut
    .split(/[ +]/)
    .map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : part.length === 1 ? part.toUpperCase() : part));
}

/** The shortcut for `aria-keyshortcuts`; that attribute knows no sequences, so two-stroke ones are left out. */
export function ariaShortcut(shortcut: string, mac: boolean): string | undefined {
  if (shortcut.includes(' ')) return undefined;
  return shortcut.replace('mod', mac ? 'Meta' : 'Control');
}
