/** Operations that change nothing although their names do not say so. Of sts and kms, those that make no key or grant. */
const READS_BY_NAME: ReadonlySet<string> = new Set([
  'logs:StartQuery',
  'logs:StopQuery',
  'logs:FilterLogEvents',
  'sts:AssumeRole',
  'sts:DecodeAuthorizationMessage',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:ReEncrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:GenerateMac',
  'kms:GenerateRandom',
  'kms:Sign',
  'kms:Verify',
  'kms:VerifyMac',
]);

/**
 * Whether a call may change something in the cloud, by its name in IAM notation. What is not known to read counts as a
 * change: an intent too many is a line in the trail, one too few is a change nobody knows of.
 */
export function isWrite(operation: string): boolean {
  return !READS_BY_NAME.has(operation) && !/^[a-z0-9-]+:(Describe|Get|List|Lookup|BatchGet)/.test(operation);
}
