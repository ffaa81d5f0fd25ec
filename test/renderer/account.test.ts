import { describe, expect, test } from 'vitest';
import { openAnswer } from '#renderer/bridge/call.ts';
import { onSignedOut, reportSignedOut } from '#renderer/bridge/signed-out.ts';
import { UiError } from '#renderer/bridge/ui-error.ts';
import { selectPermitted } from '#renderer/commands/registry.ts';
import { isAboutProof } from '#renderer/components/refusal.tsx';
import { isReportDue, reportEvery, timeToLock } from '#renderer/features/account/idle.ts';
import { drawQr, groupSecret } from '#renderer/features/account/qr-path.ts';
import { EMPTY_ACCOUNT, judgeAccount, judgePassword } from '#renderer/features/first-run/new-account-model.ts';
import { countCharacters, judgeLength } from '#renderer/features/first-run/password-length.ts';
import { takeInitials } from '#renderer/frame/initials.ts';
import { mayOpen } from '#renderer/navigation/screens.ts';

describe('a new password', () => {
  test('is judged by its length alone, in characters', () => {
    expect(judgePassword('')).toBe('A password is missing.');
    expect(judgePassword('elevenchars')).toBe('1 more character needed: at least 12.');
    expect(judgePassword('aaaaaaaaaaaa')).toBeNull();
    expect(countCharacters('🔑🔑🔑🔑🔑🔑')).toBe(6);
    expect(judgePassword('🔑🔑🔑🔑🔑🔑')).toContain('6 more characters');
    expect(judgePassword('x'.repeat(257))).toContain('256');
  });
  test('is told how long it is, and nothing about how hard it is to guess', () => {
    expect(
      ['', 'short', 'x'.repeat(12), 'x'.repeat(16), 'x'.repeat(24)].map((text) => judgeLength(text).level),
    ).toEqual([0, 1, 2, 3, 4]);
    expect(judgeLength('short').word).toBe('7 more to go.');
    expect(judgeLength('x'.repeat(40)).word).not.toMatch(/strong|secure|safe/i);
  });
});

describe('a new account', () => {
  const good = {
    title: 'Demonstration',
    code: 'demo-code',
    name: 'Demo Owner',
    email: 'owner@example.org',
    password: 'correct horse battery',
    again: 'correct horse battery',
  };
  const all = ['title', 'code', 'name', 'email', 'password', 'again'] as const;
  test('has a problem at each field that is missing, and at none that is not asked for', () => {
    expect(Object.keys(judgeAccount(EMPTY_ACCOUNT, all))).toEqual([...all]);
    expect(Object.keys(judgeAccount(EMPTY_ACCOUNT, ['name', 'password']))).toEqual(['name', 'password']);
    expect(judgeAccount(good, all)).toEqual({});
  });
  test('says what is wrong', () => {
    expect(judgeAccount({ ...good, email: 'owner@' }, all).email).toContain('not an e-mail address');
    expect(judgeAccount({ ...good, again: 'correct horse batterY' }, all).again).toBe('The two passwords differ.');
    expect(judgeAccount({ ...good, name: '   ' }, all).name).toContain('missing');
    expect(judgeAccount({ ...good, title: 'x'.repeat(101) }, all).title).toContain('100 characters');
  });
});

describe('the QR code', () => {
  const { size, path } = drawQr('otpauth://totp/Causeway:owner%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=Causeway');
  /** The modules the path paints, row by row. */
  const dark = new Set<string>();
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(run); step += 1) dark.add(`${Number(x) + step},${y}`);
  }
  test('has its quiet zone of four modules and nothing in it', () => {
    expect((size - 8 - 17) % 4).toBe(0);
    for (const place of dark) {
      for (const side of place.split(',').map(Number)) {
        expect(side).toBeGreaterThanOrEqual(4);
        expect(side).toBeLessThan(size - 4);
      }
    }
  });
  test('has a finder in three corners and none in the fourth', () => {
    const finder = (left: number, top: number) =>
      [...'1111111', ...'1000001', ...'1011101', ...'1011101', ...'1011101', ...'1000001', ...'1111111'].every(
        (module, index) => dark.has(`${left + (index % 7)},${top + Math.floor(index / 7)}`) === (module === '1'),
      );
    expect([finder(4, 4), finder(size - 11, 4), finder(4, size - 11), finder(size - 11, size - 11)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
  test('differs for another secret, and the secret is grouped for typing', () => {
    expect(drawQr('otpauth://totp/a?secret=AAAA').path).not.toBe(drawQr('otpauth://totp/a?secret=AAAB').path);
    expect(groupSecret('JBSWY3DPEHPK3PXP')).toBe('JBSW Y3DP EHPK 3PXP');
  });
});

describe('the idle lock', () => {
  const limit = 600_000;
  test('activity is told every 30 s at most, and only when there was some', () => {
    expect(isReportDue({ activeAt: 10_000, reportedAt: 0 }, limit, 29_999)).toBe(false);
    expect(isReportDue({ activeAt: 10_000, reportedAt: 0 }, limit, 30_000)).toBe(true);
    expect(isReportDue({ activeAt: 0, reportedAt: 0 }, limit, 500_000)).toBe(false);
    expect(isReportDue({ activeAt: 10_000, reportedAt: 0 }, 0, 500_000)).toBe(false);
    expect(reportEvery(20_000)).toBe(5000);
  });
  test('is announced in its last minute, counted from what the main process was told', () => {
    expect(timeToLock({ activeAt: 0, reportedAt: 0 }, limit, 539_999)).toBeNull();
    expect(timeToLock({ activeAt: 0, reportedAt: 0 }, limit, 540_000)).toBe(60_000);
    expect(timeToLock({ activeAt: 0, reportedAt: 0 }, limit, 700_000)).toBe(0);
    expect(timeToLock({ activeAt: 0, reportedAt: 0 }, 0, 700_000)).toBeNull();
  });
});

describe('permissions', () => {
  test('hide commands and screens', () => {
    const command = { id: 'a', title: 'a', group: 'Go to', run: () => undefined };
    const guarded = { ...command, id: 'b', permission: 'keys.rotate' } as const;
    expect(selectPermitted([command, guarded], []).map(({ id }) => id)).toEqual(['a']);
    expect(selectPermitted([command, guarded], ['keys.rotate']).map(({ id }) => id)).toEqual(['a', 'b']);
    expect([mayOpen('audit', ['incidents.read']), mayOpen('incident', ['incidents.read'])]).toEqual([false, true]);
    expect([mayOpen('access', ['policies.read']), mayOpen('access', [])]).toEqual([true, false]);
  });
});

describe('refusals', () => {
  const refusal = (code: UiError['code'], until?: string) =>
    new UiError({ code, message: 'No.', ref: '', ...(until === undefined ? {} : { until }) });
  test('about the proof stand at its field, others do not', () => {
    expect(isAboutProof(refusal('reauthentication-required'))).toBe(true);
    expect(isAboutProof(refusal('rate-limited'))).toBe(true);
    expect(isAboutProof(refusal('audit-unavailable'))).toBe(false);
    expect(isAboutProof(null)).toBe(false);
  });
  test('carry the end of a lockout through the envelope', () => {
    const error = { code: 'rate-limited', message: 'Locked.', ref: '', until: '2026-11-20T10:00:00.000Z' };
    expect(() => openAnswer('access.signIn', { ok: false, error })).toThrow(
      expect.objectContaining({ until: '2026-11-20T10:00:00.000Z' }),
    );
    expect(refusal('denied').until).toBeNull();
  });
  test('of a session that is over are told to whoever listens, until they stop', () => {
    let told = 0;
    const leave = onSignedOut(() => {
      told += 1;
    });
    reportSignedOut();
    leave();
    reportSignedOut();
    expect(told).toBe(1);
  });
});

test('initials are those of the first and the last name, whole characters', () => {
  expect(['Demo Owner', 'demo', '', ' Anna de la Demo ', '🔑 demo'].map(takeInitials)).toEqual([
    'DO',
    'D',
    '',
    'AD',
    '🔑D',
  ]);
});
