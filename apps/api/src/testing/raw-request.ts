import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type RawAnswer = {
  status: number;
  /** By lower-case name; several of one name are joined by a comma. */
  headers: Headers;
  /** The body as it came, byte for byte. */
  body: string;
};

/**
 * Sends bytes as they stand and reads the answer until the server closes. No client in between
 * resolves a path, adds a header, decompresses or follows anything.
 */
export async function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(text, 'latin1');
  const answer = (await buffer(socket)).toString('latin1');
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

/** A request for a target in any spelling, with the connection closed after it. */
export function requestTarget(
  url: string,
  target: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<RawAnswer> {
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return sendRaw(url, `${method} ${target} HTTP/1.1\r\n${head}\r\n`);
}
