import { Button } from '../components/button.tsx';
import { ModalDialog } from '../components/modal-dialog.tsx';
import { ShortcutPrint } from '../components/shortcut-keys.tsx';
import { IS_MAC, useCommandList } from './command-context.tsx';
import { printShortcut } from './shortcut.ts';

/** The shortcuts that work on this screen, from the same list that makes them work. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommandList().filter((command) => command.shortcut !== undefined);
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <ModalDialog title="Keyboard shortcuts" size="small" onClose={onClose}>
      <div className="dialog-body help-groups">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl className="help-list">
              {commands
                .filter((command) => command.group === group)
                .map(({ id, title, shortcut = '' }) => (
                  <div key={id}>
                    <dt>{title}</dt>
                    <dd>
                      <span className="visually-hidden">{printShortcut(shortcut, IS_MAC).join(' then ')}</span>
                      <ShortcutPrint shortcut={shortcut} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section aria-label="Lists">
          <h3>Lists</h3>
          <p className="faint">Arrow keys, Page Up, Page Down, Home and End move; Enter opens.</p>
        </section>
      </div>
      <footer className="dialog-foot">
        <span className="foot-note">Letters alone can be turned off in the account menu.</span>
        <Button onPress={onClose}>Close</Button>
      </footer>
    </ModalDialog>
  );
}
