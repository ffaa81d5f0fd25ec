import type { AwsCall, AwsCallHooks } from '../platform/aws-calls.ts';
import type { AuditWriter } from '../policy/audit-port.ts';
import { type CallOrigin, type CallRecorder, createCallRecorder } from './call-recorder.ts';
import { createRedactor } from './sensitive-fields.ts';

/** Hooks that put every call of a client on record: changes with an intent before them, and no answer without a record. */
function recordingHooks(
  recorder: CallRecorder,
  describe: (call: AwsCall) => { readonly origin: CallOrigin; readonly resource: string },
): AwsCallHooks {
  return {
    before: async (call) => {
      const { origin, resource } = describe(call);
      await recorder.catchUp(); // an outcome that could not be written when it came
      await recorder.intend(origin, call, resource);
    },
    after: async (call, result) => {
      const { origin, resource } = describe(call);
      await recorder.record(origin, call, resource, result);
    },
  };
}

/**
 * For the vault's calls of KMS. Data keys, in the clear or wrapped, go into digests as HMACs only.
 * @param requestKey 32 bytes, the same as the broker's
 */
export function vaultCallHooks(audit: AuditWriter, requestKey: Uint8Array): AwsCallHooks {
  return recordingHooks(createCallRecorder(audit, createRedactor(requestKey)), ({ input }) => {
    const key = typeof input.KeyId === 'string' ? input.KeyId : '*';
    const region = /^arn:[^:]+:kms:([a-z0-9-]{1,32}):/.exec(key)?.[1] ?? '';
    return {
      origin: { environment: { endpoint: null, region }, actor: { type: 'system', id: 'secret-vault' } },
      resource: key.slice(0, 512),
    };
  });
}
