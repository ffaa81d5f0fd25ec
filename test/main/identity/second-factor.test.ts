import { createHmac } from 'node:crypto';
import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { describeSetup, isTotpCode, makeTotpSecret, spendTotpCode } from '#main/identity/second-factor.ts';
import { systemRandom } from '#main/platform/random.ts';
import { type IdentityScene, OWNER, openScene, refusal } from './scene.ts';

const { email, password } = OWNER;
const STEP = 30_000;

describe('TOTP', () => {
  // RFC 6238, appendix B: the last six of the eight digits for SHA-1
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('takes the code of RFC 6238 at %i', (seconds, code) => {
    const used = spendTotpCode({ secret, usedSteps: [] }, code, seconds * 1000);
    expect(used?.usedSteps).toEqual([Math.floor(seconds / 30)]);
  });

  /** @securityTest A code is good for one step before and after, and once */
  test('one step away, and once', () => {
    const now = 1_700_000_010_000;
    const codeAt = (time: number) => generateSync({ secret, epoch: time / 1000 });
    const steps = [-2, -1, 0, 1, 2].map((n) => codeAt(now + n * STEP));
    expect(steps.map((code) => spendTotpCode({ secret, usedSteps: [] }, code, now) !== null)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    const used = spendTotpCode({ secret, usedSteps: [] }, codeAt(now), now);
    if (used === null) throw new Error('The code is right');
    for (const later of [0, 1000, STEP]) expect(spendTotpCode(used, codeAt(now), now + later)).toBeNull();
    expect(spendTotpCode(used, codeAt(now + STEP), now + STEP)).not.toBeNull();
  });

  test('is made of 160 bits, and described as authenticators read it', () => {
    const made = makeTotpSecret(systemRandom);
    expect(made).toMatch(/^[A-Z2-7]{32}$/);
    expect(makeTotpSecret(systemRandom)).not.toBe(made);
    const uri = new URL(describeSetup(made, email, 'acme').uri);
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(made);
    expect(decodeURIComponent(uri.pathname)).toContain(email);
  });

  test('a secret gives the code an independent HMAC gives', () => {
    const bytes = systemRandom.bytes(20);
    const made = makeTotpSecret({ bytes: () => bytes, uuid: () => '' });
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(55_555n);
    const mac = createHmac('sha1', bytes).update(counter).digest();
    const number = mac.readUInt32BE((mac[19] ?? 0) & 15) & 0x7fffffff;
    const code = String(number % 1_000_000).padStart(6, '0');
    expect(spendTotpCode({ secret: made, usedSteps: [] }, code, 55_555 * STEP)).not.toBeNull();
  });

  test.each(['', '12345', '1234567', 'ABCDEF', '１２３４５６'])('%s is none', (code) => {
    expect(isTotpCode(code)).toBe(false);
    expect(spendTotpCode({ secret, usedSteps: [] }, code, 0)).toBeNull();
  });
});

describe('the second factor', () => {
  let scene: IdentityScene;
  let principal: Principal;
  beforeEach(async () => {
    scene = await openScene();
    ({ principal } = await scene.identity.createOwner(OWNER));
  });
  afterEach(() => scene.close());

  let secret = '';
  const codeNow = () => generateSync({ secret, epoch: scene.clock.time / 1000 });
  const enroll = async (): Promise<readonly string[]> => {
    ({ secret } = await scene.identity.beginSecondFactor(principal, password));
    const { codes } = await scene.identity.confirmSecondFactor(principal, codeNow());
    return codes;
  };
  const signIn = (code?: string) => scene.identity.signIn({ email, password, ...(code === undefined ? {} : { code }) });

  test('is active only after a code of it', async () => {
    expect(await refusal(scene.identity.beginSecondFactor(principal, 'wrong'))).toBe(
      'reauthentication-required: password',
    );
    expect(await refusal(scene.identity.confirmSecondFactor(principal, '123456'))).toBe('conflict: not-begun');
    ({ secret } = await scene.identity.beginSecondFactor(principal, password));
    const wrong = codeNow() === '000000' ? '000001' : '000000';
    expect(await refusal(scene.identity.confirmSecondFactor(principal, wrong))).toBe('reauthentication-required: code');
    expect((await signIn()).step).toBe('done');
    await scene.identity.confirmSecondFactor(principal, codeNow());
    expect(await signIn()).toEqual({ step: 'second-factor' });
    expect(scene.identity.self(principal)).toMatchObject({ secondFactor: true, recoveryCodesLeft: 10 });
    expect(scene.records('auth.mfa_enrolled')).toMatchObject([{ data: { method: 'totp', reset: false } }]);
  });

  /** @securityTest A code of the authenticator that was seen is worth nothing */
  test('a code does not pass twice: not after setting up, not at sign-in, not when asked again', async () => {
    await enroll();
    expect(await refusal(signIn(codeNow()))).toBe('reauthentication-required: code');
    scene.clock.time += STEP;
    const code = codeNow();
    const result = await signIn(code);
    expect(result.step).toBe('done');
    expect(scene.records('auth.user_signed_in').at(-1)?.data).toMatchObject({ secondFactor: 'totp' });
    expect(await refusal(signIn(code))).toBe('reauthentication-required: code');
    expect(await refusal(scene.identity.reauthenticate(principal, { method: 'totp', code }))).toBe(
      'reauthentication-required: code',
    );
    await scene.reopen();
    expect(await refusal(signIn(code))).toBe('reauthentication-required: code');
    scene.clock.time += STEP;
    const next = codeNow();
    expect(await scene.identity.reauthenticate(principal, { method: 'totp', code: next })).toBe('totp');
    expect(await refusal(signIn(next))).toBe('reauthentication-required: code');
  });

  test('a wrong clock of an hour lets no code pass, and one set right again does', async () => {
    await enroll();
    const code = codeNow();
    scene.clock.time += 3_600_000;
    expect(await refusal(signIn(code))).toBe('reauthentication-required: code');
    const ahead = codeNow(); // the authenticator's clock is just as wrong
    expect((await signIn(ahead)).step).toBe('done');
    scene.clock.time -= 3_600_000 - STEP;
    expect((await signIn(codeNow())).step).toBe('done');
    scene.clock.time += 3_600_000 - STEP; // ahead again: the code of then was used
    expect(await refusal(signIn(ahead))).toBe('reauthentication-required: code');
  });

  /** @securityTest Who knows the password gets no endless tries at the code */
  test('the password alone does not forgive wrong codes', async () => {
    await enroll();
    for (let n = 0; n < 5; n++) {
      expect(await signIn()).toEqual({ step: 'second-factor' });
      expect(await refusal(signIn('000000'))).toBe('reauthentication-required: code');
    }
    expect(await refusal(signIn())).toBe('rate-limited: lockout');
    expect(await refusal(signIn(codeNow()))).toBe('rate-limited: lockout');
  });

  /** @securityTest A recovery code works once, and is nowhere in clear */
  test('recovery codes', async () => {
    const codes = await enroll();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/); // 80 bits
    const [first = '', second = ''] = codes;
    expect((await signIn(` ${first.toLowerCase().replaceAll('-', ' ')} `)).step).toBe('done');
    expect(scene.records('auth.user_signed_in').at(-1)?.data).toMatchObject({ secondFactor: 'recovery-code' });
    expect(await refusal(signIn(first))).toBe('reauthentication-required: code');
    await scene.reopen();
    expect(await refusal(signIn(first))).toBe('reauthentication-required: code');
    expect(scene.identity.self(principal).recoveryCodesLeft).toBe(9);
    const again = scene.identity.reauthenticate(principal, { method: 'totp', code: second });
    await expect(again).rejects.toMatchObject({
      code: 'reauthentication-required',
      reason: 'code',
      message: expect.stringContaining('a recovery code is for signing in only'),
    });
    const renewed = await scene.identity.renewRecoveryCodes(principal, { method: 'password', password });
    expect(await refusal(signIn(second))).toBe('reauthentication-required: code');
    expect((await signIn(renewed.codes[0] ?? '')).step).toBe('done');
    expect(scene.records('auth.mfa_enrolled').at(-1)?.data).toMatchObject({ method: 'recovery-codes', reset: true });
  });

  test('recovery codes go with a second factor', async () => {
    const renew = scene.identity.renewRecoveryCodes(principal, { method: 'password', password });
    expect(await refusal(renew)).toBe('conflict: no-second-factor');
  });

  /** @securityTest One person's recovery code is nobody else's */
  test("another person's recovery code", async () => {
    const codes = await enroll();
    const other = await scene.join(principal, 'operator');
    const mine = secret;
    const theirs = await scene.identity.beginSecondFactor(other.principal, 'a rather long winding road');
    await scene.identity.confirmSecondFactor(
      other.principal,
      generateSync({ secret: theirs.secret, epoch: scene.clock.time / 1000 }),
    );
    const input = { email: 'operator@example.test', password: 'a rather long winding road' };
    expect(await refusal(scene.identity.signIn({ ...input, code: codes[0] ?? '' }))).toBe(
      'reauthentication-required: code',
    );
    scene.clock.time += STEP;
    const foreign = generateSync({ secret: mine, epoch: scene.clock.time / 1000 });
    expect(await refusal(scene.identity.signIn({ ...input, code: foreign }))).toBe('reauthentication-required: code');
  });

  test('is reset by another owner or admin, which ends the sessions', async () => {
    const admin = await scene.join(principal, 'admin');
    const operator = await scene.join(principal, 'operator');
    await enroll();
    expect(await refusal(scene.identity.resetSecondFactor(admin.principal, principal.id))).toBe(
      'denied: owner-required',
    );
    expect(await refusal(scene.identity.resetSecondFactor(principal, principal.id))).toBe('denied: own-account');
    const view = await scene.identity.resetSecondFactor(admin.principal, operator.principal.id);
    expect(view).toMatchObject({ secondFactor: false, sessions: 0 });
    expect(await refusal(scene.identity.verifyToken(operator.token))).toBe('sign-in-required: session');
    expect(scene.records('auth.mfa_enrolled').at(-1)).toMatchObject({
      actor: { id: admin.principal.id },
      data: { user: operator.principal.id, method: 'none', reset: true },
    });
  });
});
