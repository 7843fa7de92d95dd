/**
 * The site that stands in this project, whatever it is: what is true of any site that Latchkey serves.
 * All other tests run on a site of their own.
 */
import type { APIRequestContext, Page, Response } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { logIn } from './fixtures/forms.ts';
import { createSend } from './fixtures/http.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { grantRole } from './fixtures/dashboard.ts';
import { listPages, readSite } from './fixtures/own-site.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const LIGHT_BYTES = 100 * 1024;
const neededForPaint = ['document', 'script', 'stylesheet'];

/** Addresses of this site that a page links to or loads, without fragments, as they stand in it. */
function listTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const named = document.querySelectorAll('[href], [src], [action], [poster], [data]');
    // The way to a provider is hidden, and leads nowhere, where the settings name none.
    const isOff = (element: Element) => element.closest('[data-oidc="off"]') !== null;
    const there = [...named].filter((element) => !isOff(element));
    const values = there.flatMap((element) =>
      ['href', 'src', 'action', 'poster', 'data'].flatMap(
        (name) => element.getAttribute(name) ?? [],
      ),
    );
    const urls = values.flatMap((value) => URL.parse(value, location.href) ?? []);
    const isElsewhere = ({ pathname }: URL) => pathname !== location.pathname;
    const own = urls.filter((url) => url.origin === location.origin && isElsewhere(url));
    return [...new Set(own.map(({ pathname, search }) => pathname + search))];
  });
}

/** Links within a page that lead nowhere. */
function listLostFragments(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')];
    const ids = links.map(({ hash }) => decodeURIComponent(hash.slice(1)));
    return ids.filter((id) => id !== '' && id !== 'top' && !document.getElementById(id));
  });
}

async function findDeadTargets(page: Page, request: APIRequestContext): Promise<string[]> {
  const dead: string[] = [];
  for (const target of await listTargets(page)) {
    const answer = await request.head(target, { maxRedirects: 0 });
    // A page for members sends visitors to the log-in, and a file says so: both are there.
    if (answer.status() >= 400 && answer.status() !== 401)
      dead.push(`${answer.status()} ${target}`);
  }
  return dead;
}

/** Says when a page is heavy. It is a matter of taste what a page may weigh, so no test fails. */
async function noteWeight(responses: Response[], path: string): Promise<void> {
  const needed = responses.filter((one) => neededForPaint.includes(one.request().resourceType()));
  const sizes = await Promise.all(needed.map((one) => one.request().sizes()));
  const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
  if (bytes <= LIGHT_BYTES) return;
  const kilobytes = Math.round(bytes / 1024);
  console.warn(`${path} loads ${kilobytes} KB of HTML, CSS and scripts before it is there.`);
}

async function examine(page: Page, path: string): Promise<void> {
  const responses: Response[] = [];
  page.on('response', (response) => responses.push(response));
  await page.goto(path);
  await noteWeight(responses, path);
  await expect(page, 'a title').toHaveTitle(/\S/);
  await expect(page.locator('h1'), 'one heading of the first level').toHaveCount(1);
  expect(await findDeadTargets(page, page.context().request), 'dead links').toEqual([]);
  expect(await listLostFragments(page), 'links within the page').toEqual([]);
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
}

for (const { path, isPublic, isMetered, roles } of listPages()) {
  const isForMembers = !isPublic && !isMetered;
  test(`${path} is sound${isForMembers ? ', for members' : ''}`, async ({
    page,
    member,
    context,
    server,
  }) => {
    expect(member.name).toBeTruthy();
    if (!isForMembers) await context.clearCookies();
    if (roles[0] !== undefined) await grantRole(server, member, roles[0]);
    await examine(page, path);
  });
}

test('the home page is sound for members too', async ({ page, member }) => {
  expect(member.name).toBeTruthy();
  await examine(page, '/');
});

test('the page for what is not there is sound', async ({ page, faults }) => {
  faults.allow(/^404 GET .*nothing-of-the-kind/);
  await examine(page, '/nothing-of-the-kind');
});

test('every file is public, metered, or for members', async ({ server }) => {
  const send = createSend(server.origin);
  const wrong: string[] = [];
  for (const { path, isPage, isPublic, isMetered } of readSite().files) {
    const expected = isPublic ? 200 : isMetered && isPage ? 200 : isPage ? 302 : 401;
    const { status, headers } = await send(encodeURI(path));
    const isRight =
      isMetered && !isPage
        ? status !== 200
        : status === expected && (status !== 302 || headers.get('location')?.startsWith('/login?'));
    if (!isRight) wrong.push(`${path} is answered with ${status}, and not with ${expected}`);
  }
  expect(wrong).toEqual([]);
});

test('whoever registers lands on a page that is there', async ({ server }) => {
  const send = createSend(server.origin, { origin: server.origin });
  const body = new URLSearchParams(createPerson());
  const answer = await send('/register', { method: 'POST', body });
  const { landingPath } = readSite();
  expect([answer.status, answer.headers.get('location')?.split('#')[0]]).toEqual([
    303,
    landingPath.split('#')[0],
  ]);
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]);
  const landing = await createSend(server.origin, { cookie: cookie.join('; ') })(landingPath);
  expect(landing.status).toBe(200);
});

test('whoever logs in with a script lands there too', async ({ page, account }) => {
  await page.goto('/login');
  await logIn(page, account.email, account.password);
  const { pathname, hash } = new URL(readSite().landingPath, page.url());
  await page.waitForURL((url) => url.pathname === pathname && (!hash || url.hash === hash));
  await expect(page.locator('h1')).toHaveCount(1);
});

test('the icons of the manifest are there', async ({ request }) => {
  const answer = await request.get('/manifest.webmanifest', { maxRedirects: 0 });
  test.skip(answer.status() === 404, 'The site has no manifest.');
  const { icons = [] } = (await answer.json()) as { icons?: { src: string }[] };
  for (const { src } of icons) expect((await request.get(src)).status(), src).toBe(200);
});
