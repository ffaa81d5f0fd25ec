import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The parts of an `AWS4-HMAC-SHA256` Authorization header. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

export interface SignedMessage {
  readonly method: string;
  /** Request target: path and query, as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CREDENTIAL = /^([A-Za-z0-9]{4,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/;
const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Reads the Authorization header; a string is the reason it cannot be used. Source: AWS SigV4, "Authorization header". */
export function parseAuthorization(value: string): Authorization | string {
  if (!value.startsWith(`${ALGORITHM} `)) return `Authorization must use '${ALGORITHM}'.`;
  const parts = new Map<string, string>();
  for (const part of value.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (equals < 1 || parts.has(name)) return `Authorization header cannot be read near '${name}'.`;
    parts.set(name, part.slice(equals + 1).trim());
  }
  const credential = parts.get('Credential');
  const signedHeaders = parts.get('SignedHeaders');
  const signature = parts.get('Signature');
  if (credential === undefined) return "Authorization header requires 'Credential' parameter.";
  if (signedHeaders === undefined) return "Authorization header requires 'SignedHeaders' parameter.";
  if (signature === undefined) return "Authorization header requires 'Signature' parameter.";
  const scope = CREDENTIAL.exec(credential);
  if (scope === null) return 'Credential must be of the form KEY/YYYYMMDD/REGION/SERVICE/aws4_request.';
  if (!/^[0-9a-f]{64}$/.test(signature)) return 'Signature must be 64 lower-case hexadecimal digits.';
  const names = signedHeaders.split(';');
  const sorted = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);
  if (!sorted) return 'SignedHeaders must be sorted and without duplicates.';
  const [, accessKeyId = '', date = '', region = '', service = ''] = scope;
  return { accessKeyId, date, region, service, signedHeaders: names, signature: Buffer.from(signature, 'hex') };
}

/** The instant of an `x-amz-date` header, in epoch milliseconds. */
export function parseAmzDate(value: string): number | undefined {
  const match = AMZ_DATE.exec(value);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Headers that are present but not covered although they must be: `host`, `x-amz-date` and every other `x-amz-*`.
 * An uncovered x-amz-target or session token could be exchanged by whoever forwards the request.
 */
export function uncoveredHeaders(message: SignedMessage, signedHeaders: readonly string[]): readonly string[] {
  const signed = new Set(signedHeaders);
  const needed = Object.keys(message.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  return [...new Set(['host', 'x-amz-date', ...needed])].filter((name) => !signed.has(name));
}

/** Whether the signature is the one `secret` makes over this message. The payload digest is always computed here. */
export function signatureMatches(message: SignedMessage, authorization: Authorization, secret: string): boolean {
  const expected = computeSignature(message, authorization, secret);
  return expected !== undefined && timingSafeEqual(expected, authorization.signature);
}

function computeSignature(message: SignedMessage, authorization: Authorization, secret: string): Buffer | undefined {
  const canonical = canonicalRequest(message, authorization.signedHeaders);
  const amzDate = message.headers['x-amz-date']?.[0];
  if (canonical === undefined || amzDate === undefined) return undefined;
  const { date, region, service } = authorization;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = [ALGORITHM, amzDate, scope, sha256Hex(canonical)].join('\n');
  let key: Buffer = hmac(Buffer.from(`AWS4${secret}`, 'utf8'), date);
  for (const part of [region, service, 'aws4_request']) key = hmac(key, part);
  return hmac(key, stringToSign);
}

/** The canonical request of SigV4; undefined when a signed header is not in the message. */
export function canonicalRequest(message: SignedMessage, signedHeaders: readonly string[]): string | undefined {
  const question = message.target.indexOf('?');
  const path = question === -1 ? message.target : message.target.slice(0, question);
  const query = question === -1 ? '' : message.target.slice(question + 1);
  const headers: string[] = [];
  for (const name of signedHeaders) {
    const values = message.headers[name];
    if (values === undefined) return undefined;
    headers.push(`${name}:${values.map((value) => value.trim().replace(/ +/g, ' ')).join(',')}\n`);
  }
  return [
    message.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers.join(''),
    signedHeaders.join(';'),
    sha256Hex(message.body),
  ].join('\n');
}

/** Every service but S3 encodes each path segment once more. */
function canonicalPath(path: string): string {
  return path === '' ? '/' : path.split('/').map(encodeRfc3986).join('/');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256Hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data, 'utf8').digest();
}
