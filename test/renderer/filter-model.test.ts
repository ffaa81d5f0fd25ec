import { describe, expect, test } from 'vitest';
import {
  chipsOf,
  fromLocalField,
  isFiltered,
  queryOf,
  recordNumber,
  setFilter,
  toLocalField,
} from '#renderer/features/audit/filter-model.ts';
import { hexLines } from '#renderer/features/audit/record-bytes.ts';
import { sealedOf } from '#renderer/features/audit/record-lines.ts';
import { TrailQuery } from '#shared/ipc/views.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');

describe('a filter', () => {
  test('becomes a query of the contract, its range counted back from now', () => {
    const filter = setFilter({}, { range: 'day', actor: 'user-1', target: 'arn:x', text: 'cart', outcome: 'denied' });
    expect(queryOf(filter, NOW)).toEqual({
      from: '2026-11-19T12:00:00.000Z',
      actor: 'user-1',
      target: 'arn:x',
      text: 'cart',
      outcome: 'denied',
    });
    expect(() => TrailQuery.parse({ ...queryOf(filter, NOW), limit: 1 })).not.toThrow();
  });

  test('drops the action with its category', () => {
    const filter = setFilter({ category: 'auth', action: 'auth.token_issued' }, { category: 'incident' });
    expect(filter).toEqual({ category: 'incident' });
  });

  test('has either a range back from now or one by the clock', () => {
    const exact = setFilter({ range: 'hour' }, { from: '2026-01-01T00:00:00.000Z' });
    expect(exact).toEqual({ from: '2026-01-01T00:00:00.000Z' });
    expect(setFilter({ ...exact, to: '2026-02-01T00:00:00.000Z' }, { range: 'week' })).toEqual({ range: 'week' });
  });

  test('is taken apart into chips, and each chip taken out leaves the others', () => {
    let filter = setFilter({}, { text: 'a', range: 'month', category: 'auth', outcome: 'failure', incident: 'inc-1' });
    const chips = chipsOf(filter);
    expect(chips.map(({ name, value }) => `${name} ${value}`)).toContain('Time last 30 days');
    expect(chips).toHaveLength(5);
    for (const { member } of chips) filter = setFilter(filter, { [member]: '' });
    expect(isFiltered(filter)).toBe(false);
  });
});

test('a number sign leads to a record, other words do not', () => {
  expect(['#12', ' # 7 ', '#0', '12', '#1x', '#'].map(recordNumber)).toEqual([12, 7, null, null, null, null]);
});

test('a moment in the field for local time comes back as the same second', () => {
  const iso = '2026-11-20T12:34:56.000Z';
  expect(fromLocalField(toLocalField(iso))).toBe(iso);
  expect(fromLocalField(toLocalField(iso), true)).toBe('2026-11-20T12:34:56.999Z');
  expect([toLocalField(undefined), fromLocalField(''), fromLocalField('soon')]).toEqual(['', '', '']);
});

test('bytes are shown with their offset, in UTF-8, what is not printable as a dot', () => {
  const lines = hexLines('{"a":"é\u0001"}, and more than sixteen');
  expect(lines[0]).toBe('00000000  7b 22 61 22 3a 22 c3 a9 01 22 7d 2c 20 61 6e 64  |{"a":"..."}, and|');
  expect(lines[1]?.startsWith('00000010  20 6d')).toBe(true);
  expect(hexLines('x'.repeat(70_000)).at(-1)).toBe('… and 4464 bytes more');
});

test('sealed values are counted by what has become of them', () => {
  const bytes = '{"actor":{"name":{"sealed":"a"}},"data":{"note":{"sealed":"b"}}}';
  expect(sealedOf(bytes, [{ path: '/data/note', value: 'text' }])).toEqual({ disclosed: 1, missing: 1 });
  expect(sealedOf('no JSON', [])).toEqual({ disclosed: 0, missing: 0 });
});
