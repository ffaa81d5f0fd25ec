import { expect, test } from 'vitest';
import { holdsTyped } from '#renderer/features/compliance/parts/typed-words.ts';

test.each([
  ['', true],
  ['   ', true],
  ['access', true],
  ['REVIEW  ac-01', true],
  ['view acc', true],
  ['review gone', false],
])('what is typed as "%s" fits: %s', (typed, fits) => {
  expect(holdsTyped(typed)('AC-01 Access review')).toBe(fits);
});
