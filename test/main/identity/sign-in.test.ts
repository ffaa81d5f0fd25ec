import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import { HOUR, type IdentityScene, MINUTE, OTHER_PASSWORD, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const { email, password } = OWNER;
const makeOwner = async (): Promise<Principal> => (await scene.identity.createOwner(OWNER)).principal;
const wrong = (address = email) => scene.identity.signIn({ email: address, password: 'not the password at all' });

describe('the owner', () => {
  test('is made while there are no people, and is signed in by it', async () => {
    expect(scene.identity.hasPeople()).toBe(false);
    const { token, principal } = await scene.identity.createOwner(OWNER);
    expect(principal).toMatchObject({ type: 'user', role: 'owner', tenant: 'acme', name: OWNER.name });
    expect(principal.human).toBe(principal.id);
    expect(await scene.identity.verifyToken(token)).toEqual(principal);
    expect(scene.identity.hasPeople()).toBe(true);
    expect(scene.identity.self(principal)).toMatchObject({ email, secondFactor: false, recoveryCodesLeft: 0 });
    const actions = scene.records().map(({ action }) => action);
    expect(actions.slice(1)).toEqual([
      'auth.password_changed',
      'tenant.user_added',
      'auth.token_issued',
      'auth.user_signed_in',
    ]);
    expect(scene.records('auth.password_changed')[0]?.data).toMatchObject({ parameters: 'm=64,t=1,p=1' });
    expect(await refusal(scene.identity.createOwner({ ...OWNER, email: 'two@example.test' }))).toBe(
      'conflict: has-people',
    );
  });

  test.each([
    ['a short password', { ...OWNER, password: 'eleven char' }, 'bad-input: password-short'],
    ['a password with the address in it', { ...OWNER, password: 'Olga likes 12 dogs' }, 'bad-input: password-obvious'],
    ['the product as password', { ...OWNER, password: 'my Causeway password' }, 'bad-input: password-obvious'],
    ['a password everybody tries', { ...OWNER, password: 'Password123456' }, 'bad-input: password-obvious'],
    ['no address', { ...OWNER, email: 'olga' }, 'bad-input: person'],
    ['no name', { ...OWNER, name: '  ' }, 'bad-input: person'],
  ])('is not made with %s', async (_what, input, expected) => {
    expect(await refusal(scene.identity.createOwner(input))).toBe(expected);
    expect(scene.identity.hasPeople()).toBe(false);
  });

  test('is not made when the trail cannot be written, and can be made later', async () => {
    scene.broken = new CausewayError('disk-full', 'No space.');
    expect(await refusal(scene.identity.createOwner(OWNER))).toBe('audit-unavailable');
    expect(scene.identity.hasPeople()).toBe(false);
    scene.broken = null;
    await makeOwner();
  });
});

describe('signing in', () => {
  test('with the right password, however the address is written', async () => {
    const { id } = await makeOwner();
    const result = await scene.identity.signIn({ email: ' OLGA@Example.test', password });
    if (result.step !== 'done') throw new Error('no second factor was set up');
    expect(result.principal.id).toBe(id);
    expect(await scene.identity.verifyToken(result.token)).toMatchObject({ id, session: result.principal.session });
    expect(scene.identity.people()).toMatchObject([{ id, sessions: 2, lockedUntil: null }]);
    const [, issued] = scene.records('auth.token_issued');
    expect(issued).toMatchObject({ actor: { id }, data: { session: result.principal.session } });
  });

  test('a password that is written in another Unicode form is the same', async () => {
    await scene.identity.createOwner({ ...OWNER, password: 'grüne ﬁsche schwimmen' });
    const result = await scene.identity.signIn({ email, password: 'gru\u0308ne fische schwimmen' });
    expect(result.step).toBe('done');
  });

  /** @securityTest Nobody learns from the answer who is in a workspace */
  test('an unknown address and a wrong password get the same answer, and are locked out alike', async () => {
    await makeOwner();
    const tell = async (address: string) => {
      const answers: unknown[] = [];
      for (let n = 0; n < 7; n++) {
        await wrong(address).catch(({ code, reason, message }) => answers.push({ code, reason, message }));
      }
      return answers;
    };
    const known = await tell(email);
    expect(known).toHaveLength(7);
    expect(await tell('nobody@example.test')).toEqual(known);
  });

  /** @securityTest An unknown e-mail address costs as much time as a wrong password */
  test('an unknown address is hashed at the same cost', async () => {
    const cost = { memoryKiB: 8192, passes: 2, lanes: 1 };
    const identity = await scene.reopen({ passwordCost: cost });
    await identity.createOwner(OWNER);
    const time = async (address: string) => {
      scene.clock.time += HOUR; // no lock is in the way
      const start = performance.now();
      expect(await refusal(wrong(address))).toBe('reauthentication-required: credentials');
      return performance.now() - start;
    };
    await time('warm@example.test');
    let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]; // the least: others use this machine too
    for (let n = 0; n < 8; n++) {
      known = Math.min(known, await time(email));
      unknown = Math.min(unknown, await time(`nobody${n}@example.test`));
    }
    expect(unknown).toBeGreaterThan(known / 3);
    expect(unknown).toBeLessThan(known * 3);
  });

  /** @securityTest No sign-in without its record */
  test('does not happen when it cannot be recorded', async () => {
    await makeOwner();
    scene.broken = new CausewayError('disk-full', 'No space.');
    const before = scene.identity.people()[0]?.sessions;
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('audit-unavailable');
    expect(scene.identity.people()[0]?.sessions).toBe(before);
  });

  test('hashes again when more is asked for than the hash cost', async () => {
    await makeOwner();
    const identity = await scene.reopen({ passwordCost: { memoryKiB: 128, passes: 2, lanes: 1 } });
    await identity.signIn({ email, password });
    await identity.signIn({ email, password });
    expect(scene.records('auth.password_changed').map(({ data }) => data)).toMatchObject([
      { reason: 'first', parameters: 'm=64,t=1,p=1' },
      { reason: 'cost-raised', parameters: 'm=128,t=2,p=1' },
    ]);
  });
});

describe('the lockout', () => {
  /** @securityTest Wrong passwords lock an account for longer and longer, also across a restart */
  test('begins with the fifth failure, doubles, ends at an hour, and survives a restart', async () => {
    await makeOwner();
    for (let n = 0; n < 5; n++) expect(await refusal(wrong())).toBe('reauthentication-required: credentials');
    await expect(scene.identity.signIn({ email, password })).rejects.toMatchObject({
      code: 'rate-limited',
      reason: 'lockout',
      until: new Date(scene.clock.time + 30_000).toISOString(),
    });
    await scene.reopen();
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('rate-limited: lockout');
    const waits: number[] = [];
    for (let n = 0; n < 9; n++) {
      const until = Date.parse(scene.identity.people()[0]?.lockedUntil ?? '');
      waits.push((until - scene.clock.time) / 1000);
      scene.clock.time = until - 1;
      expect(await refusal(wrong())).toBe('rate-limited: lockout');
      scene.clock.time = until;
      expect(await refusal(wrong())).toBe('reauthentication-required: credentials');
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    scene.clock.time += HOUR;
    expect((await scene.identity.signIn({ email, password })).step).toBe('done');
    expect(await refusal(wrong())).toBe('reauthentication-required: credentials');
    expect(scene.identity.people()[0]?.lockedUntil).toBeNull();
  });

  /** @securityTest 10,000 wrong passwords neither get through nor fill the trail */
  test('10,000 wrong passwords', async () => {
    await makeOwner();
    const before = scene.store.head().seq;
    const answers = new Map<string, number>();
    for (let n = 0; n < 10_000; n++) {
      const answer = await refusal(scene.identity.signIn({ email, password: `wrong password ${n}` }));
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      scene.clock.time += 100; // ten a second for a quarter of an hour
    }
    expect([...answers]).toEqual([
      ['reauthentication-required: credentials', 10],
      ['rate-limited: lockout', 9990],
    ]);
    const failed = scene.records('auth.sign_in_failed');
    expect(failed.filter(({ data }) => data.reason === 'wrong-password')).toHaveLength(10);
    scene.clock.time += HOUR;
    expect((await scene.identity.signIn({ email, password })).step).toBe('done');
    const kept = scene.records('auth.sign_in_failed').filter(({ data }) => data.reason === 'rate-limited');
    expect(kept.reduce((sum, { data }) => sum + Number(data.attempts), 0)).toBe(9990); // all told, in a few records
    expect(scene.records('auth.rate_limited')).toHaveLength(6);
    expect(scene.store.head().seq - before).toBeLessThan(40);
  }, 120_000);

  test('forgets addresses nobody has, and failures of yesterday', async () => {
    await makeOwner();
    for (let n = 0; n < 20; n++) await refusal(wrong(`person${n}@example.test`));
    for (let n = 0; n < 4; n++) await refusal(wrong());
    const rows = () => {
      const db = new Database(join(scene.folder, 'people.db'), { readonly: true });
      const found = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM entry WHERE kind = 'lockout'").get()?.n;
      db.close();
      return found;
    };
    expect(rows()).toBe(22); // twenty strangers, the owner, everybody
    scene.clock.time += 24 * HOUR + 1;
    expect(await refusal(wrong())).toBe('reauthentication-required: credentials'); // the first of today
    expect(scene.identity.people()[0]?.lockedUntil).toBeNull();
    expect(rows()).toBe(1);
  });

  /** @securityTest Thousands of e-mail addresses are tried no faster than one */
  test('a list of addresses', async () => {
    await makeOwner();
    const before = scene.store.head().seq;
    let looked = 0;
    for (let n = 0; n < 2000; n++) {
      if ((await refusal(wrong(`person${n}@example.test`))) === 'reauthentication-required: credentials') looked++;
    }
    expect(looked).toBe(100);
    expect(scene.store.head().seq - before).toBeLessThan(110);
    scene.clock.time += 15 * MINUTE;
    expect(await refusal(wrong('person@example.test'))).toBe('reauthentication-required: credentials');
  }, 120_000);

  /** @securityTest Made-up addresses lock out nobody who is here */
  test('of strangers is not that of the people who are here', async () => {
    const { token, principal } = await scene.identity.createOwner(OWNER);
    for (let n = 0; n < 100; n++) await refusal(wrong(`person${n}@example.test`));
    expect(await refusal(wrong('person@example.test'))).toBe('rate-limited: lockout');
    expect((await scene.identity.signIn({ email, password })).step).toBe('done');
    expect(await scene.identity.reauthenticate(principal, { method: 'password', password })).toBe('password');
    await scene.identity.lock(principal);
    expect(await scene.identity.unlock(token, password)).toMatchObject({ id: principal.id });
    for (let n = 0; n < 5; n++) expect(await refusal(wrong())).toBe('reauthentication-required: credentials');
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('rate-limited: lockout');
  }, 60_000);

  /** @securityTest Attempts at the same time are counted one by one */
  test('a hundred at once', async () => {
    await makeOwner();
    const answers = await Promise.all(Array.from({ length: 100 }, () => refusal(wrong())));
    expect(answers.filter((answer) => answer === 'reauthentication-required: credentials')).toHaveLength(5);
  });

  /** @securityTest Ending the program while a password is looked at does not save the attempt */
  test('is counted before it is looked at', async () => {
    await makeOwner();
    for (let n = 0; n < 4; n++) await refusal(wrong());
    scene.broken = new Error('gone'); // the failure can no longer be recorded
    expect(await refusal(wrong())).toBe('audit-unavailable');
    scene.broken = null;
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('rate-limited: lockout');
  });

  test('a clock that is set back does not make it longer, nor does one set forward forget it', async () => {
    await makeOwner();
    for (let n = 0; n < 6; n++) await refusal(wrong());
    scene.clock.time -= HOUR;
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('rate-limited: lockout');
    expect(scene.identity.people()[0]?.lockedUntil).toBe(new Date(scene.clock.time + 30_000).toISOString());
    scene.clock.time += 2 * HOUR;
    expect(await refusal(wrong())).toBe('reauthentication-required: credentials'); // the sixth in a row
    expect(scene.identity.people()[0]?.lockedUntil).toBe(new Date(scene.clock.time + MINUTE).toISOString());
  });

  test('also counts what is asked for again inside', async () => {
    const principal = await makeOwner();
    const again = (given: string) => scene.identity.reauthenticate(principal, { method: 'password', password: given });
    expect(await again(password)).toBe('password');
    for (let n = 0; n < 5; n++) expect(await refusal(again('wrong'))).toBe('reauthentication-required: password');
    expect(await refusal(again(password))).toBe('rate-limited: lockout');
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('rate-limited: lockout');
  });
});

describe('changing the password', () => {
  test('needs the current one, and ends the other sessions', async () => {
    const { token, principal } = await scene.identity.createOwner(OWNER);
    const other = await scene.identity.signIn({ email, password });
    if (other.step !== 'done') throw new Error('no second factor was set up');
    expect(await refusal(scene.identity.changePassword(principal, 'wrong', OTHER_PASSWORD))).toBe(
      'reauthentication-required: password',
    );
    expect(await refusal(scene.identity.changePassword(principal, password, 'short'))).toBe(
      'bad-input: password-short',
    );
    await scene.identity.changePassword(principal, password, OTHER_PASSWORD);
    expect(await scene.identity.verifyToken(token)).toMatchObject({ id: principal.id });
    expect(await refusal(scene.identity.verifyToken(other.token))).toBe('sign-in-required: session');
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('reauthentication-required: credentials');
    expect((await scene.identity.signIn({ email, password: OTHER_PASSWORD })).step).toBe('done');
  });
});
