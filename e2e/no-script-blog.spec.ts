import { expect, test } from './fixtures/test.ts';

test('articles are read, metered and left without JavaScript', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^402 GET .*\/blog\//);
  await page.goto('/blog');
  const titles = await page.getByRole('article').getByRole('heading').allInnerTexts();
  for (const title of titles.slice(0, 5)) {
    await page.goto('/blog');
    await page.getByRole('link', { name: title }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.getByText(/^You have read \d of 5 free articles/), title).toBeVisible();
  }
  await page.goto('/blog');
  await page.getByRole('link', { name: titles[5] ?? '' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(titles[5] ?? '');
  await expect(page.getByText('Your next free article is available on')).toBeVisible();
  await expect(page.locator('.paywall time')).toHaveText(/^\d+ \w+ \d{4}, \d\d:\d\d UTC$/);

  const path = new URL(page.url()).pathname;
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await page.getByLabel('Email or username').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('main').getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page).toHaveURL(path);
  await expect(page.getByText('Your account does not include unlimited reading.')).toBeVisible();
});
