import { AwsError } from './aws-error.ts';
import { refuse } from './refusals.ts';
import { SERVICES, type ServiceTraits, serviceTraits } from './service-table.ts';

/** An HTTP request as received: nothing in it is trusted yet. Header names are lower case, values in order of arrival. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
}

export interface RoutedRequest {
  readonly service: ServiceTraits;
  readonly operation: string;
  /** Query protocols: the form's members; JSON: not read before the signature is checked. */
  readonly form: ReadonlyMap<string, string> | undefined;
}

export function header(request: WireRequest, name: string): string | undefined {
  const values = request.headers[name];
  return values === undefined ? undefined : values.join(',');
}

/**
 * Which service and operation a request is for. All services share one endpoint here, so the route is what the protocol
 * itself says: X-Amz-Target for JSON, the API version and Action for Query. The signature's scope is compared later.
 */
export function routeRequest(request: WireRequest): RoutedRequest {
  const target = header(request, 'x-amz-target');
  if (target !== undefined) return routeTarget(target);
  const service = serviceOfScope(header(request, 'authorization')) ?? serviceTraits('sts');
  if (request.method !== 'POST') {
    throw refuse(service, 'missing-authentication', 'Missing Authentication Token');
  }
  const form = parseForm(request.body, service);
  const version = form.get('Version');
  const byVersion = SERVICES.find((traits) => traits.protocol !== 'json' && traits.selector === version);
  const operation = form.get('Action');
  if (operation === undefined) {
    throw new AwsErrorFor(byVersion ?? service, 'MissingAction', 'Missing Action', 400);
  }
  if (byVersion === undefined) {
    throw unknownAction(service, operation, version ?? '');
  }
  return { service: byVersion, operation, form };
}

function routeTarget(target: string): RoutedRequest {
  const dot = target.lastIndexOf('.');
  const service = SERVICES.find(
    (traits) => traits.protocol === 'json' && traits.selector === target.slice(0, Math.max(dot, 0)),
  );
  if (service === undefined) {
    throw new AwsErrorFor(serviceTraits('ecs'), 'UnknownOperationException', `Unknown target ${target}`, 400);
  }
  return { service, operation: target.slice(dot + 1), form: undefined };
}

export function unknownAction(service: ServiceTraits, operation: string, version: string): AwsError {
  return service.protocol === 'json'
    ? refuse(service, 'unknown-operation', `Unknown operation ${operation}`)
    : refuse(service, 'unknown-operation', `Could not find operation ${operation} for version ${version}`);
}

/** A refusal of a request whose service is only guessed: the answer still needs some protocol's form. */
export class AwsErrorFor extends AwsError {
  readonly service: ServiceTraits;

  constructor(service: ServiceTraits, code: string, message: string, status: number) {
    super(code, message, status);
    this.service = service;
  }
}

function serviceOfScope(authorization: string | undefined): ServiceTraits | undefined {
  const scope = authorization?.match(/Credential=[^/,\s]+\/\d{8}\/[^/,\s]+\/([^/,\s]+)\/aws4_request/);
  return SERVICES.find((traits) => traits.signingName === scope?.[1]);
}

const MAX_FORM_MEMBERS = 2000;

function parseForm(body: Buffer, service: ServiceTraits): ReadonlyMap<string, string> {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    // Two values under one name would let the policy check read one and the operation the other.
    if (form.has(name)) throw refuse(service, 'unreadable', `Duplicate parameter ${name}`);
    if (form.size >= MAX_FORM_MEMBERS) throw refuse(service, 'unreadable', 'Too many parameters');
    form.set(name, value);
  }
  return form;
}
