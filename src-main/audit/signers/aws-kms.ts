import { CreateKeyCommand, GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { type AwsClients, type AwsKeyProvider, ambientKeys, createAwsClients } from '#main/platform/aws-clients.ts';
import type { CausewayError } from '#shared/errors.ts';
import { KmsReference } from './key-reference.ts';
import { kmsError } from './kms-errors.ts';
import type { KmsDirectory, KmsKey } from './kms-port.ts';

/** The running sandbox cloud, as an AWS endpoint with keys of its own. */
export interface SandboxCloud {
  readonly endpoint: string;
  readonly region: string;
  readonly keys: AwsKeyProvider;
}

/** Of one attempt; the SDK makes up to three, and all of them together are bounded by the signer. */
const TIMEOUTS = { connect: 1_500, request: 2_500 };

/**
 * AWS KMS through the AWS SDK. Signatures are not recorded one by one as the agents' calls are: each one stands in the
 * chain beside its record, and a record of it would need a signature in turn.
 */
export function awsKms(version: string, sandbox: SandboxCloud | null): KmsDirectory {
  const made = new Map<string, AwsClients>();
  const clientsFor = (region: string, access: KmsReference['access']): AwsClients => {
    const name = JSON.stringify([region, access]);
    const clients = made.get(name) ?? createClients(region, access, version, sandbox);
    made.set(name, clients);
    return clients;
  };
  return {
    open: ({ keyArn, region, access }) => kmsKey(() => clientsFor(region, access), keyArn),
    createSandboxKey: async (signal) => {
      const access = { type: 'sandbox' as const };
      if (sandbox === null) throw noSandbox();
      const { KeyMetadata } = await clientsFor(sandbox.region, access).kms.send(
        new CreateKeyCommand({
          KeySpec: 'ECC_NIST_P256',
          KeyUsage: 'SIGN_VERIFY',
          Description: 'Signs the audit trail of a Causeway console',
        }),
        { abortSignal: signal },
      );
      return KmsReference.parse({ kind: 'kms', keyArn: KeyMetadata?.Arn, region: sandbox.region, access });
    },
  };
}

function createClients(
  region: string,
  access: KmsReference['access'],
  version: string,
  sandbox: SandboxCloud | null,
): AwsClients {
  const common = { region, hooks: {}, version, timeouts: TIMEOUTS };
  if (access.type === 'aws') {
    return createAwsClients({
      ...common,
      endpoint: access.endpoint ?? null,
      keys: ambientKeys(region, access.profile),
    });
  }
  if (sandbox === null) throw noSandbox();
  return createAwsClients({ ...common, endpoint: sandbox.endpoint, keys: sandbox.keys });
}

function noSandbox(): CausewayError {
  const what =
    "This trail is signed by a key of the sandbox's KMS, and there is no sandbox here. Start the console with it.";
  return kmsError('no-sandbox', what);
}

function kmsKey(clients: () => AwsClients, keyArn: string): KmsKey {
  return {
    getPublicKey: async (abortSignal) => {
      const answer = await clients().kms.send(new GetPublicKeyCommand({ KeyId: keyArn }), { abortSignal });
      return { spki: answer.PublicKey ?? new Uint8Array(), keySpec: answer.KeySpec, keyUsage: answer.KeyUsage };
    },
    sign: async (text, abortSignal) => {
      // the text, which holds no more than a hash or a root: KMS hashes it itself and never signs a digest of unknown origin
      const command = new SignCommand({
        KeyId: keyArn,
        Message: text,
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      });
      return (await clients().kms.send(command, { abortSignal })).Signature ?? new Uint8Array();
    },
  };
}
