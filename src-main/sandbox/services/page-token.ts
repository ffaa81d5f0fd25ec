import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Opaque continuation tokens: the position under a key of this start, so that a made-up token is refused. */
const KEY = randomBytes(32);

export function sealToken(scope: string, position: readonly number[]): string {
  const payload = position.join(',');
  return `${Buffer.from(payload, 'utf8').toString('base64url')}.${mac(scope, payload).toString('base64url')}`;
}

/** The position, or undefined for a token this scope did not give out. */
export function openToken(scope: string, token: string): readonly number[] | undefined {
  const [encoded, seal, ...rest] = token.split('.');
  if (encoded === undefined || seal === undefined || rest.length > 0) return undefined;
  const payload = Buffer.from(encoded, 'base64url').toString('utf8');
  const expected = mac(scope, payload);
  const actual = Buffer.from(seal, 'base64url');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
  return payload.split(',').map(Number);
}

function mac(scope: string, payload: string): Buffer {
  return createHmac('sha256', KEY).update(`${scope}\n${payload}`, 'utf8').digest();
}
