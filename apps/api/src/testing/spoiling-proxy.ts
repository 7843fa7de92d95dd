import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

type HeaderLines = [name: string, value: string][];
/** What a proxy does wrong. Each part that is left out, it does right. */
export type Spoiling = {
  /** Answers by itself; true where it did. */
  answer?: (asked: IncomingMessage, reply: ServerResponse) => boolean;
  /** Changes what the server said. */
  headers?: (lines: HeaderLines) => HeaderLines;
  /** Keeps each answer by its path, whatever the server says. */
  isHoarding?: boolean;
};

/**
 * A proxy in front of a server, on a free port of localhost. Take it with `await using`.
 *
 * @param certificate of localhost, for https
 */
export async function startSpoilingProxy(certificate?: { cert: string; key: string }) {
  let target = '';
  let spoiling: Spoiling = {};
  const kept = new Map<string, { status: number; lines: HeaderLines }>();

  const handle: RequestListener = (asked, reply) => {
    const path = asked.url ?? '/';
    if (spoiling.answer?.(asked, reply)) return;
    const hoarded = spoiling.isHoarding ? kept.get(path) : undefined;
    if (hoarded) return send(reply, hoarded.status, hoarded.lines);
    const { headers, method } = asked;
    request(new URL(path, target), { headers, method, agent: false }, (came) => {
      came.resume();
      const lines = Object.entries(came.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): HeaderLines[number] => [name, value]),
      );
      const status = came.statusCode ?? 502;
      kept.set(path, { status, lines });
      send(reply, status, spoiling.headers?.(lines) ?? lines);
    })
      .on('error', () => reply.destroy())
      .end();
  };
  const server = certificate ? createSecureServer(certificate, handle) : createServer(handle);
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    origin: `http${certificate ? 's' : ''}://localhost:${(server.address() as AddressInfo).port}`,
    /** @param url where the server is, once it listens */
    pointAt: (url: string) => void (target = url),
    spoil(how: Spoiling) {
      spoiling = how;
      kept.clear();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The head alone: those who ask here look at no more. */
function send(reply: ServerResponse, status: number, lines: HeaderLines): void {
  const isKept = ([name]: HeaderLines[number]) =>
    !['content-length', 'transfer-encoding', 'connection', 'keep-alive'].includes(name);
  reply.writeHead(status, lines.filter(isKept).flat()).end();
}
