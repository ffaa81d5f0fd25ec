/** What is known of a call before it is sent. */
export interface AwsCall {
  /** IAM notation: `ecs:UpdateService`. */
  readonly operation: string;
  /** The command's input as given; may hold anything the caller put in. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What came of it. `output` is present exactly when the call succeeded. */
export interface AwsCallResult {
  readonly output: object | null;
  readonly error: unknown;
  /** HTTP status as text, or the cloud's or the transport's error name. */
  readonly code: string;
  /** Host and port it was really sent to; null when nothing left the process. */
  readonly endpoint: string | null;
  /** Null when no answer came. */
  readonly httpStatus: number | null;
  readonly requestId: string | null;
  /** How often it was sent; 0 when nothing left the process. */
  readonly attempts: number;
  /** Of all attempts together, in whole milliseconds. */
  readonly latencyMs: number;
}

/** The one way into every call. What a hook throws is what the caller gets, and the answer, if there is one, is withheld. */
export interface AwsCallHooks {
  /** Before anything is sent; throwing refuses the call. */
  before?(call: AwsCall): Promise<void>;
  /** Before each attempt, the first and every retry; throwing stops it there. */
  beforeAttempt?(call: AwsCall): void;
  /** After the last attempt; not called when `before` refused. */
  after?(call: AwsCall, result: AwsCallResult): Promise<void>;
}

/** How a service is called in IAM policies, which is not always how its endpoint or its client is called. */
export type IamPrefix = 'sts' | 'iam' | 'cloudwatch' | 'logs' | 'ecs' | 'ec2' | 'kms';

interface Run {
  readonly call: AwsCall;
  attempts: number;
  endpoint: string | null;
}

/** What of a client's middleware stack is used. The SDK types a stack by all inputs of its one service; hooks see any. */
interface HookStack {
  add(middleware: Middleware, options: { step: string; priority: string; name: string }): void;
}
type Middleware = (next: Handler, context: { readonly commandName?: string }) => Handler;
type Handler = (args: {
  readonly input: unknown;
  readonly request?: unknown;
}) => Promise<{ readonly output: object; readonly response: unknown }>;

/**
 * Puts the hooks into a client: one middleware around everything, retries included, and one around each attempt.
 * `monotonic` gives milliseconds for the latency.
 */
export function installCallHooks(
  client: { readonly middlewareStack: object },
  prefix: IamPrefix,
  hooks: AwsCallHooks,
  monotonic: () => number,
): void {
  const stack = client.middlewareStack as HookStack;
  const running = new WeakMap<object, Run>();
  const aroundCall: Middleware = (next, context) => async (args) => {
    const call: AwsCall = {
      operation: `${prefix}:${String(context.commandName).replace(/Command$/, '')}`,
      input: args.input as Readonly<Record<string, unknown>>,
    };
    await hooks.before?.(call);
    const run: Run = { call, attempts: 0, endpoint: null };
    running.set(context, run);
    const started = monotonic();
    const latency = () => Math.max(0, Math.round(monotonic() - started));
    let output: object;
    try {
      ({ output } = await next(args));
    } catch (error) {
      dropExchange(error);
      await hooks.after?.(call, describeFailure(error, run, latency()));
      throw error;
    }
    await hooks.after?.(call, describeSuccess(output, run, latency()));
    return { output, response: undefined };
  };
  const aroundAttempt: Middleware = (next, context) => async (args) => {
    const run = running.get(context);
    if (run === undefined) throw new TypeError('A call came past its first hook.');
    hooks.beforeAttempt?.(run.call);
    run.attempts += 1;
    run.endpoint = hostAndPort(args.request);
    return next(args);
  };
  stack.add(aroundCall, { step: 'initialize', priority: 'high', name: 'causewayCall' });
  // Low: behind the retry middleware, so that it sees every attempt.
  stack.add(aroundAttempt, { step: 'finalizeRequest', priority: 'low', name: 'causewayAttempt' });
}

function hostAndPort(request: unknown): string | null {
  const { hostname, port, protocol } = (request ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof hostname !== 'string') return null;
  return `${hostname}:${port ?? (protocol === 'http:' ? 80 : 443)}`;
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
}

function metadataOf(value: unknown): Metadata {
  const metadata = (value as { readonly $metadata?: Metadata } | null)?.$metadata;
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

function describeSuccess(output: object, { attempts, endpoint }: Run, latencyMs: number): AwsCallResult {
  const { httpStatusCode, requestId } = metadataOf(output);
  return {
    output,
    error: undefined,
    code: String(httpStatusCode ?? 200),
    httpStatus: httpStatusCode ?? null,
    requestId: requestId?.slice(0, 128) ?? null,
    attempts,
    endpoint,
    latencyMs,
  };
}

function describeFailure(error: unknown, { attempts, endpoint }: Run, latencyMs: number): AwsCallResult {
  const { httpStatusCode, requestId } = metadataOf(error);
  return {
    output: null,
    error,
    code: errorName(error),
    httpStatus: httpStatusCode !== undefined && httpStatusCode >= 100 && httpStatusCode <= 599 ? httpStatusCode : null,
    requestId: requestId?.slice(0, 128) || null,
    attempts,
    endpoint,
    latencyMs,
  };
}

/** The cloud's error code, the lease's or the transport's (`ECONNREFUSED`): a word, never text the other side wrote. */
export function errorName(error: unknown): string {
  const { reason, code, name } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const word = [name === 'CausewayError' ? reason : undefined, typeof code === 'string' ? code : undefined, name].find(
    (candidate) => typeof candidate === 'string' && /^[A-Za-z][\w.-]{0,127}$/.test(candidate),
  );
  return typeof word === 'string' ? word : 'UnknownError';
}

/**
 * An SDK error carries the HTTP exchange, and with it the request's headers: the session token among them. Nobody above
 * this line needs it, and errors are logged.
 */
function dropExchange(error: unknown): void {
  const exchange = (error as { readonly $response?: { body?: unknown } } | null)?.$response;
  if (typeof exchange === 'object' && exchange !== null) exchange.body = undefined;
}
