import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole } from './fixtures/dashboard.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import {
  listTargets,
  results,
  searchField,
  searchFor,
  searchStatus,
  words,
} from './fixtures/search.ts';
import { expect, test } from './fixtures/test.ts';

const { everybody, members, gold, unlimited } = words;
const all = Object.values(words);

/** Searches for each word, and gives those that were found at their page. */
async function listFound(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { word, path } of all) {
    await searchFor(page, word);
    const targets = await listTargets(page);
    if (targets.includes(path)) found.push(word);
    else expect(targets, word).toEqual([]);
  }
  return found;
}

/** What was asked for below the folder of the indexes. */
function watchIndexes(page: Page): () => string[] {
  const folders = new Set<string>();
  page.on('request', (request) => {
    const [, folder] =
      /\/_search\/(.+)\/(?:pagefind-entry|fragment|index)/.exec(request.url()) ?? [];
    if (folder) folders.add(folder);
  });
  return () => [...folders].sort();
}

test('a visitor finds what is public, and no word of members @once', async ({ page }) => {
  const listIndexes = watchIndexes(page);
  await page.goto('/search');
  expect(await listFound(page)).toEqual([everybody.word]);
  expect(listIndexes()).toEqual(['public']);
  await expect(page.getByText('Log in to search the members’ pages too.')).toBeVisible();
});

test('a member finds members’ pages, and nothing for a role @once', async ({ page, member }) => {
  expect(member.name).toBeTruthy();
  const listIndexes = watchIndexes(page);
  await page.goto('/search');
  expect(await listFound(page)).toEqual([everybody.word, members.word]);
  expect(listIndexes()).toEqual(['members', 'public']);
  await expect(page.getByText('the members’ pages that are open to you')).toBeVisible();
});

test('gold members find what is for them, and unlimited readers whole articles @once', async ({
  page,
  member,
  server,
}) => {
  await grantRole(server, member, 'gold');
  await page.goto('/search');
  expect(await listFound(page)).toEqual([everybody.word, members.word, gold.word]);
  await grantRole(server, member, 'member');
  // The page is loaded anew, because something is open in it that no longer opens.
  await searchField(page).fill(everybody.word);
  await expect(results(page)).toHaveCount(1);
  expect(await listFound(page)).toEqual([everybody.word, members.word, unlimited.word]);
});

test('a role that has ended finds nothing more @once', async ({ page, member, server }) => {
  await grantRole(server, member, 'gold');
  await page.goto(`/search?q=${gold.word}`);
  await expect(results(page)).toHaveCount(1);
  await grantRole(server, member, 'none');
  await searchFor(page, `${gold.word} shelf`);
  await expect(results(page)).toHaveCount(0);
  expect(await listFound(page)).toEqual([everybody.word, members.word]);
});

test('an index that is refused leaves the others @once', async ({
  page,
  member,
  server,
  faults,
}) => {
  faults.allow(/^403 GET /, /Failed to load Pagefind metadata/);
  await grantRole(server, member, 'gold');
  await page.route('**/_search/roles/**', (route) => route.fulfill({ status: 403 }));
  await page.goto('/search');
  expect(await listFound(page)).toEqual([everybody.word, members.word]);
});

test('logging out in another window takes everything of members away @once', async ({
  page,
  context,
  member,
}) => {
  expect(member.name).toBeTruthy();
  await page.goto(`/search?q=${members.word}`);
  await expect(results(page)).toHaveCount(1);
  const second = await context.newPage();
  await second.goto('/');
  await second.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(second).toHaveURL('/#signed-out');
  await page.bringToFront();
  await expect(searchStatus(page)).toHaveText(/^Nothing was found for “balancer”/);
  await expect(results(page)).toHaveCount(0);
  await expect(searchField(page)).toHaveValue(members.word);
  expect(await listFound(page)).toEqual([everybody.word]);
});

test('logging in in another window adds the members’ pages @once', async ({
  page,
  context,
  account,
}) => {
  await page.goto(`/search?q=${members.word}`);
  await expect(searchStatus(page)).toHaveText(/^Nothing was found/);
  const second = await context.newPage();
  await second.goto('/login');
  await second.getByLabel('Email or username').fill(account.email);
  await second.getByLabel('Password', { exact: true }).fill(account.password);
  await second.getByRole('main').getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(second).toHaveURL('/secrets');
  await page.bringToFront();
  await expect(results(page)).toHaveCount(1);
});

test('the Back button comes back to what was found, and a log-in too @once', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('contentinfo').getByRole('link', { name: 'Search' }).click();
  await searchFor(page, 'politest fence');
  await expect(page).toHaveURL('/search?q=politest+fence');
  await expect(results(page).locator('mark').first()).toBeVisible();
  await results(page).getByRole('link', { name: 'Metering fairly' }).click();
  await expect(page).toHaveURL('/blog/metering-fairly');
  await page.goBack();
  await expect(searchField(page)).toHaveValue('politest fence');
  await expect(results(page)).toHaveCount(1);
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await expect(page).toHaveURL('/login?next=%2Fsearch%3Fq%3Dpolitest%2Bfence');
});

test('the search is used with the keyboard alone, and says what it found @once', async ({
  page,
}) => {
  await page.goto('/search');
  await searchField(page).focus();
  await page.keyboard.type('session');
  await expect(searchStatus(page)).toHaveText(/^\d+ pages? for “session”$/);
  await expect(searchStatus(page)).toHaveRole('status');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('button', { name: 'Search' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(results(page).getByRole('link').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/\/search/);
});

test('sections of a long page are found by their headings @once', async ({ page, member }) => {
  expect(member.name).toBeTruthy();
  await page.goto('/search?q=pragma');
  await results(page).getByRole('link', { name: 'Look inside before you trust it' }).click();
  await expect(page).toHaveURL('/secrets#look-inside-before-you-trust-it');
});

test('what cannot be loaded is said, and comes with the next try @once', async ({
  page,
  faults,
}) => {
  faults.allow(/ERR_FAILED/, /pagefind/i, /Failed to/);
  await page.goto('/search');
  await page.route('**/_search/**', (route) => route.abort());
  await searchField(page).fill(everybody.word);
  await expect(searchStatus(page)).toHaveText(
    'The search could not be loaded. Check your connection, and press Search again. What you typed is still there.',
  );
  await expect(searchField(page)).toHaveValue(everybody.word);
  await page.unroute('**/_search/**');
  await page.getByRole('main').getByRole('button', { name: 'Search' }).click();
  await expect(results(page)).toHaveCount(1);
});

test('a page is found by its title, and shows words of its text @once', async ({ page }) => {
  await page.goto('/search');
  await searchFor(page, 'metering fairly');
  await expect(results(page).first().getByRole('heading')).toHaveText('Metering fairly');
  await expect(results(page).first()).toContainText('This site has such a meter');
});

test('nothing of the search is loaded before it is used @once', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/search', { waitUntil: 'networkidle' });
  expect(asked.filter((path) => path.startsWith('/_search/'))).toEqual([]);
  await searchField(page).focus();
  await expect.poll(() => asked).toContain('/_search/program/pagefind.js');
});

for (const [state, query] of [
  ['with results', 'session'],
  ['with nothing found', 'qwertzuiop'],
  ['empty', ''],
] as const) {
  test(`the page is accessible ${state}, and fits a phone @once`, async ({ page, member }) => {
    expect(member.name).toBeTruthy();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`/search?q=${query}`);
    if (query) await expect(searchStatus(page)).toContainText(query);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page says what it needs, and where to go on @once', async ({ page }) => {
    await page.goto('/search');
    const main = page.getByRole('main');
    await expect(main).toContainText('The search needs JavaScript');
    await expect(searchField(page)).toBeHidden();
    await main.getByRole('link', { name: 'their list' }).click();
    await expect(page).toHaveURL('/blog');
  });
});
