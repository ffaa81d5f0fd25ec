import { describe, expect, test, vi } from 'vitest';
import { type Command, createRegistry, searchCommands } from '#renderer/commands/registry.ts';
import { ariaShortcut, matchStroke, nameStroke, printShortcut } from '#renderer/commands/shortcut.ts';

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'Go to',
  run: () => undefined,
  ...more,
});
const stroke = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});
const both = { typing: false, singles: true };

describe('the registry', () => {
  test('has what is registered for as long as it is, and says when that changes', () => {
    const registry = createRegistry();
    const changed = vi.fn();
    registry.subscribe(changed);
    const leave = registry.register([command('a'), command('b')]);
    expect(registry.list().map(({ id }) => id)).toEqual(['a', 'b']);
    leave();
    leave();
    expect(registry.list()).toEqual([]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  test('a screen may stand in for a command and gives it back', () => {
    const registry = createRegistry();
    registry.register([command('a', { title: 'first' })]);
    const leave = registry.register([command('a', { title: 'second' })]);
    expect(registry.find('a')?.title).toBe('second');
    leave();
    expect(registry.find('a')?.title).toBe('first');
  });

  test('keeps the same list while nothing changes, as React asks of a snapshot', () => {
    const registry = createRegistry();
    registry.register([command('a')]);
    expect(registry.list()).toBe(registry.list());
  });
});

describe('the palette', () => {
  const all = [
    command('1', { title: 'Verify now', group: 'Verification' }),
    command('2', { title: 'Go to verification', keywords: 'chain' }),
    command('3', { title: 'Run a command', hidden: true }),
  ];
  test('shows everything that is not hidden', () => {
    expect(searchCommands(all, ' ').map(({ id }) => id)).toEqual(['1', '2']);
  });
  test('shows what only this screen has before what is everywhere', () => {
    const [own, everywhere] = all as [Command, Command];
    expect(searchCommands([everywhere, own], '').map(({ id }) => id)).toEqual(['1', '2']);
  });
  test('finds by all words, in titles, groups and keywords, titles first', () => {
    expect(searchCommands(all, 'verif').map(({ id }) => id)).toEqual(['1', '2']);
    expect(searchCommands(all, 'GO verification').map(({ id }) => id)).toEqual(['2']);
    expect(searchCommands(all, 'chain').map(({ id }) => id)).toEqual(['2']);
    expect(searchCommands(all, 'chain now')).toEqual([]);
  });
});

describe('shortcuts', () => {
  const all = [
    command('palette', { shortcut: 'mod+k' }),
    command('go', { shortcut: 'g i' }),
    command('help', { shortcut: '?' }),
  ];
  test('strokes are named alike on both systems', () => {
    expect(nameStroke(stroke('K', { ctrlKey: true }), false)).toBe('mod+k');
    expect(nameStroke(stroke('k', { metaKey: true }), true)).toBe('mod+k');
    expect(nameStroke(stroke('k', { ctrlKey: true }), true)).toBe('other+k');
    expect(nameStroke(stroke('?', { shiftKey: true }), false)).toBe('?');
  });

  test('two strokes make one shortcut', () => {
    const first = matchStroke(all, '', 'g', both);
    expect(first).toEqual({ kind: 'wait', pending: 'g' });
    expect(matchStroke(all, 'g', 'i', both)).toMatchObject({ kind: 'run', command: { id: 'go' } });
    expect(matchStroke(all, 'g', '?', both)).toMatchObject({ kind: 'run', command: { id: 'help' } });
    expect(matchStroke(all, 'g', 'z', both)).toEqual({ kind: 'none' });
  });

  test('letters alone do nothing while one types, or when they are turned off; Ctrl K works always', () => {
    expect(matchStroke(all, '', '?', { typing: true, singles: true })).toEqual({ kind: 'none' });
    expect(matchStroke(all, '', '?', { typing: false, singles: false })).toEqual({ kind: 'none' });
    expect(matchStroke(all, '', 'mod+k', { typing: true, singles: false })).toMatchObject({ kind: 'run' });
  });

  test('are printed as keys and told to screen readers', () => {
    expect(printShortcut('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(printShortcut('g i', true)).toEqual(['G', 'I']);
    expect(ariaShortcut('mod+k', true)).toBe('Meta+k');
    expect(ariaShortcut('g i', false)).toBeUndefined();
  });
});
