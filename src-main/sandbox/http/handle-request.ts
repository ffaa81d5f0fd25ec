import { randomUUID } from 'node:crypto';
import { ZodError } from 'zod';
import type { Clock } from '#main/platform/clock.ts';
import type { AccountState } from '../account-state.ts';
import { decideAccess, type RequestContext } from '../iam/evaluate.ts';
import { effectivePolicies, principalContext } from '../iam/principal.ts';
import type { Call, Operation } from '../services/operation.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { AwsError } from './aws-error.ts';
import { encodeAnswer, encodeError, type WireAnswer } from './encode.ts';
import { refuse } from './refusals.ts';
import { type ServiceTraits, serviceTraits } from './service-table.ts';
import type { Throttle } from './throttle.ts';
import { AwsErrorFor, type RoutedRequest, routeRequest, unknownAction, type WireRequest } from './wire-request.ts';

export interface Cloud {
  readonly accounts: readonly AccountState[];
  readonly operations: ReadonlyMap<string, Operation>;
  readonly clock: Clock;
  readonly throttle: Throttle;
}

/** Answers one request, whatever it contains: route, authenticate, find the operation, throttle, authorise, run. */
export async function handleRequest(cloud: Cloud, request: WireRequest): Promise<WireAnswer> {
  const requestId = randomUUID();
  let service = serviceTraits('sts');
  try {
    const routed = routeRequest(request);
    service = routed.service;
    const answer = await answerRequest(cloud, request, routed, requestId);
    return encodeAnswer(service, routed.operation, answer, requestId);
  } catch (error) {
    if (error instanceof AwsErrorFor) service = error.service;
    return encodeError(service, asAwsError(service, error), requestId);
  }
}

async function answerRequest(cloud: Cloud, request: WireRequest, routed: RoutedRequest, requestId: string) {
  const { service } = routed;
  const now = cloud.clock.now();
  const caller = authenticate(service, request, cloud.accounts, now);
  const action = `${service.id}:${routed.operation}`;
  const operation = cloud.operations.get(action);
  if (operation === undefined) throw unknownAction(service, routed.operation, service.selector);
  if (!cloud.throttle(caller.account.accountId, action)) throw refuse(service, 'throttled', 'Rate exceeded');
  const prepared = operation.prepare(readInput(service, request, routed), caller.account);
  const call = createCall(service, caller, now, requestId);
  if (prepared.access !== 'by-itself') {
    for (const resource of prepared.access.resources) call.demand(action, resource, prepared.access.context);
  }
  return prepared.run(call);
}

function readInput(service: ServiceTraits, request: WireRequest, routed: RoutedRequest): unknown {
  if (routed.form !== undefined) {
    return Object.fromEntries([...routed.form].filter(([name]) => name !== 'Action' && name !== 'Version'));
  }
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    throw refuse(service, 'unreadable', 'The request body is not valid JSON.');
  }
}

function createCall(service: ServiceTraits, caller: Caller, now: number, requestId: string): Call {
  const { account, principal, region } = caller;
  return {
    account,
    principal,
    region,
    now,
    requestId,
    demand: (action, resource, context: RequestContext = {}) => {
      const request = {
        action,
        resource,
        context: { ...principalContext(principal, region, now), ...context },
      };
      const decision = decideAccess(effectivePolicies(principal, account.roles), request);
      if (decision.allowed) return;
      const message =
        service.id === 'ec2'
          ? `You are not authorized to perform this operation. User: ${principal.arn} is not authorized to perform: ${action} ${decision.reason}`
          : `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`;
      throw refuse(service, 'denied', message);
    },
  };
}

/** Nothing but an AWS error leaves: what went wrong inside is no caller's business, and never stops the server. */
function asAwsError(service: ServiceTraits, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    const where = issue?.path.map(String).join('.') ?? '';
    return refuse(service, 'invalid-input', `1 validation error detected: ${where}: ${issue?.message ?? 'invalid'}`);
  }
  return refuse(service, 'internal', 'The request processing has failed because of an unknown error.');
}
