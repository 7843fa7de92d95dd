import { expectSignedOut, logIn } from './fixtures/forms.ts';
import { expect, test } from './fixtures/test.ts';

// Playwright switches the browser's own cache for the Back button off; people have it on.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
});

// ASVS 14.3.1
test('Back after logging out shows nothing of the members’ page @once', async ({
  page,
  member,
}) => {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Secrets' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await page.goBack({ waitUntil: 'commit' });
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
  await expect(page.getByText(member.name)).toBeHidden();
  await expect(page.getByRole('article')).toHaveCount(0);
  await expectSignedOut(page);
});

test('Back after logging out shows no name on the home page either @once', async ({
  page,
  member,
}) => {
  await page.goto('/');
  await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
  await page.goto('/logout');
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  // In one step: Chromium refuses the second while the page of the first takes its place.
  await page.evaluate(() => history.go(-2));
  await expect(page).toHaveURL('/');
  await expectSignedOut(page);
  await expect(page.getByText(member.name)).toBeHidden();
});

test('Back after logging in does not ask to log in again @once', async ({ page, account }) => {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets');
  await page.goBack({ waitUntil: 'commit' });
  await expect(page).not.toHaveURL(/\/login/);
});
