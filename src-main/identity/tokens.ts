import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { PersonId, Role } from '#shared/model/access.ts';
import type { TokenKey } from './token-key.ts';

const ISSUER = 'causeway';
const ALGORITHM = 'EdDSA';
/** Between two clocks; a session's own end has no tolerance. */
const TOLERANCE_SECONDS = 60;
const LONGEST = 4096;

/** Why a token is refused, as it is put on record; `locked` is not refused but waits for the password. */
export type TokenFault =
  | 'signature'
  | 'algorithm'
  | 'issuer'
  | 'audience'
  | 'expiry'
  | 'not-yet-valid'
  | 'tenant'
  | 'session'
  | 'malformed'
  | 'locked';

const SENTENCES: Readonly<Record<TokenFault, string>> = {
  signature: 'This sign-in is not valid here. Sign in again.',
  algorithm: 'This sign-in is not valid here. Sign in again.',
  issuer: 'This sign-in is not valid here. Sign in again.',
  audience: 'This sign-in belongs to another workspace. Sign in again.',
  expiry: 'Your session has ended after its longest time. Sign in again.',
  'not-yet-valid':
    'Your session begins in the future: the clock of this computer was set back. Set it right, or sign in again.',
  tenant: 'This sign-in belongs to another workspace. Sign in again.',
  session: 'Your session was ended. Sign in again.',
  malformed: 'This sign-in is not valid here. Sign in again.',
  locked: 'The session is locked. Enter your password to go on.',
};

export function tokenRefused(reason: TokenFault, cause?: unknown): CausewayError {
  return new CausewayError('sign-in-required', SENTENCES[reason], { reason, cause });
}

const Seconds = z.int().min(0);
const Claims = z.strictObject({
  iss: z.literal(ISSUER),
  aud: z.string(),
  sub: PersonId,
  tenant: z.string(),
  sid: z.string().max(64),
  role: Role,
  iat: Seconds,
  nbf: Seconds,
  exp: Seconds,
  jti: z.uuidv4(),
});
export type TokenClaims = Omit<z.infer<typeof Claims>, 'iss' | 'aud' | 'iat' | 'nbf' | 'exp'>;

/** For whom a workspace's tokens are: this very workspace, not another one of the same name. */
export function audienceOf(instance: string): string {
  return `workspace:${instance}`;
}

/** `from` and `until` in milliseconds since the epoch. */
export function issueToken(
  key: TokenKey,
  claims: TokenClaims,
  { audience, from, until }: { readonly audience: string; readonly from: number; readonly until: number },
): Promise<string> {
  const { sub, jti, tenant, sid, role } = claims;
  const start = Math.floor(from / 1000);
  return new SignJWT({ tenant, sid, role })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setSubject(sub)
    .setJti(jti)
    .setIssuedAt(start)
    .setNotBefore(start)
    .setExpirationTime(Math.floor(until / 1000))
    .sign(key.privateKey);
}

/**
 * The claims of a token that is genuine, for this workspace, and of now. Whether its session goes on is asked afterwards.
 * @throws CausewayError `sign-in-required`, the reason being a {@link TokenFault}
 */
export async function readToken(
  key: TokenKey,
  token: string,
  { audience, tenant, now }: { readonly audience: string; readonly tenant: string; readonly now: number },
): Promise<TokenClaims> {
  requireHeader(token);
  let payload: unknown;
  try {
    ({ payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [ALGORITHM],
      typ: 'JWT',
      issuer: ISSUER,
      audience,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'iat', 'nbf', 'exp', 'jti'],
    }));
  } catch (error) {
    throw tokenRefused(faultOf(error), error);
  }
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw tokenRefused('malformed', claims.error);
  if (claims.data.tenant !== tenant) throw tokenRefused('tenant');
  const { sub, sid, role, jti } = claims.data;
  return { sub, sid, role, jti, tenant };
}

/**
 * The header is the forger's own: before anything else it has to be exactly the one this room writes. No key named or
 * embedded in it (kid, jwk, jku, x5c) is ever looked at, and `none` or an HMAC under the public key gets no further
 * (RFC 8725, sections 2.1, 2.10 and 3.1).
 */
function requireHeader(token: string): void {
  let header: Record<string, unknown>;
  try {
    if (token.length > LONGEST) throw new RangeError('too long');
    header = { ...decodeProtectedHeader(token) };
  } catch (error) {
    throw tokenRefused('malformed', error);
  }
  if (header.alg !== ALGORITHM) throw tokenRefused('algorithm');
  if (header.typ !== 'JWT' || Object.keys(header).length !== 2) throw tokenRefused('malformed');
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expiry';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  switch (error.claim) {
    case 'iss':
      return 'issuer';
    case 'aud':
      return 'audience';
    case 'nbf': // missing, or no number, is something else than too early
      return error.reason === 'check_failed' ? 'not-yet-valid' : 'malformed';
    default:
      return 'malformed';
  }
}
