import {
  nameSearchFolder,
  SEARCH_LIST_PATH,
  SEARCH_PROGRAM_PATH,
  type Access,
} from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { readBuiltSite } from '../pages/built-site.ts';
import type { Browser } from '../testing/browser.ts';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const page = '<html data-session="out"></html>';
const audiences: Access[] = ['public', 'members', ['gold'], ['gold', 'silver'], ['members']];
const mark = (folder: string) => `Words of the index in ${folder}`;

const indexes = audiences.map((access) => ({ access, folder: nameSearchFolder(access) }));
const filesOf = (folder: string) => ({
  [`${folder.slice(1)}pagefind-entry.json`]: mark(folder),
  [`${folder.slice(1)}pagefind.en_1a2b.pf_meta`]: mark(folder),
  [`${folder.slice(1)}fragment/en_3c.pf_fragment`]: mark(folder),
  [`${folder.slice(1)}index/en_4d.pf_index`]: mark(folder),
});
const files = Object.assign(
  {
    ...{ 'index.html': page, 'login.html': page, 'register.html': page },
    [SEARCH_PROGRAM_PATH.slice(1)]: 'program',
    // Nobody has what is in no index.
    '_search/notes.txt': mark('/_search/'),
    '_search/roles/Gold/x.txt': mark('/_search/'),
  },
  ...indexes.map(({ folder }) => filesOf(folder)),
) as Record<string, string>;

async function start(dialect: (typeof dialects)[number] = 'sqlite') {
  const folder = await createTemporaryFolder(files);
  const server = await startTestServer(dialect, {}, { site: readBuiltSite(folder.path) });
  return {
    server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function open(server: TestServer, roles: string[] | null) {
  if (!roles) return { browser: server.openBrowser(), id: '' };
  const { browser, user } = await signUp(server);
  await server.database.User.update({ roles }, { where: { id: user.id } });
  return { browser, id: user.id };
}

const opens = (access: Access, roles: string[] | null) =>
  access === 'public' ||
  (roles !== null && (access === 'members' || access.some((role) => roles.includes(role))));

async function listFolders(browser: Browser) {
  const answer = await browser.fetch(SEARCH_LIST_PATH);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
  const { indexes: listed } = (await answer.json()) as {
    indexes: { folder: string; version: string }[];
  };
  expect(listed.every(({ version }) => version === 'en_1a2b')).toBe(true);
  return listed.map(({ folder }) => folder);
}

const readers: [who: string, roles: string[] | null][] = [
  ['a visitor', null],
  ['somebody without a role', []],
  ['somebody with another role', ['member', 'goldfish', 'public', 'program']],
  ['somebody with a role', ['gold']],
  ['somebody with the other role', ['silver']],
  ['somebody with a role that is called like an audience', ['members']],
];

describe.each(dialects)('on %s, the indexes of the search', (dialect) => {
  // ASVS 8.2.1, 8.2.2, 8.3.1
  test.each(readers)('are listed and open to %s as their addresses say', async (_who, roles) => {
    await using started = await start(dialect);
    const { browser } = await open(started.server, roles);
    const expected = indexes.filter(({ access }) => opens(access, roles));
    const listed = await listFolders(browser);
    expect(listed[0]).toBe('/_search/public/');
    expect(listed.toSorted()).toEqual(expected.map(({ folder }) => folder).toSorted());
    for (const { access, folder } of indexes) {
      for (const name of Object.keys(filesOf(folder))) {
        const answer = await browser.fetch(`/${name}`);
        const isOpen = opens(access, roles);
        expect([name, answer.status]).toEqual([name, isOpen ? 200 : roles ? 403 : 401]);
        const caching = access === 'public' ? 'public, max-age=3600' : 'private, no-store';
        expect([name, answer.headers.get('cache-control')]).toEqual([name, caching]);
        expect(answer.headers.get('content-encoding')).toBeNull();
        expect((await answer.text()).includes(mark(folder))).toBe(isOpen);
      }
    }
    for (const name of ['_search/notes.txt', '_search/roles/Gold/x.txt']) {
      expect((await browser.fetch(`/${name}`)).status).toBe(roles ? 403 : 401);
    }
    expect((await browser.fetch(SEARCH_PROGRAM_PATH)).status).toBe(200);
  });

  // ASVS 8.3.2
  test('close at the second a role ends, and with the session', async () => {
    await using started = await start(dialect);
    const { browser, id } = await open(started.server, []);
    const end = (date: number) =>
      started.server.database.User.update(
        { roleEnds: { gold: new Date(date).toISOString() } },
        { where: { id } },
      );
    const gold = '/_search/roles/gold/';
    const statusOf = async (name: string) => (await browser.fetch(gold + name)).status;
    await end(Date.now() + 3_600_000);
    expect(await listFolders(browser)).toContain(gold);
    expect(await statusOf('fragment/en_3c.pf_fragment')).toBe(200);
    await end(Date.now() - 1);
    expect(await listFolders(browser)).not.toContain(gold);
    expect(await statusOf('fragment/en_3c.pf_fragment')).toBe(403);
    await browser.submit('/logout', {});
    expect(await listFolders(browser)).toEqual(['/_search/public/']);
    expect(await statusOf('fragment/en_3c.pf_fragment')).toBe(401);
  });
});

test('No spelling of an address gives a visitor, or somebody without the role, an index', async () => {
  await using started = await start();
  const { browser } = await open(started.server, ['silver']);
  const spell = (path: string) => [
    ...[path, `/${path}`, `/.${path}`, `${path}/`, `${path}//`, `${path}/.`, `${path}%00`],
    ...[`/x/..${path}`, `/_search/public/..${path.slice('/_search'.length)}`, path.toUpperCase()],
    ...[`/_search/public/%2e%2e${path.slice('/_search'.length)}`, path.replace('_s', '%5fs')],
    ...[`/_search/public/..%2f${path.slice('/_search/'.length)}`, path.replaceAll('/', '%2f')],
    ...[path.replace('/_search/', '/_search%2f'), path.replace('/_search/', '/_search/./')],
    ...[path.replace('/_search/', '/_search//'), path.replace('/_search/', '/_search/public;/')],
    ...[`${path}?public`, `${path};public`, `${path}.br`, `${path}.gz`, path.replace('en', '%65n')],
    ...[`http://localhost${path}`, path.replace('roles/', 'roles%2f'), `/_search/public${path}`],
  ];
  const targets = [
    '/_search/members/fragment/en_3c.pf_fragment',
    '/_search/roles/gold/index/en_4d.pf_index',
  ];
  for (const target of targets.flatMap(spell)) {
    for (const cookie of ['', target.includes('members') ? '' : browser.cookieHeader]) {
      const answer = await requestTarget(started.server.url, target, { headers: { cookie } });
      expect([target, answer.body.includes('Words of the index')]).toEqual([target, false]);
      expect([301, 302, 400, 401, 403, 404], target).toContain(answer.status);
    }
  }
});

test('a site without indexes, as that of a development server, has an empty list', async () => {
  await using folder = await createTemporaryFolder({ 'index.html': page });
  const site = { ...readBuiltSite(folder.path), listPaths: () => null };
  await using server = await startTestServer('sqlite', {}, { site });
  expect(await listFolders(server.openBrowser())).toEqual([]);
});
