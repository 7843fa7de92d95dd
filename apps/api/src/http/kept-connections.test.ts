import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import Fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { endKeptConnections } from './kept-connections.ts';

async function open(port: number, request: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  return socket;
}

test('The end waits for what runs, and for no connection that is only kept', async () => {
  const server = Fastify({ return503OnClosing: false, keepAliveTimeout: 600_000 });
  const finishConnections = endKeptConnections(server, 600_000);
  server.addHook('onClose', finishConnections);
  const mayAnswer = Promise.withResolvers<string>();
  const isAsked = Promise.withResolvers<undefined>();
  server.get('/', () => {
    isAsked.resolve(undefined);
    return mayAnswer.promise;
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const silent = await open(port, '');
  const busy = await open(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await isAsked.promise;

  const ended = server.close().then(() => 'ended');
  await expect.poll(() => server.server.listening).toBe(false);
  const answered = once(busy, 'data').then(([data]) => String(data));
  mayAnswer.resolve('the answer');
  expect(await answered).toContain('the answer');
  expect(await ended).toBe('ended');
  silent.destroy();
  busy.destroy();
});

test('The end does not wait for ever for a request that never comes whole', async () => {
  const server = Fastify();
  server.addHook('onClose', endKeptConnections(server, 50));
  const hasBegun = Promise.withResolvers<undefined>();
  server.addHook('onRequest', async () => hasBegun.resolve(undefined));
  server.post('/', () => 'never');
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const halves = [
    await open(port, 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na'),
    await open(port, 'POST / HTTP/1.1\r\nHost'),
  ];
  // They are cut off while bytes of theirs are unread.
  halves.forEach((half) => half.on('error', () => undefined));
  await hasBegun.promise;
  await server.close();
  halves.forEach((half) => half.destroy());
});
