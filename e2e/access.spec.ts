import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole } from './fixtures/dashboard.ts';
import { logIn } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { expect, test } from './fixtures/test.ts';

test('somebody without the role is told for whom a page is, and goes on', async ({
  page,
  member,
  faults,
}) => {
  faults.allow(/^403 GET .*\/gold$/);
  const answer = await page.goto('/gold');
  expect(answer?.status()).toBe(403);
  await expect(page).toHaveTitle(/^This is not open to you/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This is not open to you');
  await expect(page.getByRole('main')).toContainText(
    'Your account does not open this. It is for people with the role “Gold member”.',
  );
  await expect(page.getByRole('banner')).toContainText(member.name);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole('main').getByRole('link', { name: 'Go to your account' }).click();
  await expect(page).toHaveURL('/dashboard');
});

test('somebody with the role reads the page, and downloads its file', async ({
  page,
  member,
  server,
}) => {
  await grantRole(server, member, 'gold');
  await page.goto('/gold');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Gold members');
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the plan' }).click();
  expect((await coming).suggestedFilename()).toBe('plan.txt');
});

test('whoever wanted a page for a role logs in, and is told there', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^403 GET .*\/gold$/);
  await page.goto('/gold');
  await expect(page).toHaveURL(/\/login\?next=%2Fgold#sign-in-required$/);
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/gold');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This is not open to you');
});
