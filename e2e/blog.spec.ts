import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { logIn } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { expect, test } from './fixtures/test.ts';

/** The addresses of the articles, as the list has them. */
async function listArticles(page: Page): Promise<string[]> {
  await page.goto('/blog');
  const links = page.getByRole('article').getByRole('heading').getByRole('link');
  return links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
}

/** Reads as many as are free, and opens one more. */
async function spendReads(page: Page): Promise<string> {
  const articles = await listArticles(page);
  const [last = '', ...others] = articles.toReversed();
  for (const path of others.slice(0, 5)) {
    await page.request.get(path);
  }
  await page.goto(last);
  await expect(
    page.getByRole('heading', { name: 'You have read your 5 free articles' }),
  ).toBeVisible();
  return last;
}

test('a visitor finds the blog, reads an article, and is told what is left', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('banner').getByRole('link', { name: 'Blog' }).click();
  await expect(page).toHaveURL('/blog');
  await expect(page.getByRole('article')).toHaveCount(6);
  expect(await page.context().cookies()).toEqual([]);
  const title = page.getByRole('article').first().getByRole('heading');
  const text = await title.innerText();
  await title.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(text);
  await expect(page).toHaveTitle(`${text} · Latchkey`);
  await expect(page.getByText('You have read 1 of 5 free articles')).toBeVisible();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Blog' })).toHaveAttribute(
    'aria-current',
    'true',
  );
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual([
    expect.stringMatching(/^reader(-\d+)?$/),
  ]);
});

test('an article ends with the next one and the way back, and the list shows what was read', async ({
  page,
}) => {
  const articles = await listArticles(page);
  const [newest = '', second = ''] = articles;
  const oldest = articles.at(-1) ?? '';
  await page.goto(newest);
  const end = page.getByRole('navigation', { name: 'More articles' });
  await end.locator('[rel="next"]').click();
  await expect(page).toHaveURL(second);
  await end.getByRole('link', { name: 'All articles' }).click();
  await expect(page).toHaveURL('/blog');
  await expect(page.getByText('Read', { exact: true })).toHaveCount(2);
  await expect(page.getByText('You have read 2 of 5 free articles')).toBeVisible();
  await page.goto(oldest);
  await expect(end.locator('[rel="next"]')).toHaveAttribute('href', newest);
});

test('whoever has used the free reads up sees why, until when, and the ways on', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^402 GET .*\/blog\//);
  const path = await spendReads(page);
  await expect(page.locator('.paywall time')).toHaveAttribute('datetime', /^20\d\d-/);
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await logIn(page, account.username, account.password);
  await expect(page).toHaveURL(path);
  await expect(page.getByText('Your account does not include unlimited reading.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'All articles' }).click();
  await expect(page).toHaveURL('/blog');
});

test('the list, an article and its lead-in are accessible and fit a narrow window @page', async ({
  page,
  faults,
}) => {
  faults.allow(/^402 GET .*\/blog\//);
  const articles = await listArticles(page);
  await expectAccessible(page);
  for (const path of articles.slice(0, 2)) {
    await page.goto(path);
    await expectAccessible(page);
  }
  await spendReads(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test('articles with code fit a narrow window, and no style is refused @once @page', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of (await listArticles(page)).slice(0, 5)) {
    await page.goto(path);
    await expectNoSidewaysScroll(page);
    await expect(page.locator('pre .token').first().or(page.locator('pre')), path).not.toHaveCount(
      0,
    );
  }
});

for (const timezoneId of ['Asia/Kathmandu', 'Pacific/Honolulu']) {
  test.describe(`in ${timezoneId}`, () => {
    test.use({ timezoneId });

    test('the next free read is told by the reader’s own clock, and days stay days @once', async ({
      page,
      faults,
    }) => {
      faults.allow(/^402 GET .*\/blog\//);
      await spendReads(page);
      const time = page.locator('.paywall time');
      const moment = new Date((await time.getAttribute('datetime')) ?? '');
      const zone = { timeZone: timezoneId };
      const onDay = moment.toLocaleDateString('en-GB', { dateStyle: 'long', ...zone });
      const atTime = moment.toLocaleTimeString('en-GB', { timeStyle: 'short', ...zone });
      await expect(time).toHaveText(`${onDay}, ${atTime}`);
      const day = page.locator('.article-head time');
      const date = new Date(`${(await day.getAttribute('datetime')) ?? ''}T12:00Z`);
      const calendar = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
      await expect(day).toHaveText(calendar.format(date));
    });
  });
}

test('on paper stand the words alone, and what is left out is told @once @page', async ({
  page,
  faults,
}) => {
  faults.allow(/^402 GET .*\/blog\//);
  const [first = ''] = await listArticles(page);
  await page.goto(first);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const role of ['banner', 'contentinfo', 'navigation', 'button', 'link'] as const) {
    await expect(page.getByRole(role), role).toHaveCount(0);
  }
  await page.emulateMedia({ media: 'screen' });
  await spendReads(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('Your next free article is available on')).toBeVisible();
  await expect(page.getByRole('link')).toHaveCount(0);
});
