import { describe, expect, it } from 'vitest';
import { citationResolves, readPointer } from '#main/investigation/evidence/pointer.ts';

const document = { list: [{ 'a/b': [1, 2, 3], 'm~n': 'x' }], '': 0, own: null };

describe('readPointer (RFC 6901)', () => {
  it.each([
    ['', document],
    ['/list/0/a~1b/2', 3],
    ['/list/0/m~0n', 'x'],
    ['/', 0],
    ['/own', null],
  ])('reads %j', (pointer, value) => expect(readPointer(document, pointer)).toEqual(value));

  it.each([
    'list',
    '/list/1',
    '/list/00',
    '/list/-1',
    '/list/length',
    '/own/x',
    '/constructor',
    '/__proto__',
    '/list/0/a~1b/2/x',
  ])('finds nothing at %j', (pointer) => expect(readPointer(document, pointer)).toBeUndefined());
});

describe('citationResolves', () => {
  const open = (digest: string) => (digest === 'known' ? document : undefined);
  const cite = (digest: string, pointer: string, from: number, to: number) =>
    citationResolves({ digest, pointer, from, to }, open);

  it('holds for rows that are there and for nothing else', () => {
    expect(cite('known', '/list/0/a~1b', 0, 3)).toBe(true);
    expect(cite('known', '/list/0/a~1b', 0, 4)).toBe(false);
    expect(cite('known', '/list/0/a~1b', 2, 2)).toBe(false);
    expect(cite('known', '/list/0/m~0n', 0, 1)).toBe(false);
    expect(cite('other', '/list', 0, 1)).toBe(false);
  });
});
