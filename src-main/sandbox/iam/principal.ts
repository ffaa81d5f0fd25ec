import { randomBytes } from 'node:crypto';
import type { EffectivePolicies, RequestContext } from './evaluate.ts';
import type { Policy } from './policy-document.ts';
import type { RoleStore } from './role-store.ts';
import { randomSecretKey, randomUniqueId } from './unique-id.ts';

/** The console's own IAM user. */
export interface UserPrincipal {
  readonly type: 'user';
  readonly arn: string;
  readonly userId: string;
  readonly userName: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly policy: Policy;
}

/** One assumed-role session. */
export interface SessionPrincipal {
  readonly type: 'session';
  readonly arn: string;
  /** `<role id>:<session name>` */
  readonly userId: string;
  readonly accountId: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sourceIdentity: string | undefined;
  readonly sessionPolicy: Policy | undefined;
  /** Epoch milliseconds, wall clock. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export type Principal = UserPrincipal | SessionPrincipal;

export function newUser(accountId: string, userName: string, policy: Policy): UserPrincipal {
  return {
    type: 'user',
    arn: `arn:aws:iam::${accountId}:user/${userName}`,
    userId: randomUniqueId('AIDA'),
    userName,
    accountId,
    accessKeyId: randomUniqueId('AKIA'),
    secretAccessKey: randomSecretKey(),
    policy,
  };
}

export function newSessionSecrets() {
  return {
    accessKeyId: randomUniqueId('ASIA'),
    secretAccessKey: randomSecretKey(),
    sessionToken: randomBytes(192).toString('base64'),
  };
}

/** Expired sessions are remembered this long, so that their use is answered as expired and not as unknown. */
const KEEP_EXPIRED = 24 * 60 * 60 * 1000;
const MAX_SESSIONS = 50_000;

/** The sessions of one account, by access key. In memory only; gone when the cloud stops. */
export interface SessionStore {
  add(session: SessionPrincipal): void;
  find(accessKeyId: string): SessionPrincipal | undefined;
}

export function createSessionStore(): SessionStore {
  const sessions = new Map<string, SessionPrincipal>();
  return {
    add: (session) => {
      for (const [key, known] of sessions) {
        if (known.expiresAt + KEEP_EXPIRED > session.issuedAt && sessions.size < MAX_SESSIONS) break;
        sessions.delete(key);
      }
      sessions.set(session.accessKeyId, session);
    },
    find: (accessKeyId) => sessions.get(accessKeyId),
  };
}

/** The policies in force for a principal now: a role's inline policies are read at every request, so a revocation bites at once. */
export function effectivePolicies(principal: Principal, roles: RoleStore): EffectivePolicies {
  if (principal.type === 'user') return { identity: [principal.policy], session: undefined };
  const role = roles.byName(principal.roleName);
  return {
    identity: [role.permissions, ...[...role.inline.values()].map((entry) => entry.policy)],
    session: principal.sessionPolicy === undefined ? undefined : [principal.sessionPolicy],
  };
}

/** The global condition keys of a request by this principal. `now` is wall-clock epoch milliseconds. */
export function principalContext(principal: Principal, region: string, now: number): RequestContext {
  const common = {
    'aws:userid': principal.userId,
    'aws:principalaccount': principal.accountId,
    'aws:principaltype': principal.type === 'user' ? 'User' : 'AssumedRole',
    'aws:currenttime': new Date(now).toISOString(),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:requestedregion': region,
    'aws:securetransport': 'false',
  };
  if (principal.type === 'user') {
    return { ...common, 'aws:principalarn': principal.arn, 'aws:username': principal.userName };
  }
  return {
    ...common,
    'aws:principalarn': principal.roleArn,
    'aws:sourceidentity': principal.sourceIdentity,
    // in whole seconds, as AWS stamps its sessions
    'aws:tokenissuetime': `${new Date(principal.issuedAt).toISOString().slice(0, 19)}Z`,
  };
}
