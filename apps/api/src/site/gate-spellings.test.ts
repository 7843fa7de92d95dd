import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENCODED_FOLDER } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget, sendRaw, type RawAnswer } from '../testing/raw-request.ts';
import { builtFolder } from '../testing/fixture-site.ts';
import { listBuiltFiles } from '../testing/site-files.ts';
import { startTestServer } from '../testing/test-server.ts';

const encodeAll = (text: string) =>
  [...text]
    .map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .join('');

/** 200 is for spellings that lead to a public page, such as `/login?/secrets`. */
const expectedStatuses = [200, 301, 302, 400, 401, 404];

/** The spellings that servers of the past have taken for `/${name}`. */
function spell(name: string): string[] {
  const encoded = encodeAll(name);
  const first = encodeAll(name.slice(0, 1)) + name.slice(1);
  const inside = ['/_astro/', '/login/', '/download/', '/trpc/', '/healthz/', '/_astro/x/'];
  const climbs = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '.%2e/',
    '..%5c',
    '..\\',
    '..;/',
    '%252e%252e/',
    '..%00/',
    '%c0%ae%c0%ae/',
    '..%c0%af',
    '..//',
    './',
  ];
  const tails = [
    '/',
    '//',
    '/.',
    '/..',
    '/./',
    '.',
    '..',
    '%20',
    '%09',
    '%00',
    '%00.css',
    '%0a',
    '%2e',
    '%2f',
    '%5c',
    '\\',
    '.html',
    '.html/',
    '.htm',
    '.br',
    '.gz',
    '.html.br',
    '.html.gz',
    '~',
    '.bak',
    ';',
    ';x=1',
    ';/login',
    '%3b',
    '#',
    '#x',
    '%23',
    '?',
    '%3f',
    '?/login',
    '?.css',
    '/login',
    '/../login',
    '/index.html',
    '::$DATA',
    '%ff',
    '%',
    '%2',
    '%zz',
    '%u002f',
    ':80',
  ];
  return [
    `/${name}`,
    `//${name}`,
    `///${name}`,
    `/./${name}`,
    `/.//${name}`,
    `/%2f${name}`,
    `/%2F${name}`,
    `/%5c${name}`,
    `\\${name}`,
    `/\\${name}`,
    `/;/${name}`,
    `/;${name}`,
    `/%3b/${name}`,
    `/%00${name}`,
    `/%2e/${name}`,
    `/%20${name}`,
    `/*${name}`,
    `/${encoded}`,
    `/${first}`,
    `/${encoded.replaceAll('%', '%25')}`,
    `/${first.replaceAll('%', '%25')}`,
    `/${encoded.replaceAll('%', '%2525')}`,
    `/${name.toUpperCase()}`,
    `/${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    `/%c1%b3${name.slice(1)}`,
    `/%e0%81%b3${name.slice(1)}`,
    `/%EF%BC%8F${name}`,
    `/\u00df${name}`,
    `/?/${name}`,
    `/login?/../${name}`,
    `/login#/../${name}`,
    `/index.html/../${name}`,
    `http://localhost/${name}`,
    `https://localhost:3000/${name}`,
    `http://localhost//${name}`,
    `HTTP://a@b/${name}`,
    `//localhost/${name}`,
    name,
    `*/${name}`,
    ...inside.flatMap((folder) => climbs.map((climb) => folder + climb + name)),
    ...inside.map((folder) => `${folder}../../${name}`),
    ...tails.map((tail) => `/${name}${tail}`),
  ];
}

const MARK_LENGTH = 60;
/** What visitors get in the place of a page. Each marks another link as the one to itself. */
const openPages = ['login.html', '404.html', 'problem.html']
  .map((name) => readFileSync(join(builtFolder, name)).toString('latin1'))
  .join('\n');

/**
 * Bytes from the middle of a file that no page which visitors get has too.
 *
 * @param isKept whether they are in what the server sends of the file
 */
function takeMark(text: string, isKept = (_mark: string) => true): string {
  for (let start = text.length >> 1; start < text.length; start += MARK_LENGTH) {
    const mark = text.slice(start, start + MARK_LENGTH);
    if (!openPages.includes(mark) && isKept(mark)) return mark;
  }
  throw new Error('The file has nothing of its own.');
}

/** Bytes that are in nothing but this file, as the server sends it, or its compressed copies. */
function takeMarks(fileName: string, isKept: (mark: string) => boolean): string[] {
  const read = (name: string) => readFileSync(join(builtFolder, name)).toString('latin1');
  const copies = ['.br', '.gz']
    .map((ending) => `${ENCODED_FOLDER}${fileName}${ending}`)
    .filter((name) => existsSync(join(builtFolder, name)));
  return [takeMark(read(fileName), isKept), ...copies.map((name) => takeMark(read(name)))];
}

/** One file stands for all of an index: see search-door.test.ts. */
const isRepeated = (path: string) => path.startsWith('/_search/') && !path.endsWith('.pf_meta');
const privateFiles = listBuiltFiles().filter(
  ({ path, isPublic }) => !isPublic && path !== '/problem' && !isRepeated(path),
);

test.each(privateFiles)(
  'No spelling of $path gives a visitor a byte of it',
  async ({ fileName, path }) => {
    await using server = await startTestServer('sqlite');
    const { browser, user } = await signUp(server);
    await server.database.User.update({ roles: ['gold', 'member'] }, { where: { id: user.id } });
    const member = await requestTarget(server.url, path, {
      headers: { cookie: browser.cookieHeader },
    });
    // Members get nothing of the operator's pages either: they have tests of their own.
    const isOperators = path.startsWith('/operator');
    const marks = takeMarks(fileName, (mark) => isOperators || member.body.includes(mark));
    const findMarks = ({ body }: RawAnswer) => marks.filter((mark) => body.includes(mark));
    expect(findMarks(member)).toHaveLength(isOperators ? 0 : 1);

    const targets = [...new Set([path.slice(1), fileName])].flatMap(spell);
    expect(targets.length).toBeGreaterThan(150);
    for (const target of targets) {
      for (const encoding of ['identity', 'br']) {
        const headers = { 'accept-encoding': encoding };
        const answer = await requestTarget(server.url, target, { headers });
        expect([target, findMarks(answer)]).toEqual([target, []]);
        expect([target, expectedStatuses.includes(answer.status)]).toEqual([target, true]);
      }
    }
  },
);

test('Targets that are no path at all do no harm', async () => {
  await using server = await startTestServer('sqlite');
  for (const target of [
    '*',
    '/',
    '?',
    '#',
    '.',
    '..',
    '/..',
    '/../..',
    'http://',
    'http:',
    'about:blank',
    `/${'a/'.repeat(3000)}`,
    `/${'%41'.repeat(3000)}`,
    `/${'../'.repeat(2000)}etc/passwd`,
    '/\xe9',
    '/\xff\xfe',
  ]) {
    const { status } = await requestTarget(server.url, target);
    expect([target.slice(0, 20), [200, 400, 404].includes(status)]).toEqual([
      target.slice(0, 20),
      true,
    ]);
  }
  const { status } = await sendRaw(server.url, 'GET /secrets HTTP/1.0\r\n\r\n');
  expect(status).toBe(302);
});
