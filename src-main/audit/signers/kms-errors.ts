import { errorName } from '#main/platform/aws-calls.ts';
import { CausewayError } from '#shared/errors.ts';

const LOST_NOTHING =
  'Nothing was recorded, and what was to be recorded must not happen; nothing recorded before is lost.';

/** Every refusal to write because of AWS KMS has a reason that begins so. */
const PREFIX = 'kms-';

export function kmsError(reason: string, what: string, cause?: unknown): CausewayError {
  return new CausewayError('audit-unavailable', `${what} ${LOST_NOTHING}`, { reason: `${PREFIX}${reason}`, cause });
}

/** Whether a write was refused because the signing key in AWS KMS could not be used. */
export function isKmsError(error: unknown): error is CausewayError {
  return error instanceof CausewayError && error.reason?.startsWith(PREFIX) === true;
}

/** What a failed call means for the person in front of it. What AWS wrote stays in the cause. */
export function explainKmsError(error: unknown, where: string, timedOut: boolean): CausewayError {
  if (isKmsError(error)) return error;
  const name = errorName(error);
  if (timedOut || /timeout|ETIMEDOUT/i.test(name)) {
    return kmsError('timeout', `AWS KMS did not sign in time with ${where}. Check the network, and try again.`, error);
  }
  switch (name) {
    case 'AccessDeniedException':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'ExpiredTokenException':
    case 'IncompleteSignatureException':
    case 'CredentialsProviderError':
      return kmsError(
        'denied',
        `AWS refused the use of ${where} (${name}). Sign in to AWS again, and see that kms:Sign and kms:GetPublicKey are allowed on that key.`,
        error,
      );
    case 'ThrottlingException':
    case 'LimitExceededException':
    case 'RequestLimitExceeded':
      return kmsError(
        'throttled',
        `AWS KMS is refusing requests for ${where}: there are too many. Try again later.`,
        error,
      );
    case 'NotFoundException':
    case 'DisabledException':
    case 'KMSInvalidStateException':
    case 'InvalidKeyUsageException':
    case 'ValidationException':
      return kmsError('key-unusable', `AWS KMS cannot sign with ${where} (${name}). See to the key in AWS KMS.`, error);
    default:
      return kmsError(
        'unreachable',
        `AWS KMS did not sign with ${where} (${name}). Check the network, and try again.`,
        error,
      );
  }
}
