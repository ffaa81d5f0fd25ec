import { expect, it } from 'vitest';
import { hasMoreMarksThan } from '#main/audit/json-depth.ts';
import { readJson } from '#main/audit/json-read.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

it('counts brackets, commas and colons, each value having one at least, and none in texts', () => {
  for (const [text, marks] of [
    ['{"a":[1,2,{}]}', 6],
    ['"[,:{\\"[,:{"', 0],
    ['["\\\\",[]]', 3],
    ['', 0],
  ] as const) {
    expect(hasMoreMarksThan(bytes(text), marks)).toBe(false);
    if (marks > 0) expect(hasMoreMarksThan(bytes(text), marks - 1)).toBe(true);
  }
});

it('keeps JSON of more parts than asked for from being parsed', () => {
  expect(readJson(bytes('[1,2]'), 2)).toMatchObject({ ok: true, value: [1, 2] });
  expect(readJson(bytes('[1,2]'), 1)).toEqual({ ok: false, reason: 'of more than 1 parts' });
  expect(readJson(bytes('[1,2]'))).toMatchObject({ ok: true });
});
