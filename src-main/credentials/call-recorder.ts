import { CausewayError } from '#shared/errors.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { AwsCall, AwsCallResult } from '../platform/aws-calls.ts';
import { endpointOf } from '../platform/aws-clients.ts';
import { canonicalDigest, responseDigest } from '../platform/digest.ts';
import { type AuditWriter, appendOrRefuse } from '../policy/audit-port.ts';
import type { CloudEnvironment } from './environment.ts';

/** Who a call is made for and what it belongs to. */
export interface CallOrigin {
  readonly environment: CloudEnvironment;
  readonly actor: Actor;
  readonly onBehalfOf: Actor;
  readonly links: Links;
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
 * Writes `investigation.system_called` for a call that was made, or that was stopped before it left.
 * @throws CausewayError `audit-unavailable`: the caller must then withhold the answer.
 */
export async function recordSystemCall(
  audit: AuditWriter,
  origin: CallOrigin,
  call: AwsCall,
  resource: string,
  result: AwsCallResult,
): Promise<RecordedCall> {
  const { environment } = origin;
  const [prefix = ''] = call.operation.split(':');
  const recorded: RecordedCall = {
    operation: call.operation,
    code: result.code,
    httpStatus: result.httpStatus,
    latencyMs: result.latencyMs,
    payloadDigest: canonicalDigest(call.input).digest,
    responseDigest: result.output === null ? null : responseDigest(withoutSecrets(result.output)).digest,
  };
  await appendOrRefuse(
    audit,
    {
      action: 'investigation.system_called',
      outcome: outcomeOf(result),
      actor: origin.actor,
      onBehalfOf: origin.onBehalfOf,
      target: { type: 'cloud-resource', id: resource },
      links: origin.links,
      data: {
        ...recorded,
        endpoint: result.endpoint ?? endpointOf(environment.endpoint, prefix, environment.region),
        region: environment.region,
        attempts: result.attempts,
        requestId: result.requestId,
      },
    },
    'so the answer of the cloud is withheld',
  );
  return recorded;
}

/** STS answers with keys. Not even their digest goes on record. */
function withoutSecrets(output: object): object {
  if (!('Credentials' in output)) return output;
  const { Credentials: credentials, ...rest } = output;
  const { AccessKeyId, Expiration } = (credentials ?? {}) as Readonly<Record<string, unknown>>;
  return { ...rest, Credentials: { AccessKeyId, Expiration } };
}

function outcomeOf({ output, error, code }: AwsCallResult): 'success' | 'failure' | 'denied' {
  if (output !== null) return 'success';
  if (error instanceof CausewayError && error.code === 'lease-unusable') return 'denied';
  return /^(AccessDenied|UnauthorizedOperation)/.test(code) ? 'denied' : 'failure';
}
