import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { Clock } from '../platform/clock.ts';
import { assumeRole, sourceIdentityOf } from './assume-role.ts';
import {
  BASE_DEADLINE_MS,
  type IdentityNeeds,
  type IdentityOptions,
  withBaseIdentity,
  withIdentity,
} from './base-identity.ts';
import type { CloudEnvironment } from './environment.ts';
import type { RoleRevoker } from './role-revocation.ts';

/** What became of a session in the cloud when its lease ended early. */
export type CloudOutcome = 'revoked' | 'failed' | 'not-configured';

/** A session to be ended, as far as it is known. */
export interface SessionToRevoke {
  readonly lease: string;
  readonly environment: CloudEnvironment;
  /** The role it was assumed from, by ARN. */
  readonly role: string;
  readonly sessionName: string;
  /** `aws:userid`; null when only the session's name is known, which is as unique. */
  readonly userId: string | null;
  readonly onBehalfOf?: Actor | undefined;
  readonly links?: Links | undefined;
}

export interface CloudRevokerOptions extends IdentityNeeds {
  readonly roles: RoleRevoker;
  readonly clock: Clock;
  /** Milliseconds for one revocation. */
  readonly deadlineMs?: number | undefined;
  /** Told why the cloud did not confirm; the trail has the failed call too. */
  readonly onFailure?: ((lease: string, error: unknown) => void) | undefined;
  /** Told each time a session lives on because nobody set up a role to end it. */
  readonly onNotConfigured?: ((lease: string, environment: CloudEnvironment) => void) | undefined;
}

/** Makes the cloud refuse a session; resolves with whether it confirmed. Never rejects. */
export type RevokeInCloud = (session: SessionToRevoke, options?: IdentityOptions) => Promise<CloudOutcome>;

const BROKER: Actor = { type: 'system', id: 'credential-broker' };

/**
 * Through the environment's revocation role, and no other way: the base identity itself has, and uses, no right in IAM. Of
 * the revocation role a session is taken that reaches the inline policies of the one leased role only.
 */
export function createCloudRevoker(options: CloudRevokerOptions): RevokeInCloud {
  const { roles, clock, deadlineMs = BASE_DEADLINE_MS, onFailure, onNotConfigured } = options;
  return async (session, given = {}) => {
    const { lease, environment, role } = session;
    const { revocationRole } = environment;
    if (revocationRole === null) {
      onNotConfigured?.(lease, environment);
      return 'not-configured';
    }
    const { onBehalfOf = BROKER, links } = session;
    const origin = { environment, actor: BROKER, onBehalfOf, ...(links === undefined ? {} : { links }) };
    const until = performance.now() + Math.min(given.deadlineMs ?? deadlineMs, deadlineMs);
    const within = () => ({ ...given, deadlineMs: Math.max(1, Math.floor(until - performance.now())) });
    try {
      const wanted = {
        role: revocationRole,
        sessionName: `revoke-${lease}`.slice(0, 64),
        sourceIdentity: sourceIdentityOf(onBehalfOf.id),
        policy: revocationPolicyFor(role),
      };
      const assumed = await withBaseIdentity(
        options,
        origin,
        revocationRole,
        ({ sts }) => assumeRole(sts, wanted),
        within(),
      );
      try {
        // By the cloud's clock, which stamped the session: ours may be wrong. It knows whole seconds only, hence the next.
        const cloudTime = assumed.begunAt === null ? null : assumed.begunAt + 1000;
        const userId = session.userId ?? `*:${session.sessionName}`;
        const target = { userId, issuedBefore: cloudTime ?? clock.now(), cloudTime };
        await withIdentity(options, origin, assumed.keys, role, ({ iam }) => roles.revoke(iam, role, target), within());
      } finally {
        assumed.forget();
      }
      return 'revoked';
    } catch (error) {
      onFailure?.(lease, error);
      return 'failed';
    }
  };
}

/** The session policy of a revocation: the inline policies of exactly this role, to read and to write. */
function revocationPolicyFor(role: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['iam:GetRolePolicy', 'iam:PutRolePolicy'], Resource: [role] }],
  });
}
