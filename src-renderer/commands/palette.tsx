import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { ShortcutPrint } from '../components/shortcut-keys.tsx';
import { useCommandList } from './command-context.tsx';
import { type Command, searchCommands } from './registry.ts';

/** Every command there is right now, found by typing. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommandList();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = searchCommands(commands, query);
  const current = Math.min(active, Math.max(0, found.length - 1));

  // biome-ignore lint/correctness/useExhaustiveDependencies: `current` is which option has to be in view
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    // After the palette gave the focus back, so that what the command opens takes it from there.
    requestAnimationFrame(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((current + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setActive((current - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[current]);
    else return;
    event.preventDefault();
  };

  return (
    <ModalOverlay
      className="scrim scrim-top"
      isOpen
      isDismissable
      onOpenChange={(open) => (open ? undefined : onClose())}
    >
      <Modal className="modal modal-medium palette">
        <Dialog className="dialog" aria-label="Run a command">
          <input
            className="palette-input"
            autoFocus
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
            aria-label="Command"
            placeholder="Run a command"
            autoComplete="off"
            spellCheck={false}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div ref={list} id={`${id}-list`} className="palette-list" role="listbox" aria-label="Commands">
            {found.map((command, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys for the list
              <div
                key={command.id}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                className="palette-option"
                onClick={() => run(command)}
                onMouseMove={() => setActive(index)}
              >
                <span>{command.title}</span>
                {command.title.startsWith(command.group) ? null : <span className="faint">{command.group}</span>}
                {command.shortcut === undefined ? null : <ShortcutPrint shortcut={command.shortcut} />}
              </div>
            ))}
          </div>
          <p className="palette-none" role="status">
            {found.length === 0 ? 'No command has these words.' : ''}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
