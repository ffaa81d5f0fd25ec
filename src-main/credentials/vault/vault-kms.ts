import { CreateKeyCommand, DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import type { SandboxCloud } from '#main/audit/signers/aws-kms.ts';
import { KmsReference } from '#main/audit/signers/key-reference.ts';
import type { AwsCallHooks } from '#main/platform/aws-calls.ts';
import { type AwsClients, ambientKeys, createAwsClients } from '#main/platform/aws-clients.ts';
import { CausewayError } from '#shared/errors.ts';

/** What a ciphertext of KMS is bound to; it stands in the clear in AWS's own log of calls. */
export interface EncryptionContext {
  readonly tenant: string;
  readonly secret: string;
}

/** One symmetric key in AWS KMS, as it answers: nothing is checked here. Rejects with the AWS SDK's errors. */
export interface KmsEncryptionKey {
  generateDataKey(context: EncryptionContext, signal: AbortSignal): Promise<KmsAnswer & { wrapped: Uint8Array }>;
  decrypt(wrapped: Uint8Array, context: EncryptionContext, signal: AbortSignal): Promise<KmsAnswer>;
}

export interface KmsAnswer {
  /** ARN of the key that KMS says it used. */
  readonly keyId: string | undefined;
  readonly plain: Uint8Array;
}

/** The way to AWS KMS for wrapping data keys. */
export interface VaultKms {
  /** Nothing is asked yet: a key that cannot be reached shows at its first use. */
  open(reference: KmsReference): KmsEncryptionKey;
  /** A new symmetric key in the sandbox's KMS. */
  createSandboxKey(signal: AbortSignal): Promise<KmsReference>;
  close(): void;
}

/** Of one attempt; the SDK makes up to three, and the vault bounds all of them together. */
const TIMEOUTS = { connect: 2_000, request: 4_000 };

/**
 * AWS KMS through the AWS SDK, over the one client factory.
 * @param hooks around every call, for the recorder of system calls; answers hold data keys in the clear, so it must not
 * keep or digest `Plaintext`
 */
export function awsVaultKms(version: string, sandbox: SandboxCloud | null, hooks: AwsCallHooks = {}): VaultKms {
  const made = new Map<string, AwsClients>();
  const create = (region: string, access: KmsReference['access']): AwsClients => {
    const common = { region, hooks, version, timeouts: TIMEOUTS };
    if (access.type === 'aws') {
      const keys = ambientKeys(region, access.profile);
      return createAwsClients({ ...common, endpoint: access.endpoint ?? null, keys });
    }
    if (sandbox === null) throw noSandbox();
    return createAwsClients({ ...common, endpoint: sandbox.endpoint, keys: sandbox.keys });
  };
  const clientsFor = (region: string, access: KmsReference['access']): AwsClients => {
    const name = JSON.stringify([region, access]);
    const clients = made.get(name) ?? create(region, access);
    made.set(name, clients);
    return clients;
  };
  return {
    open: ({ keyArn, region, access }) => encryptionKey(() => clientsFor(region, access), keyArn),
    createSandboxKey: async (abortSignal) => {
      if (sandbox === null) throw noSandbox();
      const access = { type: 'sandbox' as const };
      const command = new CreateKeyCommand({ Description: 'Wraps the data keys of a Causeway vault' });
      const { KeyMetadata } = await clientsFor(sandbox.region, access).kms.send(command, { abortSignal });
      return KmsReference.parse({ kind: 'kms', keyArn: KeyMetadata?.Arn, region: sandbox.region, access });
    },
    close: () => {
      for (const clients of made.values()) clients.destroy();
    },
  };
}

function encryptionKey(clients: () => AwsClients, keyArn: string): KmsEncryptionKey {
  return {
    generateDataKey: async ({ tenant, secret }, abortSignal) => {
      const command = new GenerateDataKeyCommand({
        KeyId: keyArn,
        KeySpec: 'AES_256',
        EncryptionContext: { tenant, secret },
      });
      const answer = await clients().kms.send(command, { abortSignal });
      return {
        keyId: answer.KeyId,
        plain: answer.Plaintext ?? new Uint8Array(),
        wrapped: answer.CiphertextBlob ?? new Uint8Array(),
      };
    },
    decrypt: async (wrapped, { tenant, secret }, abortSignal) => {
      const command = new DecryptCommand({
        KeyId: keyArn, // so that nothing that another key encrypted is opened
        CiphertextBlob: wrapped,
        EncryptionContext: { tenant, secret },
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      });
      const answer = await clients().kms.send(command, { abortSignal });
      return { keyId: answer.KeyId, plain: answer.Plaintext ?? new Uint8Array() };
    },
  };
}

function noSandbox(): CausewayError {
  const text =
    "These secrets are under a key of the sandbox's KMS, and there is no sandbox here. Nothing was changed. Start the console with it.";
  return new CausewayError('cloud-unreachable', text, { reason: 'kms-no-sandbox' });
}
