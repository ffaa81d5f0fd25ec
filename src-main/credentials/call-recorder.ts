import { CausewayError } from '#shared/errors.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { AppendInput } from '../audit/append-input.ts';
import type { AwsCall, AwsCallResult } from '../platform/aws-calls.ts';
import { endpointOf } from '../platform/aws-clients.ts';
import { canonicalDigest, responseDigest } from '../platform/digest.ts';
import { type AuditWriter, appendOrRefuse } from '../policy/audit-port.ts';
import { isWrite } from './call-kinds.ts';
import type { CloudEnvironment } from './environment.ts';
import type { Redact } from './sensitive-fields.ts';

/** Who a call is made for and what it belongs to. */
export interface CallOrigin {
  readonly environment: Pick<CloudEnvironment, 'endpoint' | 'region'>;
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  readonly links?: Links;
}

/** What a listener learns of a recorded call. */
export interface RecordedCall {
  readonly operation: string;
  readonly code: string;
  readonly httpStatus: number | null;
  readonly latencyMs: number;
  readonly payloadDigest: string;
  readonly responseDigest: string | null;
}

/**
 * The one recorder of calls to the cloud. Only the trail's own `kms:Sign` and `kms:GetPublicKey` pass it by: the signature
 * of a record cannot be recorded before that record is signed.
 */
export interface CallRecorder {
  /**
   * Before a change is sent: puts on record that it will be, so that a program that dies in between leaves a question
   * and not a gap. Does nothing for calls that only read.
   * @throws CausewayError `audit-unavailable`: then nothing may be sent
   */
  intend(origin: CallOrigin, call: AwsCall, resource: string): Promise<void>;
  /**
   * Writes `investigation.system_called` for a call that was made, failed, timed out, or was stopped before it left; of a
   * change, with the hash of its intent. `call` must be the object given to `intend`.
   * @throws CausewayError `audit-unavailable`: the caller must then withhold the answer
   */
  record(origin: CallOrigin, call: AwsCall, resource: string, result: AwsCallResult): Promise<RecordedCall>;
  /**
   * Writes the outcomes of changes that could not be written when they came: as long as the program lives, what it knows
   * is not lost. The end of a lease is put on record after this, so that a lease with an end has no open questions.
   * @throws CausewayError `audit-unavailable`; calling again tries again
   */
  catchUp(): Promise<void>;
}

export function createCallRecorder(audit: AuditWriter, redact: Redact): CallRecorder {
  const intents = new WeakMap<AwsCall, string>();
  const unwritten = new Map<string, AppendInput<'investigation.system_called'>>();
  const payloadOf = ({ operation, input }: AwsCall) => canonicalDigest(redact(operation, input)).digest;
  return {
    intend: async (origin, call, resource) => {
      if (!isWrite(call.operation)) return;
      const hash = await appendOrRefuse(
        audit,
        {
          ...envelope(origin, resource),
          outcome: 'success',
          data: {
            operation: call.operation,
            endpoint: endpointFor(origin, call),
            region: origin.environment.region,
            payloadDigest: payloadOf(call),
            responseDigest: null,
            code: 'intent',
            httpStatus: null,
            latencyMs: 0,
            attempts: 0,
            requestId: null,
            phase: 'intent',
          },
        },
        'so nothing was sent',
      );
      intents.set(call, hash);
    },
    record: async (origin, call, resource, result) => {
      const intent = intents.get(call);
      const recorded: RecordedCall = {
        operation: call.operation,
        code: result.code,
        httpStatus: result.httpStatus,
        latencyMs: result.latencyMs,
        payloadDigest: payloadOf(call),
        responseDigest:
          result.output === null ? null : responseDigest(withoutSecrets(call, result.output, redact)).digest,
      };
      const input: AppendInput<'investigation.system_called'> = {
        ...envelope(origin, resource),
        outcome: outcomeOf(result),
        data: {
          ...recorded,
          endpoint: result.endpoint ?? endpointFor(origin, call),
          region: origin.environment.region,
          attempts: result.attempts,
          requestId: result.requestId,
          ...(intent === undefined ? {} : { phase: 'outcome' as const, intent }),
        },
      };
      try {
        await appendOrRefuse(audit, input, 'so the answer of the cloud is withheld');
      } catch (error) {
        if (intent !== undefined) unwritten.set(intent, input);
        throw error;
      }
      intents.delete(call);
      return recorded;
    },
    catchUp: async () => {
      for (const [intent, input] of [...unwritten]) {
        unwritten.delete(intent); // taken: two that catch up at once must not both write it
        try {
          await appendOrRefuse(audit, input, 'so the outcome of a change is not on record');
        } catch (error) {
          unwritten.set(intent, input);
          throw error;
        }
      }
    },
  };
}

function envelope({ actor, onBehalfOf, links }: CallOrigin, resource: string) {
  return {
    action: 'investigation.system_called' as const,
    actor,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    target: { type: 'cloud-resource', id: resource },
    ...(links === undefined ? {} : { links }),
  };
}

function endpointFor({ environment: { endpoint, region } }: CallOrigin, { operation }: AwsCall): string {
  return endpointOf(endpoint, operation.split(':')[0] ?? '', region);
}

/**
 * STS answers with keys; not even their digest goes on record. KMS answers with what it decrypted. Every other answer is
 * digested as it is: that digest is what evidence is kept and found by.
 */
function withoutSecrets({ operation }: AwsCall, output: object, redact: Redact): object {
  if (operation.startsWith('kms:')) return redact(operation, output) as object;
  if (operation === 'ecs:RegisterTaskDefinition' && 'taskDefinition' in output) {
    return { ...output, taskDefinition: redact(operation, output.taskDefinition) }; // as its request; no evidence
  }
  if (!('Credentials' in output)) return output;
  const { Credentials: credentials, ...rest } = output;
  const { AccessKeyId, Expiration } = (credentials ?? {}) as Readonly<Record<string, unknown>>;
  return { ...rest, Credentials: { AccessKeyId, Expiration } };
}

function outcomeOf({ output, error, code }: AwsCallResult): 'success' | 'failure' | 'denied' {
  if (output !== null) return 'success';
  if (error instanceof CausewayError && (error.code === 'lease-unusable' || error.code === 'denied')) return 'denied';
  return /^(AccessDenied|UnauthorizedOperation)/.test(code) ? 'denied' : 'failure';
}
