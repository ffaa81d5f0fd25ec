import { describe, expect, test } from 'vitest';
import { refuseFailure, saidByCloud } from '#main/credentials/refusal.ts';

const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('what the cloud wrote, on record', () => {
  test.each([
    [
      'User: arn:aws:iam::000000000001:user/base is not authorized to perform: sts:AssumeRole',
      'User: arn:aws:iam::000000000001:user/base is not authorized to perform: sts:AssumeRole',
    ],
    ['role arn:aws:iam::000000000001:role/company/operations/Causeway-Reader', null],
    [`key ${KEY} is wrong`, 'key (hidden) is wrong'],
    ['AKIAIOSFODNN7EXAMPLE is not known', '(hidden) is not known'],
    ['two\nlines\u0000 and \u001b[31mred', 'two lines and [31mred'],
  ])('%j is a sentence without keys', (text, expected) => {
    expect(saidByCloud(text)).toBe(expected ?? text);
  });

  test('is bounded', () => {
    expect(saidByCloud('word '.repeat(1000)).length).toBeLessThanOrEqual(302);
  });

  /** @securityTest A refusal of the cloud is recorded by name and a bounded sentence */
  test('has the name first, and the error that goes on has nothing else', () => {
    const error = Object.assign(new Error(`no ${KEY}`), {
      name: 'AccessDenied',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    });
    const refusal = refuseFailure(error);
    expect(refusal).toMatchObject({ reason: 'cloud-refused', detail: 'AssumeRole: AccessDenied: no (hidden)' });
    expect(String(refusal.cause)).toBe('Error: AccessDenied');
  });
});
