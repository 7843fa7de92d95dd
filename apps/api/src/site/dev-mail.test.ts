import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { sendMails } from '../testing/mailed.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

/** Astro's development server while it has no page at all. */
async function startEmptySite() {
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    settings: {
      LATCHKEY_DEV_SITE: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      LATCHKEY_DEV_MAIL: 'true',
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const look = ({ url }: TestServer, path = '/dev/mail', headers = {}) =>
  requestTarget(url, path, { headers });

async function register(server: TestServer) {
  const person = makePerson();
  const client = createClient(server.openBrowser());
  const answer = await client.auth.register.mutate(person);
  return { person, client, answer };
}

describe('the mails of a development server', () => {
  test('go through the queue to a page, whose link makes the account', async () => {
    await using site = await startEmptySite();
    await using server = await startTestServer('sqlite', site.settings);
    const { person, client, answer } = await register(server);
    expect(answer).toEqual({ confirmation: 'sent' });
    expect((await look(server)).body).toContain('1 mail waits');

    await sendMails(server);
    const page = await look(server);
    expect(page.status).toBe(200);
    expect(page.body).toContain('No mail waits');
    expect(page.body).toContain(`To ${person.email},`);
    const link = /<a href="[^"]*\/confirm-email#([\w-]{43})" target="_blank" rel="noopener">/;
    const [, token = ''] = link.exec(page.body) ?? [];
    expect(await client.auth.confirmEmail.mutate({ token })).toMatchObject({
      user: { email: person.email },
    });
  });

  test('are listed with the newest first, of which 50 are kept', async () => {
    await using site = await startEmptySite();
    await using server = await startTestServer('sqlite', site.settings);
    const { connect } = server.deps.keptMails;
    using connection = await connect();
    for (let number = 1; number <= 52; number += 1) {
      const content = { subject: `News ${number}`, text: '<b>&', html: '<head></head>' };
      await connection.send({ ...content, messageId: '<x>', recipient: 'ada@example.com' });
    }
    const { body } = await look(server);
    const subjects = [...body.matchAll(/<h2>News (\d+)<\/h2>/g)].map(([, number]) =>
      Number(number),
    );
    expect(subjects).toEqual(Array.from({ length: 50 }, (_, index) => 52 - index));
    expect(body.match(/<details open>/g)).toHaveLength(1);
    expect(body).toContain('<pre>&lt;b&gt;&amp;</pre>');
    expect((await look(server, '/dev/mail/2')).status).toBe(404);
    expect((await look(server, '/dev/mail/3')).status).toBe(200);
    expect((await look(server, '/dev/mail/x')).status).toBe(404);
  });

  test('run nothing, load nothing, and are kept by no cache', async () => {
    await using site = await startEmptySite();
    await using server = await startTestServer('sqlite', site.settings);
    await register(server);
    await sendMails(server);
    const page = await look(server);
    const frame = await look(server, '/dev/mail/1');
    for (const { headers } of [page, frame]) {
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; frame-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.body).toMatch(/<iframe src="\/dev\/mail\/1" sandbox="allow-popups [a-z-]+"/);
    expect(frame.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; .*frame-ancestors 'self'; sandbox allow-popups [a-z-]+$/,
    );
    expect(frame.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(frame.body).toContain('<base target="_blank">');
    const other = await look(server, '/healthz');
    expect(other.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(other.headers.get('x-frame-options')).toBe('DENY');
  });

  test.each([
    ['another name of this machine', { Host: 'members.example' }],
    ['a proxy', { 'X-Forwarded-For': '127.0.0.1' }],
    ['another proxy', { Forwarded: 'for=127.0.0.1' }],
  ])('are not there for who comes by %s', async (_way, headers) => {
    await using site = await startEmptySite();
    await using server = await startTestServer('sqlite', site.settings);
    await register(server);
    await sendMails(server);
    for (const path of ['/dev/mail', '/dev/mail/1']) {
      const { status, body } = await look(server, path, headers);
      expect([status, body]).toEqual([404, expect.not.stringContaining('confirm-email')]);
    }
  });

  test.each([
    ['without the word for them', { LATCHKEY_DEV_MAIL: 'false' }],
    ['in production', { NODE_ENV: 'production' }],
    ['at a real address', { PUBLIC_URL: 'https://members.example' }],
  ])('are not there %s, and registering works at once', async (_case, settings) => {
    await using site = await startEmptySite();
    await using server = await startTestServer('sqlite', { ...site.settings, ...settings });
    expect((await look(server)).status).toBe(404);
    const { user } = await signUp(server);
    expect(user.id).toBeTruthy();
    expect(await server.database.Mail.count()).toBe(0);
  });

  test('are not there for a built site', async () => {
    await using server = await startTestServer('sqlite', { LATCHKEY_DEV_MAIL: 'true' });
    expect((await look(server)).status).toBe(404);
    expect(server.deps.settings.warnings.join()).toContain('LATCHKEY_DEV_MAIL has no effect');
  });
});
