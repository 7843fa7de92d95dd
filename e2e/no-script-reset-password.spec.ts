import { outdateResetLinks, printResetLink } from './fixtures/admin.ts';
import { signInElsewhere } from './fixtures/dashboard.ts';
import { expectSignedOut, field, logIn, submitButton } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { expect, test } from './fixtures/test.ts';

const newPassword = 'nine calm herons fold paper';

test('the code sets a new password, and every session is over', async ({
  page,
  server,
  account,
}) => {
  const isElsewhere = await signInElsewhere(server, account);
  const { link, code } = await printResetLink(server, account.email);
  await page.goto(link);
  await expect(field(page, 'Reset code')).toHaveValue('');
  await expect(page.locator('.flash').filter({ visible: true })).toHaveCount(0);
  await field(page, 'Reset code').fill(code);
  await field(page, 'New password').fill('password1234');
  await submitButton(page, 'Set password').click();
  await expect(page).toHaveURL('/reset-password#common-password');
  await expect(page.getByText(/harder to guess/).filter({ visible: true })).toHaveCount(1);
  await expect(field(page, 'Reset code')).toHaveValue(code);
  await expect(field(page, 'New password')).toHaveValue('');
  await field(page, 'New password').fill(newPassword);
  await submitButton(page, 'Set password').click();
  await expect(page).toHaveURL('/login#password-reset');
  await expect(page.getByText(messages.passwordReset)).toBeInViewport();
  await expectSignedOut(page);
  expect(await isElsewhere()).toBe(false);
  await logIn(page, account.email, newPassword);
  await expect(page).toHaveURL('/secrets');
});

test('a link that was used, or is over, says so @once', async ({ page, server, account }) => {
  const { link } = await printResetLink(server, account.email);
  await outdateResetLinks(server);
  await page.goto('/reset-password');
  await field(page, 'Reset code').fill(link);
  await field(page, 'New password').fill(newPassword);
  await submitButton(page, 'Set password').click();
  await expect(page).toHaveURL('/reset-password#invalid-reset-link');
  await expect(page.getByText(messages.invalidResetLink)).toBeInViewport();
  await expect(field(page, 'Reset code')).toHaveValue(link);
  await page.goto('/login');
  await logIn(page, account.email, account.password);
  await expect(page).toHaveURL('/secrets');
});
