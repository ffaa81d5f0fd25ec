import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CausewayError } from '#shared/errors.ts';
import { errorName } from '../platform/aws-calls.ts';
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

/**
 * STS AssumeRole with a session policy. Rejects with the cloud's refusal, or with `cloud-refused` and the reason
 * {@link ANSWER_UNREADABLE} for an answer that gives no keys, or gives them in a form that cannot be read.
 */
export async function assumeRole(
  sts: STSClient,
  wanted: {
    readonly role: string;
    readonly sessionName: string;
    readonly sourceIdentity: string;
    readonly policy: string;
  },
): Promise<AssumedSession> {
  const command = new AssumeRoleCommand({
    RoleArn: wanted.role,
    RoleSessionName: wanted.sessionName,
    SourceIdentity: wanted.sourceIdentity,
    DurationSeconds: LEASE_SECONDS,
    Policy: wanted.policy,
  });
  const answer = await sts.send(command).catch((error: unknown) => {
    throw withoutAnswer(error);
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!accessKeyId || !SecretAccessKey || !SessionToken) {
    throw new CausewayError('cloud-refused', 'The cloud answered AssumeRole without credentials.', {
      reason: ANSWER_UNREADABLE,
    });
  }
  const ends = Expiration?.getTime() ?? Number.NaN;
  return {
    ...holdKeys({ accessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }),
    accessKeyId,
    userId: userIdOf(answer.AssumedRoleUser?.AssumedRoleId, wanted.sessionName),
    begunAt: Number.isNaN(ends) ? null : ends - LEASE_SECONDS * 1000,
  };
}

/** The reason of an answer that may have given a session which nobody has the keys of. */
export const ANSWER_UNREADABLE = 'answer-unreadable';

/**
 * The SDK keeps an answer it could not read beside its error, where nobody can take it away again, and quotes it in the
 * message: of a session that was given, these are the keys in the clear. Of such an error only the name goes on.
 */
function withoutAnswer(error: unknown): unknown {
  const { $metadata, $fault } = Object(error) as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $fault?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined || $fault !== undefined) return error; // nothing was answered, or a refusal that was read
  const name = errorName(error);
  const text = `The cloud answered AssumeRole with status ${status} and something that cannot be read (${name}).`;
  const reason = status < 300 ? ANSWER_UNREADABLE : 'cloud-refused';
  return new CausewayError('cloud-refused', text, { reason, cause: new Error(name) });
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
