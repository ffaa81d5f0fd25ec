import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CausewayError } from '#shared/errors.ts';
import { encodeError, type WireAnswer } from './encode.ts';
import { type Cloud, handleRequest } from './handle-request.ts';
import { refuse } from './refusals.ts';
import { serviceTraits } from './service-table.ts';
import type { WireRequest } from './wire-request.ts';

/** AWS's largest request here is far below it. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface Listener {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves the cloud on a free loopback port. Time limits keep a client that sends nothing from holding a connection. */
export async function listen(cloud: Cloud): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: true,
    },
    (request, response) => {
      answer(cloud, request, response).catch(() => response.destroy());
    },
  );
  server.maxConnections = 512;
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  await bind(server);
  // An IPv4 TCP server's address is never a pipe name.
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      closed ??= new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function bind(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new CausewayError('cloud-unreachable', 'The sandbox cloud cannot open a loopback port.', { cause: error }),
      ),
    );
    server.listen(0, '127.0.0.1', resolve);
  });
}

async function answer(cloud: Cloud, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === 'too-large') {
    const service = serviceTraits('sts');
    const error = refuse(service, 'too-large', `A request may have at most ${MAX_BODY_BYTES} bytes.`);
    response.shouldKeepAlive = false;
    send(cloud, response, encodeError(service, error, randomUUID()));
    return;
  }
  send(cloud, response, await handleRequest(cloud, toWireRequest(request, body)));
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return 'too-large';
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('request body is not binary');
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toWireRequest(request: IncomingMessage, body: Buffer): WireRequest {
  const headers: Record<string, readonly string[]> = Object.create(null);
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values !== undefined) headers[name] = values;
  }
  return { method: request.method ?? '', target: request.url ?? '/', headers, body };
}

function send(cloud: Cloud, response: ServerResponse, { status, headers, body }: WireAnswer): void {
  if (response.destroyed) return;
  // The cloud's own clock: the SDK corrects its signing time by this header.
  response.setHeader('date', new Date(cloud.clock.now()).toUTCString());
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}
