import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly requestBody: string;
  readonly status: number;
  readonly responseBody: string;
}

export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface TappedCloud {
  readonly endpoint: string;
  readonly exchanges: readonly Exchange[];
  /** When set, decides the answer instead of the cloud; null passes on. */
  interfere: ((exchange: { readonly body: string; readonly target: string }) => Interference | null) | null;
  /** The keys STS handed out, in order: as only somebody on the wire can know them. */
  sessions(): readonly SessionKeys[];
  close(): Promise<void>;
}

export interface Interference {
  readonly delayMs?: number;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cuts the connection. */
  readonly cut?: boolean;
}

/** A wire tap before the sandbox: passes everything on unchanged, signatures included, and remembers it. */
export async function tapCloud(target: string): Promise<TappedCloud> {
  const { hostname, port } = new URL(target);
  const exchanges: Exchange[] = [];
  const tap: { interfere: TappedCloud['interfere'] } = { interfere: null };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const requestBody = Buffer.concat(chunks).toString('utf8');
      const method = incoming.method ?? '';
      const keep = (status: number, responseBody: string) =>
        exchanges.push({ method, headers: incoming.headers, requestBody, status, responseBody });
      const change = tap.interfere?.({ body: requestBody, target: String(incoming.headers['x-amz-target'] ?? '') });
      if (change?.cut) {
        incoming.socket.destroy();
        return;
      }
      if (change?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, change.delayMs));
      if (change?.status !== undefined) {
        keep(change.status, change.body ?? '');
        outgoing.writeHead(change.status, change.headers ?? {});
        outgoing.end(change.body ?? '');
        return;
      }
      const onward = forward({ hostname, port, path: incoming.url, method, headers: incoming.headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const body = Buffer.concat(parts);
          keep(answer.statusCode ?? 0, body.toString('utf8'));
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          outgoing.end(body);
        });
      });
      onward.on('error', () => incoming.socket.destroy());
      onward.end(requestBody);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${own}`,
    exchanges,
    get interfere() {
      return tap.interfere;
    },
    set interfere(value) {
      tap.interfere = value;
    },
    sessions: () => exchanges.flatMap(({ responseBody }) => readSession(responseBody)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readSession(xml: string): SessionKeys[] {
  const member = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(member);
  return accessKeyId && secretAccessKey && sessionToken ? [{ accessKeyId, secretAccessKey, sessionToken }] : [];
}
