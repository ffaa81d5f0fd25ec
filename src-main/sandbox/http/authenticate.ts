import { timingSafeEqual } from 'node:crypto';
import type { AccountState } from '../account-state.ts';
import type { Principal } from '../iam/principal.ts';
import { parseAmzDate, parseAuthorization, signatureMatches, uncoveredHeaders } from '../sigv4.ts';
import { refuse } from './refusals.ts';
import type { ServiceTraits } from './service-table.ts';
import { header, type WireRequest } from './wire-request.ts';

export interface Caller {
  readonly account: AccountState;
  readonly principal: Principal;
  /** The region the request was signed for. */
  readonly region: string;
}

const MAX_SKEW = 5 * 60 * 1000;

/** Services reached in us-east-1 from every region. */
const GLOBAL_REGION = 'us-east-1';

/** Who signed this request. Throws the service's own refusal; never says which part of a secret was wrong. */
export function authenticate(
  service: ServiceTraits,
  request: WireRequest,
  accounts: readonly AccountState[],
  now: number,
): Caller {
  const value = header(request, 'authorization');
  if (value === undefined) {
    throw refuse(service, 'missing-authentication', 'Request is missing Authentication Token');
  }
  const authorization = parseAuthorization(value);
  if (typeof authorization === 'string') throw refuse(service, 'incomplete-signature', authorization);
  const amzDate = header(request, 'x-amz-date');
  const signedAt = amzDate === undefined ? undefined : parseAmzDate(amzDate);
  if (amzDate === undefined || signedAt === undefined) {
    throw refuse(service, 'incomplete-signature', "Authorization header requires a valid 'X-Amz-Date' header.");
  }
  const uncovered = uncoveredHeaders(request, authorization.signedHeaders);
  if (uncovered.length > 0) {
    throw refuse(service, 'bad-signature', `Headers must be signed: ${uncovered.join(', ')}.`);
  }
  const found = findPrincipal(accounts, authorization.accessKeyId);
  const token = header(request, 'x-amz-security-token');
  if (found === undefined || !tokenMatches(found.principal, token)) {
    throw refuse(service, 'unknown-key', 'The security token included in the request is invalid.');
  }
  const { account, principal } = found;
  checkScope(service, authorization, amzDate, account);
  checkSkew(service, amzDate, signedAt, now);
  if (!signatureMatches(request, authorization, principal.secretAccessKey)) {
    throw refuse(
      service,
      'bad-signature',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  }
  if (principal.type === 'session' && principal.expiresAt <= now) {
    throw refuse(service, 'expired-session', 'The security token included in the request is expired');
  }
  return { account, principal, region: authorization.region };
}

function findPrincipal(
  accounts: readonly AccountState[],
  accessKeyId: string,
): { readonly account: AccountState; readonly principal: Principal } | undefined {
  for (const account of accounts) {
    if (account.user.accessKeyId === accessKeyId) return { account, principal: account.user };
    const session = account.sessions.find(accessKeyId);
    if (session !== undefined) return { account, principal: session };
  }
  return undefined;
}

/** A session's key is nothing without its token, and a user's key comes without one. */
function tokenMatches(principal: Principal, token: string | undefined): boolean {
  if (principal.type === 'user') return token === undefined;
  if (token === undefined) return false;
  const expected = Buffer.from(principal.sessionToken, 'utf8');
  const actual = Buffer.from(token, 'utf8');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function checkScope(
  service: ServiceTraits,
  scope: { readonly date: string; readonly region: string; readonly service: string },
  amzDate: string,
  account: AccountState,
): void {
  if (scope.service !== service.signingName) {
    throw refuse(service, 'bad-signature', `Credential should be scoped to correct service: '${service.signingName}'.`);
  }
  const global = service.id === 'sts' || service.id === 'iam';
  if (scope.region !== account.region && !(global && scope.region === GLOBAL_REGION)) {
    throw refuse(service, 'bad-signature', `Credential should be scoped to a valid region: '${account.region}'.`);
  }
  if (scope.date !== amzDate.slice(0, 8)) {
    throw refuse(service, 'bad-signature', 'Date in Credential scope does not match YYYYMMDD from X-Amz-Date.');
  }
}

function checkSkew(service: ServiceTraits, amzDate: string, signedAt: number, now: number): void {
  const form = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
  if (signedAt < now - MAX_SKEW) {
    throw refuse(service, 'skewed', `Signature expired: ${amzDate} is now earlier than ${form(now - MAX_SKEW)}`);
  }
  if (signedAt > now + MAX_SKEW) {
    throw refuse(
      service,
      'skewed',
      `Signature not yet current: ${amzDate} is still later than ${form(now + MAX_SKEW)}`,
    );
  }
}
