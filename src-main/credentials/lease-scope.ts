import type { AwsCall } from '../platform/aws-calls.ts';
import { coversResource } from './approved-call.ts';
import { type CallPlace, resourceOfCall, resourcesOfCall } from './call-resource.ts';
import { WITHOUT_RESOURCE } from './session-policy.ts';

/** What one lease was issued for. */
export interface LeaseScope {
  /** IAM notation, wildcards as in the session policy. */
  readonly actions: readonly string[];
  /** ARNs, wildcards as in the session policy; `*` stands for actions that support no resource and covers nothing else. */
  readonly resources: readonly string[];
}

/**
 * Why a call lies outside its lease, in words; null when it lies within. The session policy says the same to the cloud;
 * this is asked besides, because a cloud may not honour session policies, and what is refused here is never sent.
 */
export function outsideLease(call: AwsCall, { actions, resources }: LeaseScope, place: CallPlace): string | null {
  if (!actions.some((action) => matches(action, call.operation))) return `${call.operation} is not among its actions.`;
  if (call.operation === 'ecs:RegisterTaskDefinition') {
    const family = resourceOfCall(call, place);
    return coversResource(resources, family) ? null : `${family} is not among its resources.`;
  }
  if (Object.values(WITHOUT_RESOURCE).some((open) => open.some((action) => matches(action, call.operation))))
    return null;
  const named = resourcesOfCall(call, place);
  if (named === null) return `what ${call.operation} is about cannot be told.`;
  const foreign = named.find((arn) => !resources.some((one) => one !== '*' && matches(withStreams(one), arn)));
  return foreign === undefined ? null : `${foreign} is not among its resources.`;
}

/** A log group's ARN goes on behind its name; written without, it means all of the group. */
function withStreams(arn: string): string {
  return /^arn:[^:]+:logs:[^:]*:\d{12}:log-group:[^:]+$/.test(arn) ? `${arn}:*` : arn;
}

/** IAM's `*`: any run of characters. Part by part, so that no pattern takes long. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
