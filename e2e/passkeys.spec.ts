import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { fieldOf, outdateProofs, press } from './fixtures/dashboard.ts';
import { logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { shownMessages } from './fixtures/messages.ts';
import { addPasskey, factors, plugIn } from './fixtures/passkeys.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

async function logOut(page: Page): Promise<void> {
  await page.goto('/logout');
  await submitButton(page, 'Log out').click();
  await expect(page.getByText('You have been logged out.')).toBeVisible();
}

const logInAlone = (page: Page) =>
  page.getByRole('button', { name: 'Use a passkey instead' }).click();

test('a passkey that checks its person logs in alone', async ({ page, member }) => {
  await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await expect(factors(page).locator('#recovery-codes')).not.toBeEmpty();
  await expect(shownMessages(page)).toHaveText([/Keep the recovery codes/]);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await logOut(page);
  await page.goto('/login?next=%2Fdashboard');
  await logInAlone(page);
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByText(member.email).first()).toBeVisible();
  await expect(factors(page).getByText('Never')).toBeHidden();
});

test('the log-in page offers a passkey where the browser fills in names @once', async ({
  page,
  member,
}) => {
  expect(member.name).toBeTruthy();
  await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await logOut(page);
  await page.goto('/login');
  // The device of the test chooses its passkey by itself, as a person does in the list of the field.
  await expect(page).toHaveURL('/secrets');
});

test('a passkey that checks nobody is the second step after the password @once', async ({
  page,
  member,
}) => {
  await plugIn(page, { checksUser: false });
  await addPasskey(page, 'Key ring');
  await logOut(page);
  await page.goto('/login');
  await logIn(page, member.email, member.password);
  await expect(page).toHaveURL('/second-factor');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page).toHaveURL('/secrets');
});

test('a passkey gets another name, and is removed @once', async ({ page, member }) => {
  await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await factors(page).getByLabel('New name').fill('Old laptop');
  await factors(page).getByRole('button', { name: 'Rename' }).click();
  await expect(factors(page).getByRole('heading', { name: 'Old laptop' })).toBeVisible();
  await factors(page).getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(shownMessages(page)).toHaveText([/That passkey is removed/]);
  await expect(factors(page).getByRole('heading', { name: 'Old laptop' })).toBeHidden();
  await logOut(page);
  await page.goto('/login');
  await logIn(page, member.email, member.password);
  await expect(page).toHaveURL('/secrets');
});

test('a device that already has a passkey, or refuses, is told in plain words @once', async ({
  page,
  member,
}) => {
  expect(member.name).toBeTruthy();
  const device = await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await factors(page).getByRole('button', { name: 'Add a passkey' }).click();
  await expect(shownMessages(page)).toHaveText([/has a passkey for your account already/]);
  await logOut(page);
  await device.refuse();
  await page.goto('/login');
  await logInAlone(page);
  await expect(shownMessages(page)).toHaveText([/it was cancelled, or took too long/]);
});

test('a passkey proves who is there, and what was typed stays', async ({
  page,
  server,
  member,
  faults,
}) => {
  faults.allow(/^403 POST .*account\.changeEmail/);
  expect(member.name).toBeTruthy();
  await plugIn(page, { checksUser: true });
  await addPasskey(page, 'Laptop');
  await page.goto('/dashboard');
  await outdateProofs(server);
  const { email } = createPerson();
  await fieldOf(page, 'email', 'Email').fill(email);
  await press(page, 'email', 'Change email');
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' });
  await expect(dialog).toContainText('Please use a recovery code or your passkey.');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(fieldOf(page, 'email', 'Email')).toHaveValue(email);
  await press(page, 'email', 'Change email');
  await dialog.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(dialog).toBeHidden();
  await expect(shownMessages(page)).toHaveText([/Your email has been changed/]);
  await expect(fieldOf(page, 'email', 'Email')).toHaveValue(email);
});

test('a passkey that is refused leaves the dialog for another proof @once', async ({
  page,
  server,
  member,
  faults,
}) => {
  faults.allow(/^403 POST .*account\.changeEmail/);
  const device = await plugIn(page, { checksUser: true });
  expect(member.name).toBeTruthy();
  await addPasskey(page, 'Laptop');
  const codes = await factors(page).locator('#recovery-codes').innerText();
  await page.goto('/dashboard');
  await outdateProofs(server);
  await device.refuse();
  const { email } = createPerson();
  await fieldOf(page, 'email', 'Email').fill(email);
  await press(page, 'email', 'Change email');
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' });
  await dialog.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(dialog.getByRole('alert')).toContainText([/it was cancelled, or took too long/]);
  await dialog.getByLabel('Your code', { exact: true }).fill(codes.split('\n')[0] ?? '');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog).toBeHidden();
  await expect(shownMessages(page)).toHaveText([/Your email has been changed/]);
});
