import { readFile } from 'node:fs/promises';
import { expectSignedIn, expectSignedOut, logIn } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { expect, test } from './fixtures/test.ts';

test('a visitor logs in and is back at the page that was wanted', async ({ page, account }) => {
  await page.goto('/secrets?chapter=2&title=a%20b%26c');
  await expect(page).toHaveURL(/\/login\?next=[^#]+#sign-in-required$/);
  await expect(page.getByRole('status').getByText(messages.signInRequired)).toBeVisible();
  await expectSignedOut(page);
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets?chapter=2&title=a%20b%26c');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${account.name}`);
});

test('members see what is for members', async ({ page, member }) => {
  await page.goto('/');
  await page.getByRole('banner').getByRole('link', { name: 'Secrets' }).click();
  await expect(page).toHaveURL('/secrets');
  await expect(page).toHaveTitle(/Secrets/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
  await expectSignedIn(page);
  expect(await page.getByRole('article').count()).toBeGreaterThan(0);
});

test('members download the cheat sheet', async ({ page, member }) => {
  await page.goto('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(member.name);
  const coming = page.waitForEvent('download', { timeout: 10_000 });
  await page.getByRole('link', { name: 'Download the cheat sheet' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('cheat-sheet.pdf');
  const content = await readFile(await download.path());
  expect(content.subarray(0, 5).toString()).toBe('%PDF-');
});

test('what does not exist is not found, for visitors and members alike', async ({
  page,
  server,
  faults,
}) => {
  faults.allow(/^404 GET .*nothing-here/);
  const answer = await page.goto('/secrets/nothing-here');
  expect(answer?.status()).toBe(404);
  await expect(page).toHaveURL('/secrets/nothing-here');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  await expect(page.getByRole('main').getByRole('link', { name: 'Search' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Go to the home page' }).click();
  await expect(page).toHaveURL(`${server.origin}/`);
});

test('a visitor who opens a file for members is told so, and gets to it by logging in', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^401 GET .*secrets\.json/);
  await page.goto('/secrets.json');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Please log in');
  await expect(page).toHaveTitle('Please log in · Latchkey');
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets.json');
});
