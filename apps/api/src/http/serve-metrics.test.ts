import { dialects } from '@latchkey/db/testing';
import { expect, test } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const token = 'a-token-of-the-operator';

/** What a program on this machine is told. */
async function readMetrics({ url }: TestServer): Promise<string> {
  const { status, headers, body } = await requestTarget(url, '/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(headers.get('cache-control')).toBe('private, no-store');
  return body;
}

/** The value of a line, or 0 where there is none yet. */
function readValue(text: string, line: string): number {
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length) ?? 0);
}

test.each(dialects)('The metrics count what happens (%s)', async (dialect) => {
  await using server = await startTestServer(dialect, { FREE_READS: '1' });
  const { person, browser, client } = await signUp(server);
  const { email: identifier, password } = person;
  for (let round = 0; round < 6; round += 1) {
    await postTrpc(browser, 'auth.login', { identifier, password: 'a wrong password' });
  }
  await postTrpc(server.openBrowser(), 'auth.login', { identifier: 'nobody', password });
  await postTrpc(server.openBrowser(), 'auth.login', makePerson(), { origin: 'https://evil.com' });
  const { items } = await client.articles.list.query();
  for (const { slug } of items.slice(0, 2)) await browser.visit(`/blog/${slug}`);
  await browser.visit(`/blog/${items[0]?.slug ?? ''}`);

  const text = await readMetrics(server);
  const value = (line: string) => readValue(text, line);
  const event = (name: string, outcome = '') =>
    value(`latchkey_security_events_total{event="${name}",outcome="${outcome}"}`);
  expect(event('user_created')).toBe(1);
  expect(event('authn_login_fail', 'wrong-password')).toBe(5);
  expect(event('authn_login_fail', 'unknown-email')).toBe(1);
  expect(event('authn_login_lock')).toBe(1);
  expect(event('excess_rate_limit_exceeded', 'login')).toBe(1);
  expect(event('authz_fail', 'cross-site')).toBe(1);
  for (const outcome of ['counted', 'spent', 'again']) {
    expect(value(`latchkey_article_reads_total{outcome="${outcome}"}`), outcome).toBe(1);
  }
  const requests = (labels: string) =>
    value(`latchkey_http_request_duration_seconds_count{${labels}}`);
  expect(requests('method="POST",route="/trpc/:path",status="4xx"')).toBe(8);
  expect(requests('method="POST",route="/trpc/:path",status="2xx"')).toBe(1);
  expect(requests('method="GET",route="/*",status="4xx"')).toBe(1);
  expect(value('latchkey_passwords{state="running"}')).toBe(0);
  expect(value('latchkey_passwords{state="waiting"}')).toBe(0);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  const name = { sqlite: 'SQLite', postgres: 'PostgreSQL' }[dialect];
  expect(text).toMatch(
    new RegExp(`^latchkey_database_info\\{name="${name}",version="[\\d.]+"\\} 1$`, 'm'),
  );
});

test('The metrics count the passwords that wait', async () => {
  await using server = await startTestServer('sqlite', {
    PASSWORD_CONCURRENCY: '1',
    PASSWORD_SCRYPT_LOG2N: '15',
  });
  const hashed = Promise.all([1, 2, 3].map(() => server.deps.passwords.hash('a password')));
  const text = await readMetrics(server);
  await hashed;
  expect(readValue(text, 'latchkey_passwords{state="running"}')).toBe(1);
  expect(readValue(text, 'latchkey_passwords{state="waiting"}')).toBe(2);
});

test('The metrics of two servers in one process are apart', async () => {
  await using first = await startTestServer('sqlite');
  await using second = await startTestServer('sqlite');
  await signUp(first);
  const line = 'latchkey_security_events_total{event="user_created",outcome=""}';
  expect(readValue(await readMetrics(first), line)).toBe(1);
  expect(readValue(await readMetrics(second), line)).toBe(0);
});

test('Nothing that anybody sent is in the metrics', async () => {
  await using server = await startTestServer('sqlite');
  const { person, browser, user } = await signUp(server);
  const sent = 'sent-by-somebody';
  await browser.visit(`/${sent}?${sent}=${sent}`);
  await browser.visit(`/blog/${sent}`);
  await browser.fetch(`/trpc/${sent}.${sent}`);
  await browser.fetch(`/trpc/${sent}/${sent}`);
  await browser.fetch(`/${sent}`, { method: 'DELETE' });
  await requestTarget(server.url, `/${sent}`, { method: 'PROPFIND' });
  await postTrpc(browser, 'auth.login', { identifier: sent, password: sent });
  const text = await readMetrics(server);
  const secrets = [person.name, person.email, person.username, user.id, browser.address];
  for (const secret of [sent, 'blog', ...secrets]) expect(text).not.toContain(secret);
});

const strangers: [title: string, env: Record<string, string>, headers: Record<string, string>][] = [
  ['what a proxy passes on', {}, { 'X-Forwarded-For': '127.0.0.1' }],
  ['what a proxy passes on that is not told of', { TRUST_PROXY: '0' }, { Via: '1.1 proxy' }],
  ['whoever has no token', { METRICS_TOKEN: token }, {}],
  ['a wrong token', { METRICS_TOKEN: token }, { Authorization: 'Bearer another-token-of-them' }],
];

test.each(strangers)('For %s there are none', async (_title, env, headers) => {
  await using server = await startTestServer('sqlite', env);
  const ask = async (path: string, method: string, more: Record<string, string> = {}) => {
    const own = { Origin: 'http://localhost:3000', 'Content-Length': '0' };
    const answer = await requestTarget(server.url, path, {
      method,
      headers: { ...own, ...headers, ...more },
    });
    const kept = [...answer.headers].filter(([name]) => name !== 'date');
    return { ...answer, headers: kept };
  };
  for (const accept of ['text/html', 'text/plain']) {
    for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']) {
      const answer = await ask('/metrics', method, { Accept: accept });
      expect(answer.status, `${accept} ${method}`).toBe(404);
      expect(answer).toEqual(await ask('/nothing', method, { Accept: accept }));
    }
  }
  for (const path of [
    '/metrics/',
    '/metrics.html',
    '/%6detrics',
    '//metrics',
    '/metrics?x',
    '/METRICS',
    '/./metrics',
    '/x/../metrics',
    '/metrics%00',
    'http://localhost/metrics',
  ]) {
    const { status, body } = await ask(path, 'GET');
    expect([path, status]).toEqual([path, 404]);
    expect(body, path).not.toContain('latchkey_');
  }
});

test('With a token whoever sends it reads them, through proxies too', async () => {
  await using server = await startTestServer('sqlite', { METRICS_TOKEN: token });
  const headers = { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '203.0.113.7' };
  const answer = await requestTarget(server.url, '/metrics', { headers });
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('latchkey_http_request_duration_seconds');
  expect(server.logLines.join('')).not.toContain(token);
});

test('HEAD has no body, and nothing but GET and HEAD is taken', async () => {
  await using server = await startTestServer('sqlite');
  const head = await requestTarget(server.url, '/metrics', { method: 'HEAD' });
  expect([head.status, head.body, head.headers.get('cache-control')]).toEqual([
    200,
    '',
    'private, no-store',
  ]);
  const headers = { origin: 'http://localhost:3000', 'content-length': '0' };
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status } = await requestTarget(server.url, '/metrics', { method, headers });
    expect([method, status]).toEqual([method, 404]);
  }
});

test.each(dialects)(
  'The metrics tell of the queue of mails where mail is on (%s)',
  async (dialect) => {
    const mail = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'noreply@example.com' };
    await using server = await startTestServer(dialect, mail);
    const createdAt = new Date(Date.now() - 90_000);
    const waiting = { kind: 'news', nextAttemptAt: new Date(), giveUpAt: new Date(), createdAt };
    const failed = { ...waiting, nextAttemptAt: null, failedAt: new Date() };
    await server.database.Mail.bulkCreate([waiting, failed, failed]);
    const text = await readMetrics(server);
    expect(readValue(text, 'latchkey_mails{state="waiting"}')).toBe(1);
    expect(readValue(text, 'latchkey_mails{state="failed"}')).toBe(2);
    expect(readValue(text, 'latchkey_mail_oldest_seconds')).toBeGreaterThanOrEqual(90);
    await server.database.sequelize.query('DROP TABLE mails');
    expect(await readMetrics(server)).not.toContain('latchkey_mails{');
  },
);

test('The metrics say nothing of mails where mail is off', async () => {
  await using server = await startTestServer('sqlite');
  expect(await readMetrics(server)).not.toContain('latchkey_mails');
});
