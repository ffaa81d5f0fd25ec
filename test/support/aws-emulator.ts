import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A small AWS of its own, as emulators are: it answers the wire protocols of STS, IAM, KMS and ECS, believes every
 * signature, knows no session policies and no source identities, and has its own account in its ARNs. It shares nothing
 * with the sandbox cloud.
 */
export interface AwsEmulator {
  readonly endpoint: string;
  /** ARN of its asymmetric signing key (ECC_NIST_P256) and of its symmetric one. */
  readonly keys: { readonly signing: string; readonly wrapping: string };
  /** What was asked, in order: `sts:AssumeRole`, with the access key it was signed with. */
  readonly asked: readonly { readonly operation: string; readonly accessKey: string; readonly input: Input }[];
  /** Inline policies by `role/policy`. */
  readonly inline: ReadonlyMap<string, string>;
  /** Operations that do not answer, or answer that access is denied. */
  readonly trouble: Map<string, 'hang' | 'deny' | 'cut'>;
  close(): Promise<void>;
}

export interface EmulatorQuirks {
  /** Whether AssumeRole says who was assumed. */
  readonly assumedRoleUser?: boolean;
  /** Whether answers carry request ids. */
  readonly requestIds?: boolean;
  /** Whether IAM is offered at all. */
  readonly iam?: boolean;
  /** In its ARNs, whatever the caller's is. */
  readonly account?: string;
}

type Input = Readonly<Record<string, unknown>>;

const TARGETS: Readonly<Record<string, string>> = {
  TrentService: 'kms',
  AmazonEC2ContainerServiceV20141113: 'ecs',
};

export async function startAwsEmulator(quirks: EmulatorQuirks = {}): Promise<AwsEmulator> {
  const { assumedRoleUser = true, requestIds = true, iam = true, account = '123456789012' } = quirks;
  const asked: { operation: string; accessKey: string; input: Input }[] = [];
  const inline = new Map<string, string>();
  const trouble: AwsEmulator['trouble'] = new Map();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const wrapping = randomBytes(32);
  const keyArn = (id: string) => `arn:aws:kms:us-east-1:${account}:key/${id}`;
  const keys = {
    signing: keyArn('11111111-2222-4333-8444-555555555555'),
    wrapping: keyArn('66666666-7777-4888-8999-000000000000'),
  };
  const kms = emulateKms(keys, { publicKey, privateKey, wrapping });
  const ecs = emulateEcs(account);
  let sessions = 0;

  const query = (params: URLSearchParams): string => {
    const action = params.get('Action') ?? '';
    const result = (inner: string, namespace: string) =>
      `<${action}Response xmlns="${namespace}"><${action}Result>${inner}</${action}Result>${
        requestIds
          ? `<ResponseMetadata><RequestId>${randomBytes(8).toString('hex')}</RequestId></ResponseMetadata>`
          : ''
      }</${action}Response>`;
    const STS = 'https://sts.amazonaws.com/doc/2011-06-15/';
    const IAM = 'https://iam.amazonaws.com/doc/2010-05-08/';
    switch (action) {
      case 'GetCallerIdentity':
        return result(
          `<Arn>arn:aws:iam::${account}:root</Arn><UserId>AKIAEMULATOR</UserId><Account>${account}</Account>`,
          STS,
        );
      case 'AssumeRole': {
        sessions += 1;
        const name = params.get('RoleSessionName') ?? '';
        const role = (params.get('RoleArn') ?? '').split('/').at(-1);
        const user = `<AssumedRoleUser><AssumedRoleId>AROAEMULATED:${name}</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-role/${role}/${name}</Arn></AssumedRoleUser>`;
        const ends = new Date(Date.now() + Number(params.get('DurationSeconds') ?? 3600) * 1000).toISOString();
        const secrets = `<AccessKeyId>ASIAEMULATED${sessions}</AccessKeyId><SecretAccessKey>${randomBytes(20).toString('hex')}</SecretAccessKey><SessionToken>${randomBytes(40).toString('hex')}</SessionToken>`;
        return result(
          `<Credentials>${secrets}<Expiration>${ends}</Expiration></Credentials>${assumedRoleUser ? user : ''}`,
          STS,
        );
      }
      case 'GetRolePolicy': {
        if (!iam) throw new EmulatorError('InvalidAction', 'The service iam is not offered here.', 501);
        const [RoleName, PolicyName] = [params.get('RoleName'), params.get('PolicyName')];
        const found = inline.get(`${RoleName}/${PolicyName}`);
        if (found === undefined) throw new EmulatorError('NoSuchEntity', 'There is no such policy.', 404);
        return result(
          `<RoleName>${RoleName}</RoleName><PolicyName>${PolicyName}</PolicyName><PolicyDocument>${encodeURIComponent(found)}</PolicyDocument>`,
          IAM,
        );
      }
      case 'PutRolePolicy': {
        if (!iam) throw new EmulatorError('InvalidAction', 'The service iam is not offered here.', 501);
        inline.set(`${params.get('RoleName')}/${params.get('PolicyName')}`, params.get('PolicyDocument') ?? '');
        return `<PutRolePolicyResponse xmlns="${IAM}"/>`;
      }
      default:
        throw new EmulatorError('InvalidAction', `${action} is not emulated.`, 400);
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const accessKey = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'none';
    const target = request.headers['x-amz-target'];
    const id = requestIds ? { 'x-amzn-requestid': randomBytes(8).toString('hex') } : {};
    const isJson = typeof target === 'string';
    try {
      const [service = '', action = ''] = isJson ? target.split('.') : [];
      const params = new URLSearchParams(body);
      const prefix = isJson ? TARGETS[service] : params.get('Action')?.endsWith('RolePolicy') ? 'iam' : 'sts';
      const operation = `${prefix}:${isJson ? action : params.get('Action')}`;
      const input = isJson ? (JSON.parse(body) as Input) : Object.fromEntries(params);
      asked.push({ operation, accessKey, input });
      const effect = trouble.get(operation);
      if (effect === 'hang') return;
      if (effect === 'cut') return void request.socket.destroy();
      if (effect === 'deny') throw new EmulatorError(isJson ? 'AccessDeniedException' : 'AccessDenied', 'No.', 400);
      if (!isJson) {
        const xml = query(params);
        response.writeHead(200, { 'content-type': 'text/xml', ...id }).end(xml);
        return;
      }
      const output = prefix === 'kms' ? kms(action, input) : ecs(action, input);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', ...id }).end(JSON.stringify(output));
    } catch (error) {
      const { code, status, message } =
        error instanceof EmulatorError ? error : new EmulatorError('InternalFailure', String(error), 500);
      if (isJson) {
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...id })
          .end(JSON.stringify({ __type: code, message }));
      } else {
        response
          .writeHead(status, { 'content-type': 'text/xml', ...id })
          .end(`<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);
      }
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    keys,
    asked,
    inline,
    trouble,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class EmulatorError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

interface KmsSecrets {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly wrapping: Uint8Array;
}

function emulateKms(keys: AwsEmulator['keys'], { publicKey, privateKey, wrapping }: KmsSecrets) {
  const demand = (input: Input, arn: string) => {
    if (input.KeyId !== arn) throw new EmulatorError('NotFoundException', 'There is no such key.');
  };
  const contextOf = (input: Input) => {
    const entries = Object.entries((input.EncryptionContext ?? {}) as Record<string, string>);
    return createHash('sha256').update(JSON.stringify(entries.sort())).digest();
  };
  return (action: string, input: Input): Input => {
    switch (action) {
      case 'GetPublicKey':
        demand(input, keys.signing);
        return {
          KeyId: keys.signing,
          KeySpec: 'ECC_NIST_P256',
          KeyUsage: 'SIGN_VERIFY',
          SigningAlgorithms: ['ECDSA_SHA_256'],
          PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
        };
      case 'Sign': {
        demand(input, keys.signing);
        const message = Buffer.from(String(input.Message), 'base64');
        if (input.MessageType === 'DIGEST') throw new EmulatorError('UnsupportedOperationException', 'RAW only.');
        const Signature = createSign('sha256').update(message).sign(privateKey).toString('base64');
        return { KeyId: keys.signing, Signature, SigningAlgorithm: 'ECDSA_SHA_256' };
      }
      case 'GenerateDataKey': {
        demand(input, keys.wrapping);
        const plain = randomBytes(32);
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', wrapping, nonce).setAAD(contextOf(input));
        const blob = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
        return { KeyId: keys.wrapping, Plaintext: plain.toString('base64'), CiphertextBlob: blob.toString('base64') };
      }
      case 'Decrypt': {
        const blob = Buffer.from(String(input.CiphertextBlob), 'base64');
        try {
          const decipher = createDecipheriv('aes-256-gcm', wrapping, blob.subarray(0, 12));
          decipher.setAAD(contextOf(input)).setAuthTag(blob.subarray(-16));
          const plain = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
          return { KeyId: keys.wrapping, Plaintext: plain.toString('base64') };
        } catch {
          throw new EmulatorError('InvalidCiphertextException', 'This was not encrypted here, or in another context.');
        }
      }
      default:
        throw new EmulatorError('UnknownOperationException', `${action} is not emulated.`);
    }
  };
}

/** Whatever service is asked for is there, in a cluster of any name. */
function emulateEcs(account: string) {
  const arn = (path: string) => `arn:aws:ecs:us-east-1:${account}:${path}`;
  const last = (name: unknown) => String(name).split('/').at(-1) ?? '';
  const service = (cluster: unknown, name: unknown) => ({
    serviceArn: arn(`service/${last(cluster)}/${last(name)}`),
    serviceName: last(name),
    clusterArn: arn(`cluster/${last(cluster)}`),
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    taskDefinition: arn(`task-definition/${last(name)}:7`),
  });
  return (action: string, input: Input): Input => {
    switch (action) {
      case 'DescribeServices':
        return {
          services: (input.services as readonly unknown[]).map((name) => service(input.cluster, name)),
          failures: [],
        };
      case 'DescribeTaskDefinition': {
        const [family = '', revision = '7'] = last(input.taskDefinition).split(':');
        return {
          taskDefinition: {
            taskDefinitionArn: arn(`task-definition/${family}:${revision}`),
            family,
            revision: Number(revision),
            status: 'ACTIVE',
            containerDefinitions: [{ name: family, image: `${family}:1`, memory: 128 }],
          },
        };
      }
      case 'UpdateService':
        return { service: service(input.cluster, input.service) };
      default:
        throw new EmulatorError('InvalidAction', `${action} is not emulated.`);
    }
  };
}
