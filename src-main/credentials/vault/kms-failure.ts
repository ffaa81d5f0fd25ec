import { errorName } from '#main/platform/aws-calls.ts';
import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import { secretChanged } from './envelope.ts';

const NOTHING_LOST = 'Nothing stored was changed or lost.';

/** Longest that KMS is waited for in one step of the vault, retries and all. */
export const KMS_WITHIN_MS = 10_000;

export function kmsFailure(code: ErrorCode, reason: string, text: string, cause?: unknown): CausewayError {
  return new CausewayError(code, `${text} ${NOTHING_LOST}`, { reason: `kms-${reason}`, cause });
}

/**
 * What a failed call to KMS means for the person in front of it. Of the SDK's error only the name is kept: beside an
 * answer it could not read, the SDK keeps the answer, and there the data key stands in the clear.
 */
export function explainKmsFailure(error: unknown, secret: string, keyArn: string, timedOut: boolean): CausewayError {
  if (error instanceof CausewayError) return error;
  const name = errorName(error);
  const cause = new Error(name);
  const key = `the key ${keyArn}`;
  if (timedOut || /timeout|ETIMEDOUT/i.test(name)) {
    return kmsFailure(
      'cloud-unreachable',
      'timeout',
      `AWS KMS did not answer in time about ${key}. Check the network, and try again.`,
      cause,
    );
  }
  switch (name) {
    case 'AccessDeniedException':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'ExpiredTokenException':
    case 'IncompleteSignatureException':
    case 'CredentialsProviderError':
      return kmsFailure(
        'cloud-refused',
        'denied',
        `AWS refused the use of ${key} (${name}). Sign in to AWS again, and see that kms:GenerateDataKey and kms:Decrypt are allowed on it.`,
        cause,
      );
    case 'ThrottlingException':
    case 'LimitExceededException':
    case 'RequestLimitExceeded':
      return kmsFailure('rate-limited', 'throttled', `AWS KMS is refusing requests: there are too many.`, cause);
    case 'InvalidCiphertextException':
    case 'IncorrectKeyException':
      return secretChanged(secret);
    case 'NotFoundException':
    case 'DisabledException':
    case 'KMSInvalidStateException':
    case 'InvalidKeyUsageException':
    case 'ValidationException':
      return kmsFailure(
        'cloud-refused',
        'key-unusable',
        `AWS KMS cannot use ${key} (${name}). See to the key in AWS KMS.`,
        cause,
      );
    default:
      return kmsFailure(
        'cloud-unreachable',
        'unreachable',
        `AWS KMS could not be asked for ${key} (${name}). Check the network, and try again.`,
        cause,
      );
  }
}
