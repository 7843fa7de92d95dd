import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { listBuiltFiles } from '../testing/site-files.ts';
import { startTestServer } from '../testing/test-server.ts';
import { fillPage } from './fill-page.ts';
import { gzipTemplate, joinGzipped } from './gzip-pieces.ts';
import { createTemplate } from './page-template.ts';

const pages = listBuiltFiles().filter(
  ({ isPage, bytes }) => isPage && !bytes.includes('<!--each:'),
);

const names = ['Ada', '<b>"Zoë" & \'שלום\' $&</b>', '', '👩‍👩‍👧'.repeat(8000)];

describe.each(names.map((name, index) => ({ name, index })))('for name $index', ({ name }) => {
  test.each(pages)('$path is the same page when its pieces were compressed before', ({ bytes }) => {
    const reader = { id: 'a8098c1a', name };
    const template = createTemplate(bytes.toString())();
    const gzipped = gzipTemplate(template);
    const page = gzipped && gunzipSync(joinGzipped(gzipped, reader)).toString();
    expect(page).toBe(fillPage(template, { reader }));
  });
});

test('Its size tells the length of a name, and nothing of what is in it', () => {
  const page = pages.find(({ path }) => path === '/secrets')?.bytes.toString() ?? '';
  const gzipped = gzipTemplate(createTemplate(page)()) ?? [];
  const sizes = [
    'Secrets Secrets Secrets',
    'q9!Zk0"'.repeat(3) + 'xx',
    'zzzzzzzzzzzzzzzzzzzzzzz',
  ].map((name) => joinGzipped(gzipped, { id: '1', name: name.replaceAll('"', '-') }).length);
  expect(new Set(sizes).size).toBe(1);
});

test('A short page and one with lists are compressed at each request', () => {
  expect(gzipTemplate(createTemplate('<i data-slot="user-name"></i>')())).toBeNull();
  const list = `<ul><!--each:sessions--><li>{{id}}</li><!--/each:sessions--></ul>${'x'.repeat(2000)}`;
  expect(gzipTemplate(createTemplate(list)())).toBeNull();
});

test.each([
  ['gzip, deflate, br, zstd', 'gzip'],
  ['br, gzip', 'gzip'],
  ['*', 'gzip'],
  ['gzip;q=0.5, br', 'br'],
  ['gzip;q=0, br', 'br'],
  ['', null],
])('A member who accepts %j gets %s, whole and kept by nobody', async (accepted, encoding) => {
  await using server = await startTestServer('sqlite', { CONTACT: 'help@example.com' });
  const { browser, person } = await signUp(server);
  for (const method of ['GET', 'HEAD']) {
    const { status, headers, body } = await requestTarget(server.url, '/secrets', {
      method,
      headers: { cookie: browser.cookieHeader, 'accept-encoding': accepted },
    });
    expect([status, headers.get('content-encoding')], method).toEqual([200, encoding]);
    expect(headers.get('cache-control'), method).toBe('private, no-store');
    if (encoding) expect(headers.get('vary'), method).toContain('accept-encoding');
    if (method === 'HEAD' || encoding !== 'gzip') continue;
    const bytes = Buffer.from(body, 'latin1');
    expect(Number(headers.get('content-length')), method).toBe(bytes.length);
    expect(gunzipSync(bytes).toString(), method).toContain(person.name);
  }
});
