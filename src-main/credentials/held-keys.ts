import { CausewayError } from '#shared/errors.ts';
import type { AwsKeyProvider, AwsKeys } from '../platform/aws-clients.ts';

export interface HeldKeys {
  readonly keys: AwsKeyProvider;
  /** Overwrites them. Asking fails from then on. */
  forget(): void;
}

/**
 * Session keys as bytes, which can be overwritten; as text they exist only while something is being signed. What the
 * runtime copied of that text meanwhile is its own to collect: nothing reaches it any more, and nobody can zero it.
 */
export function holdKeys({ accessKeyId, secretAccessKey, sessionToken }: AwsKeys): HeldKeys {
  const secret = Buffer.from(secretAccessKey, 'utf8');
  const token = sessionToken === undefined ? null : Buffer.from(sessionToken, 'utf8');
  let held = true;
  return {
    keys: async () => {
      if (!held) throw new CausewayError('lease-unusable', 'These credentials were given up.', { reason: 'forgotten' });
      return {
        accessKeyId,
        secretAccessKey: secret.toString('utf8'),
        ...(token === null ? {} : { sessionToken: token.toString('utf8') }),
      };
    },
    forget: () => {
      held = false;
      secret.fill(0);
      token?.fill(0);
    },
  };
}
