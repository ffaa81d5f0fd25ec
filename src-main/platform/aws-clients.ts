import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { STSClient } from '@aws-sdk/client-sts';
import { type AwsCallHooks, type IamPrefix, installCallHooks } from './aws-calls.ts';
import { retryRefusalsOnly } from './aws-retry.ts';

/** Keys for signing. Held in closures only: this type never becomes a field of anything that lives on. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Asked at every signature, so that keys can be replaced or taken away. */
export type AwsKeyProvider = () => Promise<AwsKeys>;

/** Keys known from the start, put out of sight. */
export function fixedKeys({ accessKeyId, secretAccessKey, sessionToken }: AwsKeys): AwsKeyProvider {
  return async () => ({ accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) });
}

/**
 * The user's own AWS identity, found where AWS's tools find it: environment, profile, single sign-on, instance. Only the
 * broker's base identity, and the one that uses the trail's signing key in AWS KMS, may come from there.
 */
export function ambientKeys(region: string, profile?: string): AwsKeyProvider {
  const client = new STSClient({ region, ...(profile === undefined ? {} : { profile }) });
  return async () => {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await client.config.credentials();
    // with the expiry, so that the SDK asks again in time
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(expiration && { expiration }) };
  };
}

export interface AwsClientOptions {
  /** Null: AWS's own endpoint of the service in the region. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly keys: AwsKeyProvider;
  readonly hooks: AwsCallHooks;
  /** Of this product, for the user agent. */
  readonly version: string;
  /** For clients that change things: a call is not sent again unless the cloud refused it for being too many. */
  readonly once?: boolean;
  /** Milliseconds for an attempt; by default those of an investigation, which can wait longer than a signature. */
  readonly timeouts?: { readonly connect: number; readonly request: number };
  /** Milliseconds for latencies; never goes back. */
  readonly monotonic?: () => number;
}

/** Clients of one identity, each made at first use, all on the same hooks. */
export interface AwsClients {
  readonly sts: STSClient;
  readonly iam: IAMClient;
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly kms: KMSClient;
  /** Cuts open connections: calls under way fail, and are not tried again when the hooks say so. */
  destroy(): void;
}

const MAX_ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 20_000;

/** The only place where AWS clients are made. */
export function createAwsClients(options: AwsClientOptions): AwsClients {
  const { hooks, monotonic = () => performance.now() } = options;
  const made = new Map<IamPrefix, { readonly middlewareStack: object; destroy(): void }>();
  function once<C extends { readonly middlewareStack: object; destroy(): void }>(prefix: IamPrefix, make: () => C): C {
    const known = made.get(prefix);
    if (known !== undefined) return known as C;
    const client = make();
    installCallHooks(client, prefix, hooks, monotonic);
    made.set(prefix, client);
    return client;
  }
  // Functions on closures, not fields: printing this object shows no client and no key.
  return {
    get sts() {
      return once('sts', () => new STSClient(clientConfig(options)));
    },
    get iam() {
      return once('iam', () => new IAMClient(clientConfig(options)));
    },
    get cloudwatch() {
      return once('cloudwatch', () => new CloudWatchClient(clientConfig(options)));
    },
    get logs() {
      return once('logs', () => new CloudWatchLogsClient(clientConfig(options)));
    },
    get ecs() {
      return once('ecs', () => new ECSClient(clientConfig(options)));
    },
    get ec2() {
      return once('ec2', () => new EC2Client(clientConfig(options)));
    },
    get kms() {
      return once('kms', () => new KMSClient(clientConfig(options)));
    },
    destroy: () => {
      for (const client of made.values()) client.destroy();
    },
  };
}

/**
 * The SDK keeps keys that have no expiry for as long as the client lives, unless the provider says that it remembers by
 * itself. With that said it asks at every signature, and keys that were taken away are gone.
 */
function unremembered(keys: AwsKeyProvider) {
  return Object.assign(() => keys(), { memoized: true });
}

/**
 * Everything the SDK would otherwise look up in the environment, in ~/.aws or at the instance's metadata service is
 * given here: whoever can set an environment variable must not choose the endpoint a signed request goes to.
 */
function clientConfig({ endpoint, region, keys, version, once = false, timeouts }: AwsClientOptions) {
  return {
    region,
    credentials: unremembered(keys),
    ...(endpoint === null ? {} : { endpoint }),
    ignoreConfiguredEndpointUrls: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    defaultsMode: 'standard' as const,
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    ...(once ? { retryStrategy: retryRefusalsOnly(MAX_ATTEMPTS) } : {}),
    authSchemePreference: ['aws.auth#sigv4'],
    sigv4aSigningRegionSet: [region],
    disableRequestCompression: true,
    requestMinCompressionSizeBytes: 10_240,
    requestHandler: {
      connectionTimeout: timeouts?.connect ?? CONNECT_TIMEOUT_MS,
      requestTimeout: timeouts?.request ?? REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    userAgentAppId: async () => undefined,
    defaultUserAgentProvider: async (): Promise<[string, string][]> => [['causeway', version]],
  };
}

/** Host and port a service is reached at, for records. `null` endpoint: AWS's own, port 443. */
export function endpointOf(endpoint: string | null, prefix: string, region: string): string {
  if (endpoint !== null) {
    const { hostname, port, protocol } = new URL(endpoint);
    return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  }
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  if (prefix === 'iam') return `iam.${domain}:443`;
  return `${prefix === 'cloudwatch' ? 'monitoring' : prefix}.${region}.${domain}:443`;
}
