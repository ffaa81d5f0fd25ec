import { AwsError } from './aws-error.ts';
import type { ServiceTraits } from './service-table.ts';

/** What the front door of any AWS service refuses before the operation is looked at. */
export type Refusal =
  | 'missing-authentication'
  | 'incomplete-signature'
  | 'unknown-key'
  | 'bad-signature'
  | 'skewed'
  | 'expired-session'
  | 'denied'
  | 'throttled'
  | 'unknown-operation'
  | 'unreadable'
  | 'too-large'
  | 'invalid-input'
  | 'internal';

type Row = readonly [code: string, status: number];

/** AWS JSON 1.0 and 1.1. */
const JSON_CODES: Readonly<Record<Refusal, Row>> = {
  'missing-authentication': ['MissingAuthenticationTokenException', 400],
  'incomplete-signature': ['IncompleteSignatureException', 400],
  'unknown-key': ['UnrecognizedClientException', 400],
  'bad-signature': ['InvalidSignatureException', 400],
  skewed: ['InvalidSignatureException', 400],
  'expired-session': ['ExpiredTokenException', 400],
  denied: ['AccessDeniedException', 400],
  throttled: ['ThrottlingException', 400],
  'unknown-operation': ['UnknownOperationException', 400],
  unreadable: ['SerializationException', 400],
  'too-large': ['RequestEntityTooLargeException', 413],
  'invalid-input': ['InvalidParameterException', 400],
  internal: ['InternalFailure', 500],
};

/** AWS Query: STS and IAM. */
const QUERY_CODES: Readonly<Record<Refusal, Row>> = {
  'missing-authentication': ['MissingAuthenticationToken', 403],
  'incomplete-signature': ['IncompleteSignature', 400],
  'unknown-key': ['InvalidClientTokenId', 403],
  'bad-signature': ['SignatureDoesNotMatch', 403],
  skewed: ['SignatureDoesNotMatch', 403],
  'expired-session': ['ExpiredToken', 403],
  denied: ['AccessDenied', 403],
  throttled: ['Throttling', 400],
  'unknown-operation': ['InvalidAction', 400],
  unreadable: ['MalformedInput', 400],
  'too-large': ['RequestEntityTooLarge', 413],
  'invalid-input': ['ValidationError', 400],
  internal: ['InternalFailure', 500],
};

/** EC2 has its own words for most of them. */
const EC2_CODES: Readonly<Record<Refusal, Row>> = {
  ...QUERY_CODES,
  'missing-authentication': ['MissingAuthenticationToken', 403],
  'unknown-key': ['AuthFailure', 401],
  'bad-signature': ['AuthFailure', 401],
  skewed: ['RequestExpired', 400],
  'expired-session': ['RequestExpired', 400],
  denied: ['UnauthorizedOperation', 403],
  throttled: ['RequestLimitExceeded', 503],
  'invalid-input': ['InvalidParameterValue', 400],
  internal: ['InternalError', 500],
};

/** CloudWatch and KMS. */
const VALIDATION_CODES: Readonly<Record<Refusal, Row>> = {
  ...JSON_CODES,
  'invalid-input': ['ValidationException', 400],
};

/** The refusal in the words of the service's protocol. */
export function refuse(service: ServiceTraits, refusal: Refusal, message: string): AwsError {
  const [code, status] = codesOf(service)[refusal];
  return new AwsError(code, message, status);
}

function codesOf(service: ServiceTraits): Readonly<Record<Refusal, Row>> {
  if (service.id === 'cloudwatch' || service.id === 'kms') return VALIDATION_CODES;
  switch (service.protocol) {
    case 'json':
      return JSON_CODES;
    case 'query':
      return QUERY_CODES;
    case 'ec2':
      return EC2_CODES;
  }
}

/**
 * CloudWatch is query-compatible: the code its own errors had in the Query protocol travels in x-amzn-query-error, and
 * clients go by it. The front door's refusals are not its own and go without.
 */
const QUERY_COMPATIBLE: Readonly<Record<string, string>> = {
  InvalidParameterValueException: 'InvalidParameterValue',
  InvalidParameterCombinationException: 'InvalidParameterCombination',
  MissingRequiredParameterException: 'MissingParameter',
  InvalidNextToken: 'InvalidNextToken',
  ValidationException: 'ValidationError',
};

export function queryCompatibleCode(service: ServiceTraits, code: string): string | undefined {
  return service.id === 'cloudwatch' && Object.hasOwn(QUERY_COMPATIBLE, code) ? QUERY_COMPATIBLE[code] : undefined;
}
