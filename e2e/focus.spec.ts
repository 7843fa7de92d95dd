import { expectAccessible } from './fixtures/accessible.ts';
import { fieldOf, press, section } from './fixtures/dashboard.ts';
import { expectFieldError } from './fixtures/forms.ts';
import { messages } from './fixtures/messages.ts';
import { holdCalls, holdRequests } from './fixtures/hold.ts';
import { expect, test } from './fixtures/test.ts';

test('of two forms that wait for the script, the one sent last leads to its field @once', async ({
  page,
  member,
}) => {
  const release = await holdRequests(page, /_astro\/(?!Base).*\.js$/);
  await page.goto('/dashboard');
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue(member.name);
  await press(page, 'delete', 'Delete my account');
  await press(page, 'password', 'Change password');
  release();
  await expect(fieldOf(page, 'password', 'Current password')).toBeFocused();
  await expect(section(page, 'delete').getByText('Please enter your email address.')).toBeVisible();
  for (const id of ['delete', 'password'] as const) {
    await expect(
      section(page, id)
        .getByRole('alert')
        .getByText(/fix the marked fields/),
      id,
    ).toBeVisible();
  }
  await expectAccessible(page);
  await press(page, 'delete', 'Delete my account');
  await expect(section(page, 'delete').getByRole('textbox').first()).toBeFocused();
});

test('an answer that comes late leaves somebody where they are typing @once', async ({
  page,
  account,
  member,
  faults,
}) => {
  faults.allow(/^409 POST /);
  const release = await holdCalls(page, 'account.update');
  await page.goto('/dashboard');
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue(member.name);
  await fieldOf(page, 'profile', 'Username (optional)').fill(account.username);
  await press(page, 'profile', 'Save profile');
  const current = fieldOf(page, 'password', 'Current password');
  await current.click();
  await current.pressSequentially('half of ');
  release();
  const username = fieldOf(page, 'profile', 'Username (optional)');
  await expectFieldError(username, /That username is taken/);
  await expect(current).toBeFocused();
  await page.keyboard.type('a password');
  await expect(current).toHaveValue('half of a password');
  await expect(username).toHaveValue(account.username);
});

test('of two forms that are answered one after the other, both messages stay @once', async ({
  page,
  account,
  member,
  faults,
}) => {
  faults.allow(/^409 POST /);
  const releaseEmail = await holdCalls(page, 'account.changeEmail');
  const releaseProfile = await holdCalls(page, 'account.update');
  await page.goto('/dashboard');
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue(member.name);
  await fieldOf(page, 'email', 'Email').fill(account.email);
  await press(page, 'email', 'Change email');
  await press(page, 'profile', 'Save profile');
  releaseEmail();
  const refused = section(page, 'email')
    .getByRole('alert')
    .getByText(/fix the marked fields/);
  await expect(refused).toBeVisible();
  releaseProfile();
  await expect(section(page, 'profile').getByText(messages.profileSaved)).toBeVisible();
  await expect(refused).toBeVisible();
});
