import { dialects } from '@latchkey/db/testing';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openBrokenDatabase } from '../testing/broken-database.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer } from '../testing/test-server.ts';

test.each(dialects)('A server with its database is well and ready (%s)', async (dialect) => {
  await using server = await startTestServer(dialect);
  for (const [path, status] of [
    ['/healthz', 'ok'],
    ['/readyz', 'ready'],
  ] as const) {
    const answer = await requestTarget(server.url, path);
    expect([answer.status, answer.body]).toEqual([200, JSON.stringify({ status })]);
    expect(answer.headers.get('cache-control'), path).toBe('no-store');
    const head = await requestTarget(server.url, path, { method: 'HEAD' });
    expect([head.status, head.body], path).toEqual([200, '']);
  }
});

test.each(dialects)(
  'One whose database is not migrated is well, but not ready (%s)',
  async (dialect) => {
    await using server = await startTestServer(dialect);
    await server.database.sequelize.getQueryInterface().dropTable('migrations');
    const { status, headers } = await requestTarget(server.url, '/readyz');
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  },
);

test('One whose database fails is well, but not ready', async () => {
  await using server = await startTestServer(
    'sqlite',
    {},
    { database: await openBrokenDatabase() },
  );
  const answer = await requestTarget(server.url, '/readyz');
  expect([answer.status, answer.body]).toEqual([503, '{"status":"not ready"}']);
  expect((await requestTarget(server.url, '/readyz', { method: 'HEAD' })).status).toBe(503);
  expect((await requestTarget(server.url, '/healthz')).status).toBe(200);
});

test('One that is ending finishes what has begun, and takes no more', async () => {
  await using server = await startTestServer('sqlite');
  const { port } = new URL(server.url);
  const begin = async (path: string) => {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`);
    return socket;
  };
  const [ready, home] = await Promise.all([begin('/readyz'), begin('/')]);
  await requestTarget(server.url, '/healthz');
  const closed = server.server.close();
  await expect.poll(() => server.server.server.listening).toBe(false);
  ready.write('\r\n');
  home.write('\r\n');
  expect(await text(ready)).toMatch(
    /^HTTP\/1\.1 503 [^]*connection: close[^]*\{"status":"draining"\}$/i,
  );
  expect(await text(home)).toMatch(/^HTTP\/1\.1 200 [^]*<\/html>$/);
  await closed;
});
