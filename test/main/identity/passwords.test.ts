import { describe, expect, test } from 'vitest';
import { requireGoodPassword } from '#main/identity/password-rules.ts';
import {
  calibrateCost,
  describeCost,
  hashPassword,
  LEAST_COST,
  needsRehash,
  nobodysHash,
  type PasswordCost,
  verifyPassword,
} from '#main/identity/passwords.ts';
import { OWNER, openScene, SMALL_COST } from './scene.ts';

const work = ({ memoryKiB, passes }: PasswordCost) => memoryKiB * passes;

describe('the cost of a password', () => {
  /** @securityTest Hashing is calibrated to the machine, never below OWASP's minimum */
  test.each([
    ['a machine that needs a second for the least', 1000],
    ['one that needs a quarter of a second', 250],
    ['one that needs a tenth', 100],
    ['a quick one', 20],
    ['one quicker than any', 0.01],
  ])('%s', async (_what, leastMs) => {
    const cost = await calibrateCost(async (asked) => (leastMs * work(asked)) / work(LEAST_COST));
    expect(cost.memoryKiB).toBeGreaterThanOrEqual(19_456);
    expect(cost.passes).toBeGreaterThanOrEqual(2);
    expect(cost.lanes).toBe(1);
    const expectedMs = (leastMs * work(cost)) / work(LEAST_COST);
    if (leastMs >= 250) expect(cost).toEqual(LEAST_COST);
    else if (leastMs >= 20) expect(expectedMs).toBeGreaterThan(150);
    expect(expectedMs).toBeLessThanOrEqual(Math.max(250, leastMs));
  });

  test('is measured here, put on record, kept and used from then on', async () => {
    const scene = await openScene({ passwordCost: undefined });
    const { principal } = await scene.identity.createOwner(OWNER);
    await scene.reopen({ passwordCost: undefined });
    await scene.join(principal, 'viewer');
    const parameters = scene.records('auth.password_changed').map(({ data }) => String(data.parameters));
    const [first = ''] = parameters;
    const [, m = '', t = '', p = ''] = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(first) ?? [];
    expect(Number(m)).toBeGreaterThanOrEqual(19_456);
    expect(Number(t)).toBeGreaterThanOrEqual(2);
    expect(Number(p)).toBe(1);
    expect(parameters).toEqual([first, first]);
    await scene.close();
  });
});

describe('a hash', () => {
  test('is Argon2id with its parameters in it, and another each time', async () => {
    const [one, two] = await Promise.all([
      hashPassword('correct horse', SMALL_COST),
      hashPassword('correct horse', SMALL_COST),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, 'correct horse')).toBe(true);
    expect(await verifyPassword(one, 'correct hors')).toBe(false);
  });

  test("nobody's has the cost of a real one, and no password", async () => {
    const nobodys = nobodysHash(SMALL_COST);
    expect(nobodys).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword(nobodys, '')).toBe(false);
  });

  test.each(['', 'plain', '$argon2id$', '$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA'])('%j is none', async (phc) => {
    expect(await verifyPassword(phc, 'correct horse')).toBe(false);
  });

  test('is made again when it cost less than is asked for, or is of another kind', async () => {
    const hash = await hashPassword('correct horse', SMALL_COST);
    expect(needsRehash(hash, SMALL_COST)).toBe(false);
    expect(needsRehash(hash, LEAST_COST)).toBe(true);
    expect(needsRehash(hash.replace('argon2id', 'argon2i'), SMALL_COST)).toBe(true);
    expect(describeCost(LEAST_COST)).toBe('m=19456,t=2,p=1');
  });
});

describe('a new password', () => {
  const refused = (password: string, email = 'someone@example.test') => {
    try {
      requireGoodPassword(password, email);
      return null;
    } catch (error) {
      return (error as { reason?: string }).reason;
    }
  };

  test.each([
    ['eleven char', 'password-short'],
    ['👩‍🚀👩‍🚀👩‍🚀', 'password-short'], // many bytes, few characters
    ['aaaaaaaaaaaaaaaa', 'password-obvious'],
    ['abababababab', 'password-obvious'],
    ['123456789012', 'password-obvious'],
    ['Password1234!', 'password-obvious'],
    ['qwertyuiop12', 'password-obvious'],
    ['someone is here', 'password-obvious'],
    ['the SOMEONE of us', 'password-obvious'],
    ['my causeway home', 'password-obvious'],
    ['welcome admin', 'password-obvious'],
  ])('%s is refused: %s', (password, reason) => {
    expect(refused(password)).toBe(reason);
  });

  test.each(['correct horse battery staple', 'zwölf Hühner 77', 'the password of the grey castle'])(
    '%s is taken',
    (password) => {
      expect(refused(password)).toBeNull();
    },
  );
});
