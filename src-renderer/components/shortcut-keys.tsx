import { IS_MAC } from '../commands/command-context.tsx';
import { printShortcut } from '../commands/shortcut.ts';

/** A shortcut as printed keys; decoration only, `aria-keyshortcuts` or a label says it to screen readers. */
export function ShortcutPrint({ shortcut }: { readonly shortcut: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {printShortcut(shortcut, IS_MAC).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
