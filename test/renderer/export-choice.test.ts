import { expect, it } from 'vitest';
import { EXPORT_FORMATS, type ExportChoice, requestOf } from '#renderer/features/audit/export-choice.ts';
import { CONTRACT } from '#shared/ipc/contract.ts';

const choice: ExportChoice = { format: 'chain', scope: 'all', first: '', last: '', disclose: false };

it('asks for what was chosen, and for nothing the format has no room for', () => {
  for (const { format, scopes } of EXPORT_FORMATS) {
    for (const scope of scopes) {
      const asked = requestOf({ ...choice, format, scope, first: '3', last: '7' }, { incident: 'inc-1' }, 10);
      expect(CONTRACT['trail.export'].input.parse(asked)).toEqual(asked);
      expect(asked).toMatchObject({ format, disclose: false });
      expect('query' in Object(asked)).toBe(scope === 'filter');
      expect('first' in Object(asked)).toBe(scope === 'range');
    }
  }
});

it('reads a range from its fields, empty ones as the beginning and the newest record', () => {
  const range = (first: string, last: string) =>
    requestOf({ ...choice, format: 'range', scope: 'range', first, last }, undefined, 10);
  expect(range('', '')).toEqual({ format: 'range', first: 1, last: 10, disclose: false });
  expect(range(' 3 ', '7')).toEqual({ format: 'range', first: 3, last: 7, disclose: false });
  expect(range('7', '3')).toMatch(/comes after/);
  expect(range('1', '11')).toMatch(/newest record is 10/);
  for (const wrong of ['0', '-1', '1e3', 'x', '1.5']) expect(range(wrong, '')).toMatch(/named by its number/);
});
