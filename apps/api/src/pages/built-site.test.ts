import { rename } from 'node:fs/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer } from '../testing/test-server.ts';
import { readBuiltSite, readPolicy } from './built-site.ts';

const pathsOf = async (folder: string, paths: string[]) => {
  const site = readBuiltSite(folder);
  const found = await Promise.all(paths.map((path) => site.find({ path, search: '' })));
  return found.map((file) => file && [file.kind, file.path]);
};

test('Files have clean addresses, and compressed copies none of their own', async () => {
  await using folder = await createTemporaryFolder({
    'index.html': '',
    '.build/encoded/index.html.br': '',
    '.build/redirects.json': '{}',
    'guide.html': '',
    'guide/index.html.gz': '',
    'deep/index.html': '',
    'data.tar.gz': '',
    'a b/ü.json': '',
    '.well-known/security.txt': '',
  });
  expect(
    await pathsOf(folder.path, [
      '/',
      '/guide',
      '/deep',
      '/data.tar.gz',
      '/a b/ü.json',
      '/.well-known/security.txt',
    ]),
  ).toEqual([
    ['page', '/'],
    ['page', '/guide'],
    ['page', '/deep'],
    ['asset', '/data.tar.gz'],
    ['asset', '/a b/ü.json'],
    ['asset', '/.well-known/security.txt'],
  ]);
  expect(
    await pathsOf(folder.path, [
      '/index.html',
      '/index.html.br',
      '/.build/encoded/index.html.br',
      '/.build/redirects.json',
      '/guide.html',
      '/deep/',
      '/deep/index',
      '/nope',
      '',
      'guide',
      '/constructor',
    ]),
  ).toEqual(Array(11).fill(null));
});

const anyNames = {
  'a b.txt': 'space',
  '50%.txt': 'percent',
  'a%20b.txt': 'escape',
  'a%2Fb.txt': 'escaped slash',
  'a%5Cb.txt': 'escaped backslash',
  'a\\b.txt': 'backslash',
  'ü#?.txt': 'marks',
  "it's “q”\n2.txt": 'quotes and a new line',
  'ends.': 'full stop',
  'ends ': 'space at the end',
  'Case.txt': 'upper',
  'case.txt': 'lower',
  '\u00fcber.txt': 'composed',
  'u\u0308ber.txt': 'decomposed',
  'archive.tar': 'archive',
  'archive.tar.gz': 'another archive',
  'data.json': 'data',
  'data.json.gz': 'other data',
  'x.br': 'brother',
  'x.html/index.html': 'a folder called like a page',
  'x/index.html': 'the folder x',
  'three.js/three.js': 'a folder called like a script',
};

test.each(Object.entries(anyNames))(
  'A file called %j is served as itself, whatever lies beside it',
  async (name, content) => {
    await using folder = await createTemporaryFolder({
      'index.html': 'home',
      ...anyNames,
      // Copies that our build made, of two of them.
      '.build/encoded/data.json.gz': gzipSync('data'),
      '.build/encoded/archive.tar.br': brotliCompressSync('archive'),
    });
    await using server = await startTestServer('sqlite', {}, { site: readBuiltSite(folder.path) });
    const { browser } = await signUp(server);
    const path = `/${name.replace('/index.html', '').split('/').map(encodeURIComponent).join('/')}`;
    for (const encoding of ['identity', 'gzip', 'br', 'br, gzip', '*']) {
      const headers = { 'accept-encoding': encoding };
      const response = await browser.fetch(path, { headers });
      expect([name, response.status, await response.text()], encoding).toEqual([
        name,
        200,
        content,
      ]);
      const isOurs = name === 'data.json' ? /gzip|\*/ : name === 'archive.tar' ? /br/ : /^never$/;
      expect(response.headers.has('content-encoding')).toBe(isOurs.test(encoding));
    }
  },
);

test.each([
  ['u\u0308ber', '\u00fcber'],
  ['\u00fcber', 'u\u0308ber'],
])('A name is found in Unicode’s other form too (%j for %j)', async (asked, name) => {
  await using folder = await createTemporaryFolder({ 'index.html': '', [`${name}.txt`]: 'over' });
  await using server = await startTestServer('sqlite', {}, { site: readBuiltSite(folder.path) });
  const { browser } = await signUp(server);
  const { status, headers } = await browser.fetch(`/${encodeURIComponent(asked)}.txt`);
  expect([status, headers.get('location')]).toEqual([301, `/${encodeURIComponent(name)}.txt`]);
});

test('A file that is gone since the start is 404 and cached by nobody', async () => {
  await using folder = await createTemporaryFolder({
    'index.html': 'home',
    '_astro/app.hash.js': 'x',
    'favicon.svg': 'x',
  });
  await using server = await startTestServer('sqlite', {}, { site: readBuiltSite(folder.path) });
  await folder[Symbol.asyncDispose]();
  for (const path of ['/_astro/app.hash.js', '/favicon.svg', '/']) {
    const { status, headers } = await requestTarget(server.url, path);
    expect([path, status, headers.get('cache-control')]).toEqual([path, 404, 'private, no-store']);
  }
});

test('A new build in the place of the old one is served from the next request on', async () => {
  await using former = await createTemporaryFolder({ 'index.html': 'old', 'favicon.svg': 'x' });
  await using next = await createTemporaryFolder({ 'index.html': 'new' });
  await using server = await startTestServer('sqlite', {}, { site: readBuiltSite(former.path) });
  const ask = async (path: string) => {
    const { status, body } = await requestTarget(server.url, path);
    return [status, status === 200 ? body : ''];
  };
  expect(await ask('/')).toEqual([200, 'old']);
  await former[Symbol.asyncDispose]();
  expect((await ask('/'))[0]).toBe(404);
  await rename(next.path, former.path);
  expect(await ask('/')).toEqual([200, 'new']);
  expect((await ask('/favicon.svg'))[0]).toBe(404);
});

test('A folder without a site says what to do', async () => {
  await using folder = await createTemporaryFolder({ 'favicon.svg': '' });
  for (const path of [folder.path, `${folder.path}/nope`]) {
    expect(() => readBuiltSite(path)).toThrow(
      `The site is not built: ${path} has no index.html. Run "npm run build".`,
    );
  }
});

test("A page's policy is read from its head", () => {
  const html = `<meta http-equiv="content-security-policy" content="default-src &#39;self&#39;; script-src 'sha256-a'">`;
  expect(readPolicy(html)).toBe("default-src 'self'; script-src 'sha256-a'");
  expect(readPolicy('<p>content-security-policy</p>')).toBeNull();
});
