import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CausewayError } from '#shared/errors.ts';
import { type IdentityScene, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let token: string;
let person: string;
beforeAll(async () => {
  scene = await openScene();
  const owner = await scene.identity.createOwner(OWNER);
  token = owner.token;
  person = owner.principal.id;
});
afterAll(() => scene.close());

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
    const before = rejected();
    expect(await verify(make())).toBe(`sign-in-required: ${reason}`);
    expect(rejected()).toEqual([...before, reason]);
    expect(await verify(token)).toBe('done');
  });

  /** @securityTest What a forger wrote into a token is not repeated in the trail, and thousands of tokens do not fill it */
  test('many of them', async () => {
    await scene.reopen(); // what was counted so far is not this test's
    const before = scene.store.head().seq;
    for (let n = 0; n < 1000; n++) {
      expect(await verify(signed({ sub: `u-${String(n).padStart(12, '0')}` }, undefined, stranger))).toBe(
        'sign-in-required: signature',
      );
    }
    expect(scene.store.head().seq - before).toBe(101);
    expect(scene.records().at(-1)).toMatchObject({ action: 'auth.rate_limited' });
    expect(scene.records('auth.token_rejected').at(-1)).toMatchObject({
      actor: { id: 'causeway' },
      target: { id: 'unknown' },
    });
  });

  test('a refused token is refused also when that cannot be recorded', async () => {
    await scene.reopen();
    const before = rejected();
    scene.broken = new CausewayError('disk-full', 'No space.');
    expect(await verify(signed({}, undefined, stranger))).toBe('sign-in-required: signature');
    scene.broken = null;
    await scene.identity.verifyToken(token);
    expect(rejected()).toEqual([...before, 'signature']);
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
});
