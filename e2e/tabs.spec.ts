import type { Page } from '@playwright/test';
import { fieldOf, press, section } from './fixtures/dashboard.ts';
import { expectSignedIn, expectSignedOut, logIn } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { expect, test } from './fixtures/test.ts';

/**
 * Headless tabs never hide: this is what a tab is told when a person comes back to it. One that heard of
 * it from the other tab may be on its way already.
 */
async function comeBackTo(page: Page): Promise<void> {
  await page.bringToFront();
  const tell = () => {
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('focus'));
  };
  await page.evaluate(tell).catch((fault: unknown) => {
    if (!/context was destroyed|navigation/.test(String(fault))) throw fault;
  });
}

test('logging out in one tab empties the members’ page in the other @once', async ({
  page: first,
  context,
  member,
}) => {
  await first.goto('/secrets');
  const second = await context.newPage();
  await second.goto('/');
  await second.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(second).toHaveURL('/#signed-out');
  await comeBackTo(first);
  await expect(first).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
  await expect(first.getByText(member.name)).toBeHidden();
});

test('after logging out in one tab the next click in the other leads to the log-in @once', async ({
  page: first,
  context,
  member,
}) => {
  await first.goto('/');
  await expect(first.getByRole('main').getByText(member.name)).toBeVisible();
  const second = await context.newPage();
  await second.goto('/logout');
  await second.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(second).toHaveURL('/#signed-out');
  await first.evaluate(() =>
    document.querySelector<HTMLElement>('header a[href="/secrets"]')?.click(),
  );
  await expect(first).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
  await expectSignedOut(first);
});

test('logging out once more in a tab that has not heard of it is no error @once', async ({
  page,
  context,
  server,
  member,
}) => {
  await page.goto('/secrets', { waitUntil: 'networkidle' });
  await expect(page.getByRole('heading', { level: 1 })).toContainText(member.name);
  // A second tab would tell this one, which would then be on its way to the log-in.
  await context.request.post('/logout', { headers: { origin: server.origin } });
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await expectSignedOut(page);
});

test('logging in in one tab is noticed by the other, also at its own log-in @once', async ({
  page: first,
  context,
  account,
}) => {
  await first.goto('/secrets?chapter=2');
  await expect(first).toHaveURL(/\/login/);
  const second = await context.newPage();
  await second.goto('/login');
  await logIn(second, account.email, account.password);
  await expect(second).toHaveURL('/secrets');
  await comeBackTo(first);
  await expectSignedIn(first);
  await first.reload();
  await expect(first).toHaveURL(/\/secrets\?chapter=2/);
});

test('logging in again in a second tab keeps both signed in @once', async ({
  page: first,
  context,
  account,
}) => {
  await first.goto('/login?next=%2Fsecrets%3Fchapter%3D2');
  const second = await context.newPage();
  await second.goto('/login');
  await logIn(second, account.email, account.password);
  await expect(second).toHaveURL('/secrets');
  await logIn(first, account.email, account.password);
  await expect(first).toHaveURL('/secrets?chapter=2');
  await second.reload();
  await expect(second.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${account.name}`);
});

test('somebody else who logs in in one tab is not shown the other’s dashboard @once', async ({
  page: first,
  context,
  member,
  account,
}) => {
  await first.goto('/dashboard');
  await expect(section(first, 'email').getByText(member.email)).toBeVisible();
  const second = await context.newPage();
  await second.goto('/logout');
  await second.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(second).toHaveURL('/#signed-out');
  await second.goto('/login');
  await logIn(second, account.email, account.password);
  await expect(second).toHaveURL('/secrets');
  await comeBackTo(first);
  await expect(section(first, 'email').getByText(account.email)).toBeVisible();
  await expect(first.getByText(member.email)).toHaveCount(0);
});

test('what two windows of one person save is both kept @once', async ({
  page: first,
  context,
  member,
}) => {
  await first.goto('/dashboard', { waitUntil: 'networkidle' });
  const second = await context.newPage();
  await second.goto('/dashboard', { waitUntil: 'networkidle' });
  const username = `${member.username}-2`;
  await fieldOf(first, 'profile', 'Name').fill('Countess Ada');
  await press(first, 'profile', 'Save profile');
  await expect(first.getByText(messages.profileSaved)).toBeVisible();
  await fieldOf(second, 'profile', 'Username (optional)').fill(username);
  await press(second, 'profile', 'Save profile');
  await expect(second.getByText(messages.profileSaved)).toBeVisible();
  for (const page of [first, second]) {
    await page.reload();
    await expect(fieldOf(page, 'profile', 'Name')).toHaveValue('Countess Ada');
    await expect(fieldOf(page, 'profile', 'Username (optional)')).toHaveValue(username);
  }
});
