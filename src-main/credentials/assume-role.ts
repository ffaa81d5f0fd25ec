import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CausewayError } from '#shared/errors.ts';
import { type AwsKeyProvider, fixedKeys } from '../platform/aws-clients.ts';

/** The shortest session AWS gives. */
export const LEASE_SECONDS = 900;

/** A session as the cloud gave it; the keys only through a function, so that printing this shows none. */
export interface AssumedSession {
  readonly keys: AwsKeyProvider;
  /** Not a secret; finds the session in CloudTrail. */
  readonly accessKeyId: string;
  /** `aws:userid` of the session: `AROA…:session-name`. */
  readonly userId: string;
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
  const { AccessKeyId: accessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
  const userId = answer.AssumedRoleUser?.AssumedRoleId;
  if (!accessKeyId || !SecretAccessKey || !SessionToken || !userId) {
    throw new CausewayError('cloud-refused', 'The cloud answered AssumeRole without credentials.');
  }
  const keys = fixedKeys({ accessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  return { keys, accessKeyId, userId };
}

/** A person's id in the characters AWS allows for a source identity (2 to 64 of `\w+=,.@-`). */
export function sourceIdentityOf(id: string): string {
  return id
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}
