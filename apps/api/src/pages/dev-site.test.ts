import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer } from '../testing/test-server.ts';

const html = (text: string) =>
  `<html data-session="out"><h1>${text}</h1><span data-slot="user-name"></span></html>`;
const problem =
  '<h1 data-slot="problem-title"></h1><p data-slot="problem-text"></p><a href="#problem-link" data-slot="problem-link"></a>';

/** What Astro's development server has, by the target it is asked for. */
const upstream: Record<string, [number, string, string]> = {
  '/': [200, 'text/html', html('Home')],
  '/login': [200, 'text/html', html('Log in')],
  '/secrets': [200, 'text/html', html('Secrets')],
  '/secrets?a=b': [200, 'text/html', html('Secrets')],
  '/broken': [500, 'text/html', html('A fault in the page')],
  '/secrets.json': [200, 'application/json', '{"items":[]}'],
  '/404': [404, 'text/html', html('Page not found')],
  '/problem': [200, 'text/html', problem],
  '/favicon.svg': [200, 'image/svg+xml', '<svg/>'],
  '/@vite/client': [200, 'text/javascript', 'the client'],
  '/src/lib/page.ts?t=1&v=%20': [200, 'text/javascript', 'a module'],
  '/@id/astro:scripts/page.js': [200, 'text/javascript', 'a script'],
};

async function startUpstream() {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const [status, type, text] = upstream[request.url ?? ''] ?? [404, 'text/html', 'Not found'];
    response.writeHead(status, { 'content-type': type }).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.on('upgrade', (request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\nX-Asked: ${request.url ?? ''} ${request.headers['sec-websocket-protocol'] ?? ''}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('in development', () => {
  test('the gate is the same: pages, redirects and what does not exist', async () => {
    await using site = await startUpstream();
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_SITE: site.url });
    for (const [target, status, location] of [
      ['/', 200, null],
      ['/secrets', 302, '/login?next=%2Fsecrets#sign-in-required'],
      ['/secrets?a=b', 302, '/login?next=%2Fsecrets%3Fa%3Db#sign-in-required'],
      ['/secrets.json', 401, null],
      ['/secrets/', 301, '/secrets'],
      ['/login.html', 301, '/login'],
      ['/index.html', 301, '/'],
      ['/nope', 404, null],
      ['/404', 404, null],
      ['/problem', 404, null],
      ['/favicon.svg', 200, null],
    ] as const) {
      const answer = await requestTarget(server.url, target);
      expect([target, answer.status, answer.headers.get('location')]).toEqual([
        target,
        status,
        location,
      ]);
      expect(answer.body, target).not.toContain('Secrets');
      if (status === 404) expect(answer.body, target).toContain('Page not found');
    }
  });

  test('pages are completed for people who are signed in', async () => {
    await using site = await startUpstream();
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_SITE: site.url });
    const { browser, person } = await signUp(server);
    for (const path of ['/', '/secrets', '/secrets?a=b']) {
      const response = await browser.visit(path);
      expect(response.headers.get('cache-control'), path).toBe('private, no-store');
      expect(await response.text(), path).toMatch(
        new RegExp(`data-session="in".*>${person.name}</span>`),
      );
    }
    expect((await browser.visit('/login')).status).toBe(302);
    expect((await browser.visit('/nope')).status).toBe(404);
    expect(await (await browser.fetch('/secrets.json')).json()).toEqual({ items: [] });
  });

  test("Vite's modules pass, with their queries as they were, and no policy is in their way", async () => {
    await using site = await startUpstream();
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_SITE: site.url });
    for (const [target, text] of [
      ['/@vite/client', 'the client'],
      ['/src/lib/page.ts?t=1&v=%20', 'a module'],
      ['/@id/astro:scripts/page.js', 'a script'],
    ] as const) {
      const answer = await server.openBrowser().fetch(target);
      expect([target, answer.status, await answer.text()]).toEqual([target, 200, text]);
      expect(answer.headers.get('content-type')).toBe('text/javascript');
    }
    const page = await requestTarget(server.url, '/');
    expect(page.headers.has('content-security-policy')).toBe(false);
  });

  test("a fault of a page comes through with its status, and the browser's cookies stay here", async () => {
    await using site = await startUpstream();
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_SITE: site.url });
    const { browser } = await signUp(server);
    for (const developer of [browser, server.openBrowser()]) {
      const response = await developer.visit('/broken');
      expect([response.status, await response.text()]).toEqual([
        500,
        expect.stringContaining('A fault in the page'),
      ]);
    }
    expect(site.requests.filter(({ headers }) => headers.cookie !== undefined)).toEqual([]);
  });

  test('news of changes come through the same address, and hold up no end', async () => {
    await using site = await startUpstream();
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_SITE: site.url });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').setEncoding('latin1');
    let received = '';
    socket.on('data', (text: string) => (received += text));
    socket.write(
      'GET /?token=a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: vite-hmr\r\n\r\n',
    );
    await expect
      .poll(() => received)
      .toMatch(/^HTTP\/1\.1 101 [^]*X-Asked: \/\?token=a vite-hmr\r\n/);
    socket.write('hello');
    await expect.poll(() => received).toMatch(/\r\n\r\nhello$/);
    const gone = once(socket, 'close');
    await server.server.close();
    await gone;
  });

  test('while the site does not answer, a visitor is told and sees it by itself as soon as it does', async () => {
    const site = await startUpstream();
    await site[Symbol.asyncDispose]();
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_SITE: site.url });
    for (const target of ['/', '/secrets', '/nope', '/@vite/client', '/index.html']) {
      const { status, body, headers } = await requestTarget(server.url, target, {
        headers: { accept: 'text/html' },
      });
      expect([target, status, body]).toEqual([
        target,
        target === '/index.html' ? 301 : 503,
        expect.stringMatching(target === '/index.html' ? '' : 'does not answer'),
      ]);
      expect(headers.get('refresh')).toBe(target === '/index.html' ? null : '1');
    }
    const form = await requestTarget(server.url, '/logout', {
      method: 'POST',
      headers: { 'content-length': '0', accept: 'text/html' },
    });
    expect(form.status).toBe(403);
    expect((await requestTarget(server.url, '/healthz')).status).toBe(200);
  });
});
