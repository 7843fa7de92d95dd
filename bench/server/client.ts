import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { RunningServer } from './start-server.ts';

export type Answer = { status: number; headers: IncomingHttpHeaders; bytes: Buffer; body: string };
type Question = {
  path: string;
  headers?: OutgoingHttpHeaders;
  /** Sent as JSON with POST; without it the request is a GET. */
  json?: unknown;
};
export type Client = Disposable & {
  /** Rejects when no whole answer comes. */
  ask: (question: Question) => Promise<Answer>;
};

/** A client that keeps its connections, as browsers and proxies do. */
export function createClient({
  address,
  publicOrigin,
}: Pick<RunningServer, 'address' | 'publicOrigin'>): Client {
  const agent = new Agent({ keepAlive: true });
  const ask = ({ path, headers = {}, json }: Question) =>
    new Promise<Answer>((resolve, reject) => {
      const isPost = json !== undefined;
      const sent = request(address + path, {
        agent,
        method: isPost ? 'POST' : 'GET',
        headers: {
          'accept-encoding': 'br, gzip',
          ...(isPost && { 'content-type': 'application/json', origin: publicOrigin }),
          ...headers,
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode = 0, headers: received } = response;
          resolve({ status: statusCode, headers: received, bytes, body: bytes.toString() });
        });
      });
      sent.end(isPost ? JSON.stringify(json) : undefined);
    });
  return { ask, [Symbol.dispose]: () => agent.destroy() };
}
