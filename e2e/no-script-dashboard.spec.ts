import { readFile } from 'node:fs/promises';
import {
  fetchFeed,
  fieldOf,
  grantRole,
  listDevices,
  outdateProofs,
  press,
  section,
  signInElsewhere,
} from './fixtures/dashboard.ts';
import { expectFieldError, expectSignedOut, logIn } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test('the profile is saved, and the message stands beside it', async ({ page, member }) => {
  await page.goto('/dashboard');
  await expect(fieldOf(page, 'profile', 'Username (optional)')).toHaveValue(member.username);
  await fieldOf(page, 'profile', 'Name').fill('Countess Ada');
  await press(page, 'profile', 'Save profile');
  await expect(page).toHaveURL('/dashboard#profile-saved');
  await expect(section(page, 'profile').getByText(messages.profileSaved)).toBeInViewport();
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue('Countess Ada');
  await expect(section(page, 'activity')).toContainText('Profile changed');
  for (const time of await page.getByRole('main').locator('time').all()) {
    await expect(time).toHaveText(/ UTC$/);
  }
  await expectNoSidewaysScroll(page);
});

test('a taken username is told, and what was typed stays @once', async ({
  page,
  account,
  member,
}) => {
  expect(member.name).toBeTruthy();
  await page.goto('/dashboard');
  await fieldOf(page, 'profile', 'Username (optional)').fill(account.username);
  await press(page, 'profile', 'Save profile');
  await expect(section(page, 'profile').getByText(messages.usernameTaken)).toBeVisible();
  await expect(fieldOf(page, 'profile', 'Username (optional)')).toHaveValue(account.username);
});

test('all faults of a form are told at once, each beside its field @once', async ({
  page,
  member,
}) => {
  expect(member.name).toBeTruthy();
  await page.goto('/dashboard');
  await fieldOf(page, 'profile', 'Name').fill(' ');
  await fieldOf(page, 'profile', 'Username (optional)').fill('a!');
  await page.locator('form[data-form="profile"]').evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await press(page, 'profile', 'Save profile');
  await expect(page).toHaveURL('/dashboard#invalid-input');
  await expectFieldError(fieldOf(page, 'profile', 'Name'), /name/);
  await expectFieldError(fieldOf(page, 'profile', 'Username (optional)'), /username/i);

  const password = page.locator('form[data-form="password"]');
  await password.evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await fieldOf(page, 'password', 'New password').fill('short');
  await press(page, 'password', 'Change password');
  for (const [label, sentence] of [
    ['Current password', /enter your current password/],
    ['New password', /12 (to|characters)/],
  ] as const) {
    await expect(fieldOf(page, 'password', label), `${label} ${sentence}`).toHaveAttribute(
      'aria-invalid',
      'true',
    );
    await expect(fieldOf(page, 'password', label)).toHaveAccessibleDescription(sentence);
  }
  await expect(fieldOf(page, 'profile', 'Name')).not.toHaveAttribute('aria-invalid', 'true');
});

test('after five minutes the email needs the password as well', async ({
  page,
  server,
  member,
}) => {
  const { email } = createPerson();
  await outdateProofs(server);
  await page.goto('/dashboard');
  await fieldOf(page, 'email', 'Email').fill(email);
  await press(page, 'email', 'Change email');
  await expect(page).toHaveURL('/dashboard#password-required');
  await expect(page.getByText(messages.passwordRequired)).toBeInViewport();
  await expect(fieldOf(page, 'email', 'Email')).toHaveValue(email);
  await fieldOf(page, 'email', 'Current password').fill('not the right password');
  await press(page, 'email', 'Change email');
  await expect(page.getByText(messages.wrongPassword)).toBeInViewport();
  await expect(fieldOf(page, 'email', 'Email')).toHaveValue(email);
  await fieldOf(page, 'email', 'Current password').fill(member.password);
  await press(page, 'email', 'Change email');
  await expect(section(page, 'email').getByText(messages.emailChanged)).toBeVisible();
  await expect(section(page, 'email').getByText(email)).toBeVisible();
});

// ASVS 6.2.2
test('a new password logs in, and the other sessions are over @once', async ({
  page,
  context,
  server,
  member,
}) => {
  const isElsewhere = await signInElsewhere(server, member);
  await page.goto('/dashboard');
  await fieldOf(page, 'password', 'Current password').fill(member.password);
  await fieldOf(page, 'password', 'New password').fill('nine calm herons fold paper');
  await press(page, 'password', 'Change password');
  await expect(section(page, 'password').getByText(messages.passwordChanged)).toBeVisible();
  await expect(listDevices(page)).toHaveCount(1);
  expect(await isElsewhere()).toBe(false);
  await context.clearCookies();
  await page.goto('/login');
  await logIn(page, member.email, 'nine calm herons fold paper');
  await expect(page).toHaveURL('/secrets');
});

test('one session is ended, then all others', async ({ page, server, member }) => {
  const devices = [
    await signInElsewhere(server, member),
    await signInElsewhere(server, member),
    await signInElsewhere(server, member),
  ];
  await page.goto('/dashboard');
  await expect(listDevices(page)).toHaveCount(4);
  const other = listDevices(page).filter({ hasText: 'Firefox on Linux' });
  await other.first().getByRole('button', { name: 'End this session' }).click();
  await expect(section(page, 'sessions').getByText(messages.sessionEnded)).toBeInViewport();
  await expect(listDevices(page)).toHaveCount(3);
  await outdateProofs(server);
  await section(page, 'sessions').getByLabel('Current password').last().fill(member.password);
  await press(page, 'sessions', 'End all other sessions');
  await expect(section(page, 'sessions').getByText(messages.otherSessionsEnded)).toBeVisible();
  await expect(page.getByText('You are not signed in anywhere else.')).toBeVisible();
  expect(await Promise.all(devices.map((isIn) => isIn()))).toEqual([false, false, false]);
});

test('the Enter key beside the list ends no session @once', async ({ page, server, member }) => {
  const isElsewhere = await signInElsewhere(server, member);
  await page.goto('/dashboard');
  const password = section(page, 'sessions').getByLabel('Current password').first();
  await password.fill(member.password);
  await password.press('Enter');
  await expect(page).toHaveURL('/dashboard');
  expect(await isElsewhere()).toBe(true);
});

test('a feed of whole articles gets a secret address, another, and none', async ({
  page,
  server,
  member,
}) => {
  await page.goto('/dashboard');
  await expect(section(page, 'feed')).toContainText('does not include whole articles');
  await expect(section(page, 'feed').getByRole('button')).toHaveCount(0);
  await expect(fieldOf(page, 'feed', 'Current password')).toBeHidden();
  await grantRole(server, member, 'member');
  await outdateProofs(server);
  await page.goto('/dashboard');
  const address = fieldOf(page, 'feed', 'Your new feed address');
  await expect(address).toBeHidden();
  await press(page, 'feed', 'Make an address');
  await expect(page).toHaveURL('/dashboard#password-required');
  await fieldOf(page, 'feed', 'Current password').fill(member.password);
  await fieldOf(page, 'feed', 'Current password').press('Enter');
  await expect(page).toHaveURL('/dashboard#feed-made');
  await expect(section(page, 'feed').getByText(messages.feedMade)).toBeInViewport();
  await expect(address).toBeVisible();
  await expect(address).toBeEditable({ editable: false });
  await expectNoSidewaysScroll(page);
  const first = await address.inputValue();
  expect(await fetchFeed(first)).toEqual([200, 'whole']);

  await page.reload();
  await expect(section(page, 'feed')).toContainText('last used on');
  await expect(address).toBeHidden();
  await press(page, 'feed', 'Make a new address');
  await expect(address).toBeVisible();
  const second = await address.inputValue();
  expect(second).not.toBe(first);
  expect(await fetchFeed(first)).toEqual([404, null]);
  await press(page, 'feed', 'Turn it off');
  await expect(page).toHaveURL('/dashboard#feed-revoked');
  await expect(section(page, 'feed').getByText(messages.feedRevoked)).toBeInViewport();
  await expect(address).toBeHidden();
  expect(await fetchFeed(second)).toEqual([404, null]);
  await expect(section(page, 'activity')).toContainText('Feed address turned off');
});

test('everything that is kept is downloaded as JSON @once', async ({ page, member }) => {
  await page.goto('/dashboard');
  const coming = page.waitForEvent('download');
  await press(page, 'data', 'Download my data');
  const download = await coming;
  expect(download.suggestedFilename()).toBe('latchkey-account.json');
  const text = await readFile(await download.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ user: { email: member.email } });
});

test('the account is deleted once its email is typed', async ({ page, member }) => {
  await page.goto('/dashboard');
  const email = fieldOf(page, 'delete', 'Type your email to confirm');
  await email.fill(createPerson().email);
  await press(page, 'delete', 'Delete my account');
  await expect(section(page, 'delete').getByText(messages.emailMismatch)).toBeInViewport();
  await email.fill(member.email);
  await press(page, 'delete', 'Delete my account');
  await expect(page).toHaveURL('/#account-deleted');
  await expect(page.getByText(messages.accountDeleted)).toBeVisible();
  await expectSignedOut(page);
});

test('what two windows of one person save is both kept @once', async ({
  page: first,
  context,
  member,
}) => {
  await first.goto('/dashboard');
  const second = await context.newPage();
  await second.goto('/dashboard');
  const username = `${member.username}-2`;
  await fieldOf(first, 'profile', 'Name').fill('Countess Ada');
  await press(first, 'profile', 'Save profile');
  await expect(first).toHaveURL('/dashboard#profile-saved');
  await fieldOf(second, 'profile', 'Username (optional)').fill(username);
  await press(second, 'profile', 'Save profile');
  await expect(second).toHaveURL('/dashboard#profile-saved');
  await expect(fieldOf(second, 'profile', 'Name')).toHaveValue('Countess Ada');
  await expect(fieldOf(second, 'profile', 'Username (optional)')).toHaveValue(username);
});

test('an email that is as it was is not changed, and that is told @once', async ({
  page,
  member,
}) => {
  await page.goto('/dashboard');
  await press(page, 'email', 'Change email');
  await expect(page).toHaveURL('/dashboard#nothing-changed');
  await expect(page.getByText(messages.nothingChanged, { exact: true })).toBeVisible();
  await expect(section(page, 'email').getByText(member.email)).toBeVisible();
});
