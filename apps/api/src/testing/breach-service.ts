import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const hashOf = (password: string): string =>
  createHash('sha1').update(password).digest('hex').toUpperCase();

/** The suffixes of others, as they stand around the one that is looked for. */
const others = ['0018A45C4D1DEF81644B54AB7F969B88D65:10', '00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2'];
const padding = ['FFFFC0FFEE00000000000000000000000C0:0', 'FFFFC0FFEE00000000000000000000000C1:0'];

/** The lines of a range in which passwords stand, each stolen so often. */
export const writeRange = (stolen: Record<string, number>): string =>
  [
    ...others,
    ...Object.entries(stolen).map(([one, count]) => `${hashOf(one).slice(5)}:${count}`),
    ...padding,
  ].join('\r\n');

/**
 * A service of stolen passwords on a free port of this machine. Take it with `await using`.
 *
 * @param answer what it does with each request
 */
export async function startBreachService(answer: (response: ServerResponse) => void) {
  const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, headers });
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    /** What it was asked. */
    asked,
    settings: { BREACHED_PASSWORDS: 'haveibeenpwned', BREACHED_PASSWORDS_URL: url },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
