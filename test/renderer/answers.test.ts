import { describe, expect, test } from 'vitest';
import { openAnswer } from '#renderer/bridge/call.ts';
import { toUiError, UiError } from '#renderer/bridge/ui-error.ts';

const status = { records: 3, head: 'a'.repeat(64), keyId: '5c1e90aa00112233', checkpoint: null, verified: null };

describe('answers of the main process', () => {
  test('give their value when it has the agreed shape', () => {
    expect(openAnswer('chain.status', { ok: true, value: status })).toEqual(status);
  });

  test.each([
    ['no envelope', status],
    ['nothing', undefined],
    ['a member too many', { ok: true, value: { ...status, stack: 'at main.ts:1' } }],
    ['a member too many in the envelope', { ok: true, value: status, stack: 'x' }],
    ['another type', { ok: true, value: { ...status, records: '3' } }],
  ])('%s is refused', (_, answer) => {
    expect(() => openAnswer('chain.status', answer)).toThrow(UiError);
  });

  test('throw the error they carry, with its reference', () => {
    const failed = { ok: false, error: { code: 'disk-full', message: 'No space is left.', ref: 'r-1' } };
    try {
      openAnswer('chain.status', failed);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: 'UiError', code: 'disk-full', message: 'No space is left.', ref: 'r-1' });
    }
  });

  test('an error that carries a stack is not shown', () => {
    const failed = { ok: false, error: { code: 'internal', message: 'x', ref: '', stack: 'at secret.ts' } };
    expect(() => openAnswer('chain.status', failed)).toThrow(/form this window does not know/);
  });
});

test('anything thrown becomes an error that can be shown', () => {
  expect(toUiError(new TypeError('x is not a function'))).toMatchObject({ code: 'internal', ref: '' });
  expect(toUiError('word').message).toContain('word');
});
