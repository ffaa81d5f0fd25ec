import { expect, it } from 'vitest';
import { notWritten } from '#main/platform/not-written.ts';

it.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'read-only'],
  ['EROFS', 'read-only'],
  ['EISDIR', 'read-only'],
])('%s is told as %s', (code, told) => {
  const cause = Object.assign(new Error('refused'), { code });
  expect(notWritten('Choose another place.', cause)).toMatchObject({
    code: told,
    message: 'Choose another place.',
    cause,
  });
});
