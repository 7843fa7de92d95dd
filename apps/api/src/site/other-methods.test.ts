import { describe, expect, test } from 'vitest';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer } from '../testing/test-server.ts';

const others = ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'];
const headers = { origin: 'http://localhost:3000', 'content-length': '0' };

test.each([
  ['/secrets', 'GET, HEAD'],
  ['/secrets.json', 'GET, HEAD'],
  ['/', 'GET, HEAD'],
  ['/favicon.svg', 'GET, HEAD'],
  ['/download/a.txt', 'GET, HEAD'],
  ['/healthz', 'GET, HEAD'],
  ['/login', 'GET, HEAD, POST'],
  ['/logout', 'GET, HEAD, POST'],
])('%s takes %s and nothing else', async (path, allowed) => {
  await using folder = await createTemporaryFolder({ 'a.txt': 'a' });
  await using server = await startTestServer('sqlite', {}, { downloadsFolder: folder.path });
  for (const method of [...others, ...(allowed.includes('POST') ? [] : ['POST'])]) {
    const answer = await requestTarget(server.url, path, { method, headers });
    expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allowed]);
    expect(answer.headers.get('cache-control'), method).toBe('private, no-store');
  }
});

test.each([...others, 'POST', 'PROPFIND'])('%s to what does not exist is 404', async (method) => {
  await using server = await startTestServer('sqlite');
  for (const path of [
    '/nope',
    '/download/nope',
    '/%',
    '/%00',
    '*',
    '//login',
    '/login/',
    `/${'a'.repeat(3000)}`,
  ]) {
    const { status, body } = await requestTarget(server.url, path, { method, headers });
    expect([path, status, body]).toEqual([path, 404, 'There is nothing at this address.\n']);
  }
});

describe('a body', () => {
  test.each(['application/json', 'multipart/form-data', 'text/plain'])(
    'of type %s makes no difference',
    async (type) => {
      await using server = await startTestServer('sqlite');
      const response = await server
        .openBrowser()
        .fetch('/secrets', { method: 'POST', headers: { 'content-type': type }, body: '{' });
      expect(response.status).toBe(405);
    },
  );
});
