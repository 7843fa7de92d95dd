/**
 * A real nginx that keeps what it may, in front of a real server: nobody sees through it what is
 * another's, whoever asked first.
 */
import {
  expect,
  readSetCookies,
  test,
  type CachedSite,
  type Member,
  type Reader,
  type Seen,
} from './fixtures/cached-test.ts';
import { nginx } from './fixtures/nginx.ts';

test.skip(!nginx, 'There is no nginx: NGINX_PATH is not set.');
test.slow(true, 'Each asks up to a thousand times.');

const article = '/blog/closed-unless-opened';
const secondArticle = '/blog/metering-fairly';

/** What belongs to one person or is metered, and what says who is signed in: nobody may keep it. */
const gated = [
  '/secrets',
  '/secrets?a=b',
  '/secrets.json',
  '/dashboard',
  '/download/cheat-sheet.pdf',
  '/download/nothing-here.pdf',
  article,
  secondArticle,
  `${article}/lead-in`,
  '/secrets/',
  '/secrets.html',
  `${article}/`,
  '/blog/articles.json',
  '/trpc/auth.session',
  '/trpc/secrets.list',
  '/trpc/articles.list',
  '/trpc/sessions.list,activity.list?batch=1',
  '/trpc/nothing.here',
  '/nothing-here',
  '/healthz',
  '/readyz',
  '/metrics',
];

/** Public pages may be kept, but have to be asked for again each time, which comes to the same. */
const pages = ['/', '/login', '/login?next=%2Fsecrets', '/register', '/logout', '/blog'];

/** What is the same for everybody. */
const files = ['/favicon.svg', '/favicon.ico', '/robots.txt', '/feed.xml'];
const redirects = ['/login/', '/index.html'];

const variants: RequestInit[] = [
  { method: 'HEAD' },
  {},
  { headers: { range: 'bytes=0-99' } },
  { headers: { 'if-none-match': '*' } },
  { headers: { 'accept-encoding': 'identity' } },
];

type Step = { reader: Reader; path: string; asked: string; round: number; seen: Seen };

async function findAssets([reader]: Reader[]): Promise<string[]> {
  const { body = '' } = (await reader?.ask('/')) ?? {};
  return [...body.matchAll(/(?:src|href)="(\/_astro\/[^"]+)"/g)].map(([, path = '']) => path);
}

/** Everybody asks for everything in every way, twice, each address by all before the next. */
async function walk(readers: Reader[], paths: string[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const round of [1, 2]) {
    for (const path of paths) {
      for (const reader of readers) {
        for (const init of variants) {
          const asked = `${path} ${JSON.stringify(init)}, round ${round}`;
          steps.push({ reader, path, asked, round, seen: await reader.ask(path, init) });
        }
      }
    }
  }
  return steps;
}

/** The last whole answer that somebody got. */
function findLast(steps: Step[], reader: Reader, path: string): Seen | undefined {
  return steps.findLast((step) => step.reader === reader && step.path === path)?.seen;
}

/** Ada reads without limit; Bea has read her free article; of the visitors nobody knows anything. */
async function gather(cached: CachedSite) {
  const ada = await cached.openMember();
  await cached.server.runAdmin('user', 'grant', ada.person.email, 'member');
  const { email: identifier, password } = ada.person;
  expect((await ada.call('auth.login', { identifier, password })).status).toBe(200);
  const bea = await cached.openMember();
  expect((await bea.ask(secondArticle)).status).toBe(200);
  return { ada, bea, visitor: cached.openReader(), latecomer: cached.openReader() };
}

function expectNoOtherName(steps: Step[], owners: Member[]): void {
  for (const { reader, asked, seen } of steps) {
    for (const { person } of owners.filter((owner) => owner !== reader)) {
      expect(seen.body, asked).not.toContain(person.name);
      expect(seen.body, asked).not.toContain(person.email);
    }
  }
}

/** Fails when a session's or a reader's cookie is set for two. Returns how many there were. */
function countOwnCookies(steps: Step[]): number {
  const owners = new Map<string, Reader>();
  for (const { reader, asked, seen } of steps) {
    for (const [name, value] of readSetCookies(seen)) {
      if (!value || name.startsWith('signed-in')) continue;
      expect(owners.get(value) ?? reader, `${name} of ${asked}`).toBe(reader);
      owners.set(value, reader);
    }
  }
  return owners.size;
}

test('what belongs to one person or is metered is never kept, and nobody sees another’s', async ({
  cached,
}) => {
  const { ada, bea, visitor, latecomer } = await gather(cached);
  const readers = [ada, bea, visitor, latecomer];
  const steps = await walk(readers, [...gated, ...pages]);

  for (const { path, asked, seen } of steps) {
    expect(seen.cache, asked).toBe('MISS');
    if (pages.includes(path)) continue;
    expect(seen.headers.get('cache-control'), asked).toMatch(/^(private, )?no-store$/);
  }
  expectNoOtherName(steps, [ada, bea]);
  expect(countOwnCookies(steps), 'a session each, and a cookie for each visitor').toBe(4);

  for (const path of ['/', '/secrets', '/dashboard']) {
    expect(findLast(steps, ada, path)?.body, path).toContain(ada.person.name);
    expect(findLast(steps, bea, path)?.body, path).toContain(bea.person.name);
  }
  const statuses = (path: string) => readers.map((reader) => findLast(steps, reader, path)?.status);
  expect(statuses('/secrets')).toEqual([200, 200, 302, 302]);
  expect(statuses('/download/cheat-sheet.pdf')).toEqual([200, 200, 401, 401]);
  expect(statuses('/trpc/secrets.list')).toEqual([200, 200, 401, 401]);
  expect(statuses(article)).toEqual([200, 402, 200, 200]);
  expect(statuses(secondArticle)).toEqual([200, 200, 402, 402]);
  expect(statuses('/login')).toEqual([302, 302, 200, 200]);
});

test('everybody gets through the cache what they get from the server', async ({ cached }) => {
  const readers = Object.values(await gather(cached));
  const paths = [...pages, '/secrets', '/nothing-here', article, secondArticle, ...files];
  const steps = await walk(readers, [...paths, ...(await findAssets(readers))]);
  for (const { reader, path } of steps.filter(({ round }) => round === 2)) {
    const { status, body } = await reader.askDirectly(path);
    expect(findLast(steps, reader, path), path).toMatchObject({ status, body });
  }
});

test('public files and redirects are kept, and no cookie with them', async ({ cached }) => {
  const { ada, bea, visitor, latecomer } = await gather(cached);
  const readers = [ada, bea, visitor, latecomer];
  const assets = await findAssets(readers);
  expect(assets.length).toBeGreaterThan(0);
  const steps = await walk(readers, [...files, ...redirects, ...assets]);
  for (const { asked, seen } of steps) expect(readSetCookies(seen), asked).toEqual([]);
  const later = steps.filter(({ round }) => round === 2);
  for (const { asked, seen } of later) expect(seen.cache, asked).toBe('HIT');
  expectNoOtherName(steps, [ada, bea]);
});

test('after the log-out the next request through the cache is refused', async ({ cached }) => {
  const { ada } = await gather(cached);
  const cookies = new Map(ada.cookies);
  const paths = ['/secrets', '/dashboard', '/download/cheat-sheet.pdf', '/trpc/secrets.list', '/'];
  await walk([ada], paths);
  expect((await ada.call('auth.logout')).status).toBe(200);
  const stolen = cached.openReader();
  for (const [name, value] of cookies) stolen.cookies.set(name, value);
  for (const reader of [ada, stolen]) {
    const steps = await walk([reader], paths);
    // A copy is nobody who asks: signed out, her name is for nobody.
    expectNoOtherName(steps, [{ ...ada }]);
    const statuses = paths.map((path) => findLast(steps, reader, path)?.status);
    expect(statuses).toEqual([302, 302, 401, 401, 200]);
  }
});
