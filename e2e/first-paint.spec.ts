import type { BrowserContext, Page } from '@playwright/test';
import {
  expectSignedIn,
  expectSignedOut,
  readNavigation,
  signedInNavigation,
  signedOutNavigation,
} from './fixtures/forms.ts';
import { holdRequests } from './fixtures/hold.ts';
import { expect, test } from './fixtures/test.ts';

type Recorded = { seen: string[] };

/** Notes, for each frame that is painted, what the header shows. */
async function recordHeader(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const recorded = window as unknown as Recorded; // The page's window, which this script adds to.
    recorded.seen = [];
    const look = () => {
      const entries = [...document.querySelectorAll<HTMLElement>('header nav :is(a, button)')];
      const visible = entries.filter((entry) => entry.checkVisibility());
      const text = visible.map((entry) => entry.innerText.trim()).join(', ');
      if (document.readyState !== 'loading' && recorded.seen.at(-1) !== text) {
        recorded.seen.push(text);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return () =>
    page.evaluate(async () => {
      // On a slow machine the page may be there before its first frame is.
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      return (window as unknown as Recorded).seen; // As above.
    });
}

/** Serves a page as a cache would that everybody shares: the file as it was built. */
async function serveFromCache(page: Page, origin: string, path: string): Promise<void> {
  const built = await fetch(origin + path);
  const body = await built.text();
  const policy = built.headers.get('content-security-policy') ?? '';
  await page.route(origin + path, (route) =>
    route.fulfill({
      body,
      headers: { 'content-type': 'text/html', 'content-security-policy': policy },
    }),
  );
}

async function addHint(context: BrowserContext, origin: string): Promise<void> {
  const name = `signed-in-${new URL(origin).port}`;
  await context.addCookies([{ name, value: '1', url: origin }]);
}

for (const path of ['/', '/logout']) {
  test(`a member sees the right navigation on ${path} before any script file ran`, async ({
    page,
    member,
  }) => {
    const release = await holdRequests(page, '**/_astro/*.js');
    await page.goto(path, { waitUntil: 'commit' });
    await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
    expect(await readNavigation(page)).toEqual(signedInNavigation);
    release();
  });
}

test('a visitor sees the right navigation before any script file ran', async ({ page }) => {
  const release = await holdRequests(page, '**/_astro/*.js');
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByRole('main').getByRole('link', { name: 'Log in' })).toBeVisible();
  expect(await readNavigation(page)).toEqual(signedOutNavigation);
  release();
});

test('a copy from a cache shows members their navigation at first paint, then their name', async ({
  page,
  member,
  server,
}) => {
  await serveFromCache(page, server.origin, '/');
  const readHeader = await recordHeader(page);
  const release = await holdRequests(page, '**/_astro/*.js');
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByText('You are already logged in')).toBeVisible();
  expect(await readNavigation(page)).toEqual(signedInNavigation);
  release();
  await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
  expect(await readHeader()).toEqual([signedInNavigation.join(', ')]);
});

test('a hint that is no longer true is corrected', async ({ page, context, server }) => {
  await addHint(context, server.origin);
  await serveFromCache(page, server.origin, '/');
  await page.goto('/');
  await expectSignedOut(page);
  await expect(page.getByText('You are already logged in')).toBeHidden();
  expect(await context.cookies()).toEqual([]);
});

// ASVS 8.3.1, 14.3.3
test('a hint alone opens nothing', async ({ page, context, server }) => {
  await addHint(context, server.origin);
  await page.goto('/secrets');
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
  await expectSignedOut(page);
});

test('the navigation does not flicker while people go from page to page', async ({
  page,
  member,
}) => {
  const readHeader = await recordHeader(page);
  for (const path of ['/', '/secrets', '/dashboard', '/logout']) {
    await page.goto(path);
    await expect(page.getByRole('main').getByText(member.name).first(), path).toBeVisible();
    await expect(page.getByRole('banner').getByText(member.name), path).toBeVisible();
    await expectSignedIn(page);
    expect(await readHeader(), path).toEqual([signedInNavigation.join(', ')]);
  }
});
