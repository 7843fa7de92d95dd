import { expectSignedOut, expectSignedIn } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { expect, test } from './fixtures/test.ts';

for (const place of ['/', '/secrets', '/nothing-here']) {
  // ASVS 7.4.4
  test(`the header’s button logs out on ${place}`, async ({ page, member, context, faults }) => {
    faults.allow(/^404 GET .*nothing-here/);
    await page.goto(place);
    await expectSignedIn(page);
    await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL('/#signed-out');
    await expect(page.getByRole('status').getByText(messages.signedOut)).toBeVisible();
    await expectSignedOut(page);
    await expect(page.getByText(member.name)).toBeHidden();
    // They sign nobody in: strangers cannot keep this browser out, and it is no news to the account.
    expect((await context.cookies()).map(({ name }) => name).toSorted()).toEqual([
      expect.stringMatching(/^device(-\d+)?$/),
      expect.stringMatching(/^seen(-\d+)?$/),
    ]);
  });
}

test('the page with the button logs out', async ({ page, member }) => {
  await page.goto('/logout');
  await expect(page).toHaveTitle(/Log out/);
  await expect(page.getByRole('main').getByText(member.name)).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await expect(page.getByText(messages.signedOut)).toBeVisible();
  await expectSignedOut(page);
  await page.goto('/secrets');
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
});

test('logging out ends the session itself, not only its cookie', async ({
  page,
  member,
  context,
}) => {
  const cookies = await context.cookies();
  await page.goto('/secrets');
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await context.addCookies(cookies);
  await page.goto('/secrets');
  await expect(page).toHaveURL('/login?next=%2Fsecrets#sign-in-required');
  await expect(page.getByText(member.name)).toBeHidden();
});

test('to look at the page does not log out @page', async ({ page, member }) => {
  await page.goto('/logout');
  await page.goto('/secrets');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
});

test('logging out once more does no harm @page', async ({ page }) => {
  await page.goto('/logout');
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL('/#signed-out');
  await expect(page.getByText(messages.signedOut)).toBeVisible();
});
