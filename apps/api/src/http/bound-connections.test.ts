import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startTestServer } from '../testing/test-server.ts';
import { MOST_WAITING } from './take-turns.ts';

async function openSocket(url: string): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const get = (path: string, last = false) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;

test('Requests that are sent ahead are answered in their order', async () => {
  await using server = await startTestServer('sqlite');
  const socket = await openSocket(server.url);
  const paths = ['/healthz', '/blog', '/readyz', '/nowhere', '/robots.txt'];
  socket.write(paths.map((path, index) => get(path, index === paths.length - 1)).join(''));
  const answers = await text(socket);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(
    [200, 200, 200, 404, 200].map((status) => `HTTP/1.1 ${status}`),
  );
});

test('Answers wait for those before them to be read', async () => {
  await using server = await startTestServer('sqlite');
  let begun = 0;
  const held = Promise.withResolvers<undefined>();
  const { passwords } = server.deps;
  const verify = passwords.verify.bind(passwords);
  passwords.verify = async (...given) => {
    begun += 1;
    await held.promise;
    return verify(...given);
  };
  const body = JSON.stringify({ identifier: 'nobody', password: 'nothing at all' });
  const post = `POST /trpc/auth.login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const socket = await openSocket(server.url);
  socket.write(post.repeat(3) + get('/healthz', true));
  await expect.poll(() => begun).toBe(1);
  held.resolve(undefined);
  const answers = await text(socket);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toHaveLength(4);
  expect(begun).toBe(3);
});

test('Whoever sends far too many ahead is cut off', async () => {
  await using server = await startTestServer('sqlite');
  const socket = await openSocket(server.url);
  socket.write(get('/blog').repeat(MOST_WAITING * 4));
  const answers = await text(socket).catch(() => '');
  expect((answers.match(/HTTP\/1\.1 \d+/g) ?? []).length).toBeLessThanOrEqual(MOST_WAITING + 1);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('One address may not take every connection, and all together not more than are set', async () => {
  await using server = await startTestServer('sqlite', { MAX_CONNECTIONS: '40', TRUST_PROXY: '0' });
  const sockets = await Promise.all(Array.from({ length: 30 }, () => openSocket(server.url)));
  const closed = sockets.map((socket) => once(socket, 'close'));
  const count = () =>
    new Promise<number>((resolve) =>
      server.server.server.getConnections((_fault, open) => resolve(open)),
    );
  await expect.poll(count).toBe(10);
  sockets.forEach((socket) => socket.destroy());
  await Promise.all(closed);
  await expect.poll(count).toBe(0);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('Behind a proxy one address may have all of them, and idle ones make room', async () => {
  await using server = await startTestServer('sqlite', { MAX_CONNECTIONS: '10', TRUST_PROXY: '1' });
  const sockets = await Promise.all(Array.from({ length: 10 }, () => openSocket(server.url)));
  sockets.forEach((socket) => socket.write(get('/healthz')));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  const dropped = await openSocket(server.url);
  await once(dropped, 'close');
  await expect
    .poll(() =>
      fetch(`${server.url}/healthz`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  sockets.forEach((socket) => socket.destroy());
});

test('A connection that takes nothing for long is cut off, one that is slow is not', async () => {
  await using server = await startTestServer('sqlite');
  const { timeout, headersTimeout, requestTimeout } = server.server.server;
  // Node's own clock of a socket starts again with each byte that the other side takes.
  expect([timeout, requestTimeout]).toEqual([90_000, 30_000]);
  expect(headersTimeout).toBeLessThanOrEqual(60_000);
});
