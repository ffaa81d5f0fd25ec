import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CausewayError } from '#shared/errors.ts';
import type { AwsKeyProvider } from '../platform/aws-clients.ts';
import { holdKeys } from './held-keys.ts';

/** The shortest session AWS gives. */
export const LEASE_SECONDS = 900;

/** A session as the cloud gave it; the keys only through a function, so that printing this shows none. */
export interface AssumedSession {
  readonly keys: AwsKeyProvider;
  /** Overwrites the secrets; asking for keys fails from then on. */
  forget(): void;
  /** Not a secret; finds the session in CloudTrail. */
  readonly accessKeyId: string;
  /** `aws:userid` of the session: `AROA…:session-name`. Null when the cloud does not say, as some emulators do. */
  readonly userId: string | null;
  /** When the cloud began the session by its own clock, epoch ms with whole seconds; null when it does not say. */
  readonly begunAt: number | null;
}

/** STS AssumeRole with a session policy. Rejects with the SDK's error, or `cloud-refused` for an answer without keys. */
export async function assumeRole(
  sts: STSClient,
  wanted: {
    readonly role: string;
    readonly sessionName: string;
    readonly sourceIdentity: string;
    readonly policy: string;
  },
): Promise<AssumedSession> {
  const answer = await sts.send(
    new AssumeRoleCommand({
      RoleArn: wanted.role,
      RoleSessionName: wanted.sessionName,
      SourceIdentity: wanted.sourceIdentity,
      DurationSeconds: LEASE_SECONDS,
      Policy: wanted.policy,
    }),
  );
  const { AccessKeyId: accessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!accessKeyId || !SecretAccessKey || !SessionToken) {
    throw new CausewayError('cloud-refused', 'The cloud answered AssumeRole without credentials.');
  }
  const ends = Expiration?.getTime() ?? Number.NaN;
  return {
    ...holdKeys({ accessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }),
    accessKeyId,
    userId: userIdOf(answer.AssumedRoleUser?.AssumedRoleId, wanted.sessionName),
    begunAt: Number.isNaN(ends) ? null : ends - LEASE_SECONDS * 1000,
  };
}

/** Only one that names this session: it goes into a policy, where anything else could deny others. */
function userIdOf(answered: string | undefined, sessionName: string): string | null {
  if (answered === undefined || !/^[A-Z0-9]{4,128}:[\w+=,.@-]{2,64}$/.test(answered)) return null;
  return answered.endsWith(`:${sessionName}`) ? answered : null;
}

/** A person's id in the characters AWS allows for a source identity (2 to 64 of `\w+=,.@-`). */
export function sourceIdentityOf(id: string): string {
  return id
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}
