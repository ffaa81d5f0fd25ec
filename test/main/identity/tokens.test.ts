import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CausewayError } from '#shared/errors.ts';
import { HOUR, type IdentityScene, MINUTE, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let token: string;
let person: string;
beforeEach(async () => {
  scene = await openScene();
  const owner = await scene.identity.createOwner(OWNER);
  token = owner.token;
  person = owner.principal.id;
});
afterEach(() => scene.close());

const { email, password } = OWNER;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const parts = (jwt = token) => {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return { header, payload, signature, claims: JSON.parse(Buffer.from(payload, 'base64url').toString()) };
};
const ownKey = () => {
  const der = scene.secrets.entries.get('tenant.acme.token-key');
  if (der === undefined) throw new Error('There is no token key');
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
};
/** Signed with the workspace's own key, as only somebody inside could: what is in it has to hold all the same. */
const signed = (changes: Record<string, unknown>, header: unknown = { alg: 'EdDSA', typ: 'JWT' }, key = ownKey()) => {
  const text = `${base64url(header)}.${base64url({ ...parts().claims, ...changes })}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
};
const verify = (jwt: string) => refusal(scene.identity.verifyToken(jwt));
const rejected = () => scene.records('auth.token_rejected').map(({ data }) => data.reason);

test('a token holds what it should, and lasts eight hours', () => {
  const { claims, header } = parts();
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'EdDSA', typ: 'JWT' });
  const now = scene.clock.time / 1000;
  expect(claims).toEqual({
    iss: 'causeway',
    aud: expect.stringMatching(/^workspace:[0-9a-f-]{36}$/),
    sub: person,
    tenant: 'acme',
    sid: expect.stringMatching(/^s-[0-9a-f]{12}$/),
    role: 'owner',
    iat: now,
    nbf: now,
    exp: now + 8 * 3600,
    jti: expect.any(String),
  });
  expect(JSON.stringify(claims)).not.toContain('Olga');
});

describe('hostile tokens', () => {
  const { publicKey: strangerPublic, privateKey: stranger } = generateKeyPairSync('ed25519');
  const strangerJwk = strangerPublic.export({ format: 'jwk' });
  const hmac = (alg: string, secret: string | Buffer) => {
    const text = `${base64url({ alg, typ: 'JWT' })}.${parts().payload}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const publicDer = () => createPublicKey(ownKey()).export({ format: 'der', type: 'spki' });
  const publicPem = () => createPublicKey(ownKey()).export({ format: 'pem', type: 'spki' }).toString();
  const ecdsa = () => {
    const text = `${base64url({ alg: 'ES256', typ: 'JWT' })}.${parts().payload}`;
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const flipped = () => {
    const bytes = Buffer.from(parts().signature, 'base64url');
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    return `${parts().header}.${parts().payload}.${bytes.toString('base64url')}`;
  };

  /** @securityTest Forged, unsigned and otherwise signed session tokens are refused, each with its reason on record */
  test.each<[what: string, make: () => string, reason: string]>([
    ['nothing', () => '', 'malformed'],
    ['no token', () => 'not a token', 'malformed'],
    ['two parts', () => `${parts().header}.${parts().payload}`, 'malformed'],
    ['a very long one', () => `${token}${'A'.repeat(10_000)}`, 'malformed'],
    ['none, unsigned', () => `${base64url({ alg: 'none', typ: 'JWT' })}.${parts().payload}.`, 'algorithm'],
    ['NONE', () => `${base64url({ alg: 'NONE', typ: 'JWT' })}.${parts().payload}.`, 'algorithm'],
    [
      'none, with the signature',
      () => `${base64url({ alg: 'none' })}.${parts().payload}.${parts().signature}`,
      'algorithm',
    ],
    ['HS256 under the public key (DER)', () => hmac('HS256', publicDer()), 'algorithm'],
    ['HS256 under the public key (PEM)', () => hmac('HS256', publicPem()), 'algorithm'],
    ['HMAC called EdDSA', () => hmac('EdDSA', publicDer()), 'signature'],
    ['ES256', ecdsa, 'algorithm'],
    ['Ed25519 as algorithm name', () => signed({}, { alg: 'Ed25519', typ: 'JWT' }), 'algorithm'],
    ['no algorithm', () => signed({}, { typ: 'JWT' }), 'algorithm'],
    ['an algorithm that is no text', () => signed({}, { alg: ['EdDSA'], typ: 'JWT' }), 'algorithm'],
    ["a stranger's key", () => signed({}, undefined, stranger), 'signature'],
    ['an embedded key', () => signed({}, { alg: 'EdDSA', typ: 'JWT', jwk: strangerJwk }, stranger), 'malformed'],
    ['a key id that is a path', () => signed({}, { alg: 'EdDSA', typ: 'JWT', kid: '../../dev/null' }), 'malformed'],
    ['a key to be fetched', () => signed({}, { alg: 'EdDSA', typ: 'JWT', jku: 'https://example.test' }), 'malformed'],
    ['a critical extension', () => signed({}, { alg: 'EdDSA', typ: 'JWT', crit: ['exp'] }), 'malformed'],
    ['another type', () => signed({}, { alg: 'EdDSA', typ: 'at+jwt' }), 'malformed'],
    ['a bit of the signature', flipped, 'signature'],
    [
      'the role raised in the payload',
      () => `${parts().header}.${base64url({ ...parts().claims, role: 'admin' })}.${parts().signature}`,
      'signature',
    ],
    ['another issuer', () => signed({ iss: 'somebody' }), 'issuer'],
    ['another audience', () => signed({ aud: 'workspace:00000000-0000-4000-8000-000000000000' }), 'audience'],
    ['several audiences', () => signed({ aud: [parts().claims.aud, 'others'] }), 'malformed'],
    ['another tenant', () => signed({ tenant: 'other' }), 'tenant'],
    ['an expiry that has passed', () => signed({ exp: scene.clock.time / 1000 - 61 }), 'expiry'],
    ['no expiry', () => signed({ exp: undefined }), 'malformed'],
    ['an expiry that is no number', () => signed({ exp: '9999999999' }), 'malformed'],
    ['a later expiry than it was issued with', () => signed({ exp: 9_999_999_999 }), 'session'],
    ['a beginning in the future', () => signed({ nbf: scene.clock.time / 1000 + 61 }), 'not-yet-valid'],
    ['another role', () => signed({ role: 'viewer' }), 'session'],
    ['another person', () => signed({ sub: 'u-000000000000' }), 'session'],
    ['an unknown session', () => signed({ sid: 's-000000000000' }), 'session'],
    ['no session', () => signed({ sid: undefined }), 'malformed'],
    ['a claim nobody knows', () => signed({ admin: true }), 'malformed'],
    ['another token of the same session', () => signed({ jti: '00000000-0000-4000-8000-000000000000' }), 'session'],
  ])('%s', async (_what, make, reason) => {
    expect(await verify(make())).toBe(`sign-in-required: ${reason}`);
    expect(rejected()).toEqual([reason]);
    expect(await verify(token)).toBe('done');
  });

  /** @securityTest A token of another workspace opens nothing here */
  test("another workspace's token", async () => {
    const other = await openScene();
    const { token: foreign } = await other.identity.createOwner(OWNER);
    expect(await verify(foreign)).toBe('sign-in-required: signature');
    // even if both had the same key
    const key = other.secrets.entries.get('tenant.acme.token-key');
    if (key !== undefined) scene.secrets.entries.set('tenant.acme.token-key', key);
    await scene.reopen();
    expect(await verify(foreign)).toBe('sign-in-required: audience');
    await other.close();
  });

  /** @securityTest What a forger wrote into a token is not repeated in the trail, and thousands of tokens do not fill it */
  test('many of them', async () => {
    const before = scene.store.head().seq;
    for (let n = 0; n < 1000; n++) {
      expect(await verify(signed({ sub: `u-${String(n).padStart(12, '0')}` }, undefined, stranger))).toBe(
        'sign-in-required: signature',
      );
    }
    expect(scene.store.head().seq - before).toBe(101);
    expect(scene.records().at(-1)).toMatchObject({ action: 'auth.rate_limited' });
    expect(scene.records('auth.token_rejected')[0]).toMatchObject({
      actor: { id: 'causeway' },
      target: { id: 'unknown' },
    });
  });

  test('a refused token is refused also when that cannot be recorded', async () => {
    scene.broken = new CausewayError('disk-full', 'No space.');
    expect(await verify(signed({}, undefined, stranger))).toBe('sign-in-required: signature');
    scene.broken = null;
    await scene.identity.verifyToken(token);
    expect(rejected()).toEqual(['signature']);
  });
});

describe('a session', () => {
  test('ends after eight hours, to the second, and that is on record once', async () => {
    for (let quarter = 0; quarter < 4 * 8; quarter++) {
      scene.clock.time += 14 * MINUTE;
      await scene.identity.verifyToken(token, { touch: true });
    }
    const end = parts().claims.exp * 1000;
    while (scene.clock.time < end - 10 * MINUTE) {
      scene.clock.time += 10 * MINUTE;
      await scene.identity.verifyToken(token, { touch: true });
    }
    scene.clock.time = end - 1;
    expect(await verify(token)).toBe('done');
    scene.clock.time = end;
    expect(await verify(token)).toBe('sign-in-required: expiry');
    expect(await verify(token)).toBe('sign-in-required: expiry');
    scene.clock.time = end + HOUR;
    expect(await verify(token)).toBe('sign-in-required: expiry');
    expect(rejected()).toEqual(['expiry']);
    expect(scene.records('auth.user_signed_out').map(({ data }) => data.reason)).toEqual(['expired']);
    expect(scene.identity.people()[0]?.sessions).toBe(0);
  });

  /** @securityTest A session nobody uses locks after fifteen minutes, and only the password opens it again */
  test('locks when idle; looking does not keep it awake, doing does', async () => {
    scene.clock.time += 14 * MINUTE;
    expect(await verify(token)).toBe('done');
    scene.clock.time += MINUTE;
    expect(await verify(token)).toBe('sign-in-required: locked');
    expect(await verify(token)).toBe('sign-in-required: locked');
    expect(await scene.identity.verifyToken(token, { evenLocked: true, touch: true })).toMatchObject({ id: person });
    expect(await verify(token)).toBe('sign-in-required: locked');
    expect(scene.records('tenant.configuration_changed')).toMatchObject([{ data: { new: 'locked (idle)' } }]);
    expect(await refusal(scene.identity.unlock(token, 'wrong'))).toBe('reauthentication-required: password');
    expect(await scene.identity.unlock(token, password)).toMatchObject({ id: person });
    scene.clock.time += 14 * MINUTE;
    await scene.identity.verifyToken(token, { touch: true });
    scene.clock.time += 14 * MINUTE;
    expect(await verify(token)).toBe('done');
  });

  test('stays locked across a restart, and locks when nobody was there during one', async () => {
    const principal = await scene.identity.verifyToken(token);
    await scene.identity.lock(principal);
    await scene.reopen();
    expect(await verify(token)).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, password);
    await scene.reopen();
    expect(await verify(token)).toBe('done');
    scene.clock.time += 15 * MINUTE;
    await scene.reopen();
    expect(await verify(token)).toBe('sign-in-required: locked');
  });

  test('another idle time can be asked for', async () => {
    await scene.reopen({ idleLockMs: MINUTE });
    scene.clock.time += MINUTE;
    expect(await verify(token)).toBe('sign-in-required: locked');
  });

  /** @securityTest A clock an hour ahead or behind opens nothing that is over, and locks rather than trusts */
  test('with a wrong clock', async () => {
    scene.clock.time -= HOUR; // behind: the session begins in the future
    expect(await verify(token)).toBe('sign-in-required: not-yet-valid');
    const behind = await scene.identity.signIn({ email, password });
    if (behind.step !== 'done') throw new Error('no second factor was set up');
    expect(await verify(behind.token)).toBe('done'); // signing in again is always possible
    scene.clock.time += HOUR; // set right
    expect(await verify(token)).toBe('done');
    expect(await verify(behind.token)).toBe('sign-in-required: locked');
    scene.clock.time += HOUR; // ahead
    expect(await verify(token)).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, password);
    await scene.identity.verifyToken(token, { touch: true });
    scene.clock.time -= HOUR; // set right: how long nobody was there cannot be told
    expect(await verify(token)).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, password);
    expect(await verify(token)).toBe('done');
    expect(parts().claims.exp * 1000 - scene.clock.time).toBe(8 * HOUR);
  });

  test('ends by signing out, here or everywhere', async () => {
    const here = await scene.identity.verifyToken(token);
    const second = await scene.identity.signIn({ email, password });
    const third = await scene.identity.signIn({ email, password });
    if (second.step !== 'done' || third.step !== 'done') throw new Error('no second factor was set up');
    await scene.identity.signOut(here, false);
    expect(await verify(token)).toBe('sign-in-required: session');
    expect(await verify(second.token)).toBe('done');
    await scene.identity.signOut(second.principal, true);
    expect(await verify(second.token)).toBe('sign-in-required: session');
    expect(await verify(third.token)).toBe('sign-in-required: session');
    expect(scene.records('auth.user_signed_out').map(({ data }) => data.reason)).toEqual([
      'signed-out',
      'everywhere',
      'everywhere',
    ]);
    expect(await refusal(scene.identity.unlock(token, password))).toBe('sign-in-required: session');
  });

  test('ends also when that cannot be recorded, which is made up for', async () => {
    const principal = await scene.identity.verifyToken(token);
    scene.broken = new CausewayError('disk-full', 'No space.');
    await scene.identity.signOut(principal, false);
    expect(await verify(token)).toBe('sign-in-required: session');
    scene.broken = null;
    await scene.reopen();
    expect(scene.records('auth.user_signed_out')).toMatchObject([{ actor: { id: person } }]);
    expect(scene.warnings).toContain('something that happened could not be recorded at once');
  });

  test('tells its listeners', async () => {
    const told: string[] = [];
    const stop = scene.identity.subscribe((what) => told.push(what));
    await scene.identity.lock(await scene.identity.verifyToken(token));
    expect(told).toEqual(['access']);
    stop();
    await scene.identity.unlock(token, password);
    expect(told).toEqual(['access']);
  });
});

describe('the token key', () => {
  /** @securityTest A token key that is lost or damaged is replaced, and every session ends */
  test.each([
    ['lost', () => scene.secrets.entries.delete('tenant.acme.token-key')],
    ['damaged', () => scene.secrets.entries.set('tenant.acme.token-key', Buffer.from('nothing'))],
  ])('%s', async (_what, damage) => {
    damage();
    await scene.reopen();
    expect(await verify(token)).toBe('sign-in-required: signature');
    expect(scene.records('auth.user_signed_out')).toMatchObject([{ data: { reason: 'revoked' } }]);
    expect((await scene.identity.signIn({ email, password })).step).toBe('done');
  });

  test('nothing opens while the keychain does not answer', async () => {
    scene.secrets.failure = new CausewayError('keychain-unavailable', 'Locked.');
    expect(await refusal(scene.reopen())).toBe('keychain-unavailable');
    scene.secrets.failure = null;
    await scene.reopen();
    expect(await verify(token)).toBe('done');
  });
});
