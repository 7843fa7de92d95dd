import { symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer } from '../testing/test-server.ts';
import { findDownload } from './downloads.ts';

const files = {
  'cheat sheet.pdf': '%PDF-1.7 what members may read',
  'Größe 50%.txt': 'unicode and percent',
  'a%20b.txt': 'an escape in the name',
  'what#now?.txt': 'marks of an address',
  "it's (1).csv": 'quotes',
  'back\\slash.txt': 'a backslash',
  '\u00fcber.txt': 'composed',
  'u\u0308ber.txt': 'decomposed',
  'data.json': 'data',
  'data.json.gz': 'other data',
  'sub/folder/notes.txt': 'below',
  'page.html': '<script>alert(1)</script>',
  'empty.txt': '',
  'book.tar.gz': 'an archive',
  '.env': 'a dotfile',
  '.git/config': 'in a dot folder',
  'sub/.hidden': 'a dotfile below',
};
const hidden = ['.env', '.git/config', 'sub/.hidden'];
const addressOf = (name: string) =>
  `/download/${name.split('/').map(encodeURIComponent).join('/')}`;

async function startWithDownloads() {
  const folder = await createTemporaryFolder(files);
  const server = await startTestServer('sqlite', {}, { downloadsFolder: folder.path });
  const member = await signUp(server);
  return {
    ...member,
    server,
    folder: folder.path,
    get: (target: string, headers: Record<string, string> = {}, method = 'GET') =>
      requestTarget(server.url, target, {
        method,
        headers: { cookie: member.browser.cookieHeader, ...headers },
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('a member', () => {
  // ASVS 3.2.1
  test('gets every file as it is, under its own name, to be kept by nobody', async () => {
    await using site = await startWithDownloads();
    for (const [name, content] of Object.entries(files)) {
      if (hidden.includes(name)) continue;
      const response = await site.browser.fetch(addressOf(name));
      expect([name, response.status, await response.text()]).toEqual([name, 200, content]);
      expect(response.headers.get('cache-control'), name).toBe('private, no-store');
      expect(response.headers.get('x-content-type-options'), name).toBe('nosniff');
      expect(response.headers.get('content-security-policy'), name).toMatch(/^default-src 'none'/);
    }
  });

  test.each([
    ['cheat sheet.pdf', 'application/pdf', 'attachment; filename="cheat sheet.pdf"'],
    [
      'Größe 50%.txt',
      'text/plain; charset=utf-8',
      /^attachment; filename="[^"]*"; filename\*=UTF-8''Gr%C3%B6%C3%9Fe%2050%25\.txt$/,
    ],
    ['a%20b.txt', 'text/plain; charset=utf-8', /filename\*=UTF-8''a%2520b\.txt$/],
    ['what#now?.txt', 'text/plain; charset=utf-8', 'attachment; filename="what#now?.txt"'],
    ['sub/folder/notes.txt', 'text/plain; charset=utf-8', 'attachment; filename=notes.txt'],
    ['page.html', 'text/html; charset=utf-8', 'attachment; filename=page.html'],
    ['book.tar.gz', 'application/gzip', 'attachment; filename=book.tar.gz'],
  ])('gets %s with its type and name', async (name, type, disposition) => {
    await using site = await startWithDownloads();
    const { headers } = await site.browser.fetch(addressOf(name));
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-encoding')).toBeNull();
    const actual = headers.get('content-disposition');
    if (typeof disposition === 'string') expect(actual).toBe(disposition);
    else expect(actual).toMatch(disposition);
  });

  test('can go on with a download that broke off', async () => {
    await using site = await startWithDownloads();
    const address = addressOf('cheat sheet.pdf');
    const whole = await site.get(address);
    const etag = whole.headers.get('etag') ?? '';
    const part = await site.get(address, { range: 'bytes=5-7' });
    expect([part.status, part.body, part.headers.get('content-range')]).toEqual([
      206,
      '1.7',
      'bytes 5-7/30',
    ]);
    const end = await site.get(address, { range: 'bytes=-4' });
    expect([end.status, end.body]).toEqual([206, 'read']);
    const beyond = await site.get(address, { range: 'bytes=99-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */30']);
    const changed = await site.get(address, { range: 'bytes=5-7', 'if-range': '"another"' });
    expect([changed.status, changed.body]).toEqual([200, whole.body]);
    const known = await site.get(address, { 'if-none-match': etag });
    expect([known.status, known.body]).toEqual([304, '']);
    // As Node's fetch asks.
    const noCache = { 'if-none-match': etag, 'cache-control': 'no-cache' };
    expect((await site.get(address, noCache)).status).toBe(304);
    const reloaded = await site.get(address, { 'cache-control': 'no-cache' });
    expect([reloaded.status, reloaded.body]).toEqual([200, whole.body]);
    const head = await site.get(address, {}, 'HEAD');
    expect([
      head.status,
      head.body,
      head.headers.get('content-length'),
      head.headers.get('etag'),
    ]).toEqual([200, '', '30', etag]);
  });

  test('gets nothing that is no file below the folder, in any spelling', async () => {
    await using site = await startWithDownloads();
    const outside = 'etc/passwd';
    const climbs = [
      '../',
      '..%2f',
      '%2e%2e/',
      '%2e%2e%2f',
      '..%5c',
      '..\\',
      '..;/',
      '%252e%252e/',
      '..%00/',
      '..%c0%af',
      '..//',
      './../',
      'sub/../../',
      'sub/%2e%2e/%2e%2e/',
    ];
    const targets = [
      ...climbs.flatMap((climb) =>
        [1, 3, 12].map((times) => `/download/${climb.repeat(times)}${outside}`),
      ),
      ...hidden.flatMap((name) => [addressOf(name), addressOf(name).replace('.', '%2e')]),
      ...[
        '/download',
        '/download/',
        '/download/.',
        '/download/..',
        '/download/sub',
        '/download/sub/',
        '/download/sub/folder',
        '/download//etc/passwd',
        '/download/%2fetc/passwd',
      ],
      ...['/', '//', '/.', '%00', '%00.pdf', '.', '%20', '\\', '::$DATA', '~', '/x'].map(
        (tail) => `${addressOf('cheat sheet.pdf')}${tail}`,
      ),
      ...[
        'a'.repeat(300),
        'a/'.repeat(2500),
        '%f0%9f%98%80'.repeat(200),
        'nope.pdf',
        '%',
        '%zz',
        '%ed%a0%80',
        'sub/./folder/notes.txt',
        'sub/../page.html',
        'SUB/folder/notes.txt',
      ].map((name) => `/download/${name}`),
    ];
    for (const target of targets) {
      const { status, body } = await site.get(target);
      expect([target.slice(0, 80), status]).toEqual([target.slice(0, 80), 404]);
      expect(body, target).toContain('Page not found');
    }
  });

  test('gets nothing through a symbolic link, a loop of them, or a link in between', async () => {
    await using site = await startWithDownloads();
    await using outside = await createTemporaryFolder({ 'secret.txt': 'outside' });
    await symlink(join(outside.path, 'secret.txt'), join(site.folder, 'link.txt'));
    await symlink(outside.path, join(site.folder, 'linked'));
    await symlink('loop.txt', join(site.folder, 'loop.txt'));
    await symlink('gone.txt', join(site.folder, 'dangling.txt'));
    for (const name of ['link.txt', 'linked/secret.txt', 'loop.txt', 'dangling.txt']) {
      expect([name, (await site.get(`/download/${name}`)).status]).toEqual([name, 404]);
    }
  });

  test('gets the file that was asked for, whatever lies compressed beside it', async () => {
    await using site = await startWithDownloads();
    await using outside = await createTemporaryFolder({ 'secret.txt': 'outside' });
    await writeFile(join(site.folder, 'page.html.gz'), 'another file');
    await symlink(join(outside.path, 'secret.txt'), join(site.folder, 'page.html.br'));
    for (const encodings of ['br', 'gzip', '*', 'br, gzip']) {
      const { body, headers } = await site.get('/download/page.html', {
        'accept-encoding': encodings,
      });
      expect([encodings, body]).toEqual([encodings, files['page.html']]);
      expect(headers.has('content-encoding'), encodings).toBe(false);
    }
  });
});

test('A stranger gets 401 for what is there and 404 for what is not', async () => {
  await using site = await startWithDownloads();
  for (const [name, content] of Object.entries(files)) {
    for (const headers of [{}, { range: 'bytes=0-3' }, { 'if-none-match': '*' }]) {
      const {
        status,
        body,
        headers: answered,
      } = await requestTarget(site.server.url, addressOf(name), { headers });
      expect([name, status]).toEqual([name, hidden.includes(name) ? 404 : 401]);
      expect(content !== '' && body.includes(content), `${name} ${JSON.stringify(headers)}`).toBe(
        false,
      );
      expect([answered.has('content-disposition'), answered.has('etag')]).toEqual([false, false]);
    }
  }
  const missing = await requestTarget(site.server.url, '/download/nope.pdf');
  expect(missing.status).toBe(404);
});

test('The folder itself may be a link, and may be missing', async () => {
  await using folder = await createTemporaryFolder({ 'real/a.txt': 'a' });
  await symlink(join(folder.path, 'real'), join(folder.path, 'link'));
  expect(await findDownload(join(folder.path, 'link'), '/download/a.txt')).toBe('a.txt');
  expect(await findDownload(join(folder.path, 'nope'), '/download/a.txt')).toBeNull();
  expect(await findDownload(dirname(folder.path), '/a.txt')).toBeNull();
});
