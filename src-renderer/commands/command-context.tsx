import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react';
import { usePermissions } from '../bridge/access-provider.tsx';
import { readSetting } from '../components/settings.ts';
import { type Command, type CommandRegistry, createRegistry, selectPermitted } from './registry.ts';
import { matchStroke, nameStroke } from './shortcut.ts';

export const IS_MAC = navigator.userAgent.includes('Mac OS');
/** After this long the first stroke of a two-stroke shortcut is forgotten. */
const SEQUENCE_MS = 1200;

const RegistryContext = createContext<CommandRegistry>(createRegistry());

export function useCommandList(): readonly Command[] {
  const registry = useContext(RegistryContext);
  return useSyncExternalStore(registry.subscribe, registry.list);
}

export function useCommand(id: string): Command | undefined {
  const registry = useContext(RegistryContext);
  return useSyncExternalStore(registry.subscribe, () => registry.find(id));
}

/** Offers commands while the component is there, those the person may use. They are compared by id, title and shortcut; `run` may change freely. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useContext(RegistryContext);
  const permitted = selectPermitted(commands, usePermissions());
  const latest = useRef(permitted);
  latest.current = permitted;
  const identity = JSON.stringify(permitted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `identity` stands for the commands without their functions
  useLayoutEffect(
    () =>
      registry.register(
        latest.current.map((command) => ({
          ...command,
          run: () => latest.current.find((now) => now.id === command.id)?.run(),
        })),
      ),
    [registry, identity],
  );
}

/** Makes the shortcuts of all commands work; while a dialog is open only those of `always`: what is behind it must not be started. */
export function ShortcutKeys({ children }: { readonly children: ReactNode }) {
  const registry = useContext(RegistryContext);
  useEffect(() => {
    let pending = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const inDialog = document.querySelector('[role="dialog"]') !== null;
      const commands = registry.list();
      const working = inDialog ? commands.filter(({ always }) => always === true) : commands;
      const match = matchStroke(working, pending, nameStroke(event, IS_MAC), {
        typing: isTextField(event.target),
        singles: readSetting('single-keys') !== 'off',
      });
      clearTimeout(timer);
      pending = match.kind === 'wait' ? match.pending : '';
      if (match.kind === 'none') return;
      event.preventDefault();
      if (match.kind === 'run') match.command.run();
      else {
        timer = setTimeout(() => {
          pending = '';
        }, SEQUENCE_MS);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKey);
    };
  }, [registry]);
  return children;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
