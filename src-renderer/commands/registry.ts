import type { Permission } from '#shared/model/access.ts';

/** Something the user can do. `shortcut` is one stroke ("mod+k", "?") or two ("g i"); `mod` is Ctrl, on a Mac ⌘. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly shortcut?: string;
  readonly keywords?: string;
  /** Hidden from the palette because it is the palette's own opener or makes sense in its place only. */
  readonly hidden?: boolean;
  /** What one must be allowed to do for the command to be there at all: in the palette, as a shortcut, as a button. */
  readonly permission?: Permission;
  /** Its shortcut works while a dialog is open too: only for what is about the window as a whole (locking it). */
  readonly always?: boolean;
  readonly run: () => void;
}

export interface CommandRegistry {
  /** Adds commands until the returned function is called. A later one with the same id stands before an earlier one. */
  readonly register: (commands: readonly Command[]) => () => void;
  readonly list: () => readonly Command[];
  readonly find: (id: string) => Command | undefined;
  readonly subscribe: (onChange: () => void) => () => void;
}

/** The one list of what can be done: it feeds the palette, the shortcuts, their help and the buttons. */
export function createRegistry(): CommandRegistry {
  const sets = new Set<readonly Command[]>();
  const listeners = new Set<() => void>();
  let commands: readonly Command[] = [];

  const rebuild = () => {
    const byId = new Map<string, Command>();
    for (const set of sets) for (const command of set) byId.set(command.id, command);
    commands = [...byId.values()];
    for (const listener of listeners) listener();
  };

  return {
    register: (added) => {
      const set = [...added];
      sets.add(set);
      rebuild();
      return () => {
        if (sets.delete(set)) rebuild();
      };
    },
    list: () => commands,
    find: (id) => commands.find((command) => command.id === id),
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/** The commands a person with these permissions is offered. */
export function selectPermitted(commands: readonly Command[], permissions: readonly Permission[]): readonly Command[] {
  return commands.filter(({ permission }) => permission === undefined || permissions.includes(permission));
}

const EVERYWHERE: readonly string[] = ['Go to', 'Account', 'Window', 'Help'];

/** Whether the command is there on every screen, so that what only this screen has goes before it. */
function isEverywhere({ group }: Command): boolean {
  return EVERYWHERE.includes(group);
}

/** All commands for an empty query, those of the screen first; otherwise commands whose words contain every word of the query, those whose title starts with it first. */
export function searchCommands(commands: readonly Command[], query: string): readonly Command[] {
  const visible = commands.filter((command) => command.hidden !== true);
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [...visible].sort((a, b) => Number(isEverywhere(a)) - Number(isEverywhere(b)));
  const start = words.join(' ');
  const scored = visible.flatMap((command, order) => {
    const title = command.title.toLowerCase();
    const text = `${title} ${command.group.toLowerCase()} ${command.keywords?.toLowerCase() ?? ''}`;
    if (!words.every((word) => text.includes(word))) return [];
    const rank = title.startsWith(start) ? 0 : words.every((word) => title.includes(word)) ? 1 : 2;
    return [{ command, rank, order }];
  });
  scored.sort((a, b) => a.rank - b.rank || a.order - b.order);
  return scored.map(({ command }) => command);
}
