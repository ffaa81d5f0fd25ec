import { createHmac } from 'node:crypto';
import { canonicalDigest } from '../platform/digest.ts';

/** Whatever the operation: members of these names hold secrets. */
const SECRET_NAME = /(password|passphrase|secrets?|token|credentials?|privatekey|accesskey)$/i;

/**
 * Members of an input, or an answer, that may hold secrets or personal data; `*` stands for every member of a list or
 * map. Source: the API references of the services.
 */
const SENSITIVE: Readonly<Record<string, readonly string[]>> = {
  'logs:StartQuery': ['queryString'],
  'logs:FilterLogEvents': ['filterPattern'],
  'logs:PutSubscriptionFilter': ['filterPattern'],
  'ecs:RegisterTaskDefinition': [
    'containerDefinitions.*.environment.*.value',
    'containerDefinitions.*.command',
    'containerDefinitions.*.entryPoint',
    'containerDefinitions.*.healthCheck.command',
    'containerDefinitions.*.repositoryCredentials',
    'containerDefinitions.*.dockerLabels.*',
    'containerDefinitions.*.logConfiguration.options.*',
    'containerDefinitions.*.logConfiguration.secretOptions',
  ],
  'ecs:RunTask': ['overrides'],
  'ecs:StartTask': ['overrides'],
  'sts:AssumeRole': ['ExternalId', 'SerialNumber', 'TokenCode'],
  'sts:AssumeRoleWithSAML': ['SAMLAssertion'],
  'kms:Encrypt': ['Plaintext', 'CiphertextBlob'],
  'kms:Decrypt': ['Plaintext', 'CiphertextBlob'],
  'kms:ReEncrypt': ['CiphertextBlob'],
  'kms:GenerateDataKey': ['Plaintext', 'CiphertextBlob'],
  'kms:GenerateDataKeyWithoutPlaintext': ['CiphertextBlob'],
  'kms:GenerateMac': ['Message', 'Mac'],
  'kms:VerifyMac': ['Message', 'Mac'],
  'kms:Sign': ['Message', 'Signature'],
  'kms:Verify': ['Message', 'Signature'],
};

/** A value with its sensitive members replaced; what is left may be digested and that digest published. */
export type Redact = (operation: string, value: unknown) => unknown;

/**
 * Replaces sensitive members by their HMAC-SHA256 under a key of the workspace. A plain digest of a short query or of a
 * guessable variable could be found by trying; with the key, the same value in the same place still gives the same
 * digest, so that two records can be compared.
 * @param key 32 bytes, from the keychain: never beside the records
 */
export function createRedactor(key: Uint8Array): Redact {
  if (key.length !== 32) throw new TypeError('HMAC-SHA256 is keyed with 32 bytes here.');
  const held = Uint8Array.from(key);
  return (operation, value) => {
    const paths = new Set(SENSITIVE[operation] ?? []);
    const walk = (at: unknown, path: string, name: string): unknown => {
      if (at === undefined || at === null) return at;
      if (paths.has(path) || (SECRET_NAME.test(name) && path !== '')) return macOf(held, operation, path, at);
      if (typeof at !== 'object' || at instanceof Date || ArrayBuffer.isView(at)) return at;
      const below = (member: string) => (path === '' ? member : `${path}.${member}`);
      if (Array.isArray(at)) return at.map((item) => walk(item, below('*'), ''));
      const wild = paths.has(below('*')) || [...paths].some((one) => one.startsWith(`${below('*')}.`));
      return Object.fromEntries(
        Object.entries(at).map(([member, inner]) => [member, walk(inner, below(wild ? '*' : member), member)]),
      );
    };
    return walk(value, '', '');
  };
}

function macOf(key: Uint8Array, operation: string, path: string, value: unknown): string {
  const { bytes } = canonicalDigest([operation, path, value]);
  return `hmac-sha256:${createHmac('sha256', key).update(bytes).digest('hex')}`;
}
