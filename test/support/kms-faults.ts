import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands between the console and the sandbox's KMS, and how it behaves now. */
export type KmsFault = 'none' | 'hang' | 'cut' | '500' | 'throttled' | 'denied' | 'garbage' | 'other-signature';

export interface FaultyKms {
  readonly endpoint: string;
  fault: KmsFault;
  /** Only for this operation; every one when null. */
  only: string | null;
  /** Requests that pass before the fault begins. */
  passing: number;
  /** Requests of each operation that came in. */
  readonly seen: Map<string, number>;
  close(): Promise<void>;
}

const json = (type: string) => JSON.stringify({ __type: `com.amazonaws.kms#${type}`, message: 'made up by the test' });
/** A well-formed DER signature that is of nothing. */
const OTHER = Buffer.from(`3044${`0220${'11'.repeat(32)}`.repeat(2)}`, 'hex').toString('base64');

/** A real HTTP server in front of another: requests pass unchanged, or meet the fault. */
export async function startFaultyKms(target: string): Promise<FaultyKms> {
  const seen = new Map<string, number>();
  const state: { fault: KmsFault; only: string | null; passing: number } = { fault: 'none', only: null, passing: 0 };
  const { hostname, port } = new URL(target);
  const server: Server = createServer((incoming, answer) => {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    seen.set(operation, (seen.get(operation) ?? 0) + 1);
    const meant = state.only === null || state.only === operation;
    const passes = meant && state.passing > 0;
    if (passes) state.passing -= 1;
    const fault = meant && !passes ? state.fault : 'none';
    const say = (status: number, body: string) => {
      incoming.resume();
      answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    };
    switch (fault) {
      case 'hang':
        incoming.resume();
        return;
      case 'cut':
        incoming.socket.destroy();
        return;
      case '500':
        say(500, json('KMSInternalException'));
        return;
      case 'throttled':
        say(400, json('ThrottlingException'));
        return;
      case 'denied':
        say(400, json('AccessDeniedException'));
        return;
      case 'garbage':
        say(200, JSON.stringify({ Signature: Buffer.from('nonsense').toString('base64') }));
        return;
      case 'other-signature':
        say(200, JSON.stringify({ Signature: OTHER }));
        return;
      case 'none': {
        const { method, url, headers } = incoming;
        const onward = forward({ hostname, port, method, path: url, headers }, (reply) => {
          answer.writeHead(reply.statusCode ?? 502, reply.headers);
          reply.pipe(answer);
        });
        onward.on('error', () => answer.destroy());
        incoming.pipe(onward);
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return Object.assign(state, {
    endpoint: `http://127.0.0.1:${address.port}`,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
