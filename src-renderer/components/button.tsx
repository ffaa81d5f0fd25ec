import type { ReactNode, Ref } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { IS_MAC, useCommand } from '../commands/command-context.tsx';
import { ariaShortcut } from '../commands/shortcut.ts';
import { ShortcutPrint } from './shortcut-keys.tsx';

export type ButtonLook = 'plain' | 'primary' | 'approve' | 'reject' | 'ghost';

interface ButtonProps {
  readonly children: ReactNode;
  readonly look?: ButtonLook;
  /** While true the button says what it does in `busyLabel` and cannot be pressed again, but keeps its focus. */
  readonly busy?: boolean;
  readonly busyLabel?: string;
  readonly disabled?: boolean;
  readonly label?: string;
  readonly describedBy?: string;
  readonly onPress?: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly className?: string;
  /** Sends the form it stands in, as Enter does. */
  readonly submit?: boolean;
}

export function Button({ children, look = 'plain', busy = false, busyLabel, ...props }: ButtonProps) {
  return (
    <AriaButton
      ref={props.ref}
      className={`btn btn-${look}${props.className === undefined ? '' : ` ${props.className}`}`}
      type={props.submit === true && !busy ? 'submit' : 'button'}
      aria-disabled={busy}
      data-busy={busy ? '' : undefined}
      isDisabled={props.disabled ?? false}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(props.describedBy === undefined ? {} : { 'aria-describedby': props.describedBy })}
      {...(props.onPress === undefined || busy ? {} : { onPress: props.onPress })}
    >
      {busy ? (
        <>
          <span className="spinner" aria-hidden="true" />
          {busyLabel ?? children}
        </>
      ) : (
        children
      )}
    </AriaButton>
  );
}

interface CommandButtonProps {
  readonly command: string;
  readonly look?: ButtonLook;
  readonly busy?: boolean;
  readonly busyLabel?: string;
}

/** A button that is a command: its title, its shortcut and what it does come from the registry; absent while that is. */
export function CommandButton({ command: id, look = 'plain', busy = false, busyLabel }: CommandButtonProps) {
  const command = useCommand(id);
  if (command === undefined) return null;
  const shortcut = command.shortcut === undefined ? undefined : ariaShortcut(command.shortcut, IS_MAC);
  return (
    <AriaButton
      className={`btn btn-${look}`}
      aria-disabled={busy}
      data-busy={busy ? '' : undefined}
      {...(busy ? {} : { onPress: command.run })}
      {...(shortcut === undefined ? {} : { 'aria-keyshortcuts': shortcut })}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : null}
      {busy && busyLabel !== undefined ? busyLabel : command.title}
      {command.shortcut === undefined || busy ? null : <ShortcutPrint shortcut={command.shortcut} />}
    </AriaButton>
  );
}
