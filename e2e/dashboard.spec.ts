import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
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
import { unusualNames } from './fixtures/names.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const newPassword = 'nine calm herons fold paper';

/** Sees that the page is still the one that was loaded, with what was typed. */
async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Reflect.set(window, 'isSamePage', true));
  return () => page.evaluate(() => Reflect.get(window, 'isSamePage') === true);
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Is it still you?' });
const dialogField = (page: Page) => dialog(page).getByLabel('Your password', { exact: true });

test('password managers are told whose passwords are typed @once @page', async ({
  page,
  member,
}) => {
  const hints: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('username fields')) hints.push(message.text());
  });
  const readNames = () =>
    page
      .locator('form:has([type="password"])')
      .evaluateAll((forms) =>
        forms.map(
          (form) => form.querySelector<HTMLInputElement>('[autocomplete="username"]')?.value,
        ),
      );
  await page.goto('/dashboard', { waitUntil: 'networkidle' });
  const names = await readNames();
  expect(names.length).toBeGreaterThan(5);
  expect(new Set(names)).toEqual(new Set([member.email]));
  const { email } = createPerson();
  await fieldOf(page, 'email', 'Email').fill(email);
  await press(page, 'email', 'Change email');
  await expect(page.getByRole('status').getByText(messages.emailChanged)).toBeVisible();
  expect(new Set(await readNames())).toEqual(new Set([email]));
  expect(hints).toEqual([]);
});

test('the name and the username are saved in place', async ({ page, member }) => {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Dashboard' }).click();
  await expect(page).toHaveURL('/dashboard');
  // Without its script a form leads to the page anew.
  await page.waitForLoadState();
  const isSamePage = await markPage(page);
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue(member.name);
  await expect(fieldOf(page, 'profile', 'Username (optional)')).toHaveValue(member.username);
  await fieldOf(page, 'profile', 'Name').fill('Countess Ada');
  await fieldOf(page, 'profile', 'Username (optional)').fill('');
  await press(page, 'profile', 'Save profile');
  await expect(page.getByRole('status').getByText(messages.profileSaved)).toBeVisible();
  await expect(page.getByRole('main').locator('header')).toContainText('Countess Ada');
  await expect(section(page, 'activity')).toContainText('Profile changed');
  expect(await isSamePage()).toBe(true);
  await page.reload();
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue('Countess Ada');
  await expect(fieldOf(page, 'profile', 'Username (optional)')).toHaveValue('');
});

test('a taken username and a taken email are told at their fields', async ({
  page,
  account,
  member,
  faults,
}) => {
  faults.allow(/^409 POST /);
  await page.goto('/dashboard');
  await fieldOf(page, 'profile', 'Username (optional)').fill(account.username);
  await press(page, 'profile', 'Save profile');
  const username = fieldOf(page, 'profile', 'Username (optional)');
  await expectFieldError(username, /That username is taken/);
  await fieldOf(page, 'email', 'Email').fill(account.email);
  await press(page, 'email', 'Change email');
  await expectFieldError(fieldOf(page, 'email', 'Email'), messages.emailInUse);
  await expect(section(page, 'email').getByText(member.email)).toBeVisible();
});

test('all faults of a form are told at once', async ({ page, account, member, faults }) => {
  faults.allow(/^400 POST .*account\.(update|changePassword)/);
  expect(member.name).toBeTruthy();
  await page.goto('/dashboard');
  await fieldOf(page, 'profile', 'Name').fill(' ');
  await fieldOf(page, 'profile', 'Username (optional)').fill(account.username);
  await press(page, 'profile', 'Save profile');
  await expectFieldError(fieldOf(page, 'profile', 'Name'), /enter your name/);
  await expectFieldError(fieldOf(page, 'profile', 'Username (optional)'), /is taken/);
  await fieldOf(page, 'password', 'Current password').fill('not the right password');
  await fieldOf(page, 'password', 'New password').fill('password1234');
  await press(page, 'password', 'Change password');
  await expectFieldError(fieldOf(page, 'password', 'Current password'), messages.wrongPassword);
  await expectFieldError(fieldOf(page, 'password', 'New password'), /common/);
});

test('the account is seen at a glance', async ({ page, server, member }) => {
  await signInElsewhere(server, member);
  await page.goto('/dashboard');
  const summary = page.getByRole('main').locator('header');
  for (const text of [member.name, member.email, '2 devices', 'Logged in']) {
    await expect(summary).toContainText(text);
  }
  await press(page, 'sessions', 'End all other sessions');
  await expect(summary).toContainText('This device only');
  await expect(summary).toContainText('Signed out all other devices');
});

test('a new email is shown, and logs in', async ({ page, context, member }) => {
  const { email } = createPerson();
  await page.goto('/dashboard#email');
  await fieldOf(page, 'email', 'Email').fill(email);
  await press(page, 'email', 'Change email');
  await expect(page.getByRole('status').getByText(messages.emailChanged)).toBeVisible();
  await expect(section(page, 'email').getByText(email)).toBeVisible();
  await context.clearCookies();
  await page.goto('/login');
  await logIn(page, email, member.password);
  await expect(page).toHaveURL('/secrets');
});

// ASVS 6.2.2
test('a new password ends the other sessions and keeps this one', async ({
  page,
  server,
  context,
  member,
  faults,
}) => {
  faults.allow(/^400 POST .*changePassword/);
  const isElsewhere = await signInElsewhere(server, member);
  await page.goto('/dashboard#password');
  await fieldOf(page, 'password', 'Current password').fill('not the right password');
  await fieldOf(page, 'password', 'New password').fill(newPassword);
  await press(page, 'password', 'Change password');
  const current = fieldOf(page, 'password', 'Current password');
  await expectFieldError(current, messages.wrongPassword);
  expect(await isElsewhere()).toBe(true);
  await current.fill(member.password);
  await press(page, 'password', 'Change password');
  await expect(page.getByRole('status').getByText(messages.passwordChanged)).toBeVisible();
  await expect(current).toHaveValue('');
  await expect(fieldOf(page, 'password', 'New password')).toHaveValue('');
  await expect(listDevices(page)).toHaveCount(1);
  expect(await isElsewhere()).toBe(false);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dashboard');
  await context.clearCookies();
  await page.goto('/login');
  await logIn(page, member.username, newPassword);
  await expect(page).toHaveURL('/secrets');
});

test('one session is ended, then all others', async ({ page, server, member }) => {
  const devices = [
    await signInElsewhere(server, member),
    await signInElsewhere(server, member),
    await signInElsewhere(server, member),
  ];
  const countElsewhere = async () =>
    (await Promise.all(devices.map((isIn) => isIn()))).filter(Boolean).length;
  await page.goto('/dashboard#sessions');
  await expect(listDevices(page)).toHaveCount(4);
  await expect(listDevices(page).filter({ hasText: 'This device' })).toHaveCount(1);
  const other = listDevices(page).filter({ hasText: 'Firefox on Linux' });
  await other.first().getByRole('button', { name: 'End this session' }).click();
  await expect(page.getByRole('status').getByText(messages.sessionEnded)).toBeVisible();
  await expect(listDevices(page)).toHaveCount(3);
  expect(await countElsewhere()).toBe(2);
  await press(page, 'sessions', 'End all other sessions');
  await expect(page.getByRole('status').getByText(messages.otherSessionsEnded)).toBeVisible();
  await expect(listDevices(page)).toHaveCount(1);
  await expect(page.getByText('You are not signed in anywhere else.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'End all other sessions' })).toBeHidden();
  expect(await countElsewhere()).toBe(0);
  await expect(section(page, 'activity')).toContainText('Signed out all other devices');
});

test('after five minutes the password is asked for in place', async ({
  page,
  server,
  context,
  member,
  faults,
}) => {
  faults.allow(/^40[03] POST .*account\.changeEmail/);
  const { email } = createPerson();
  const readToken = async () =>
    (await context.cookies()).find(({ name }) => /^session(-\d+)?$/.test(name))?.value;
  await page.goto('/dashboard');
  const isSamePage = await markPage(page);
  const token = await readToken();
  await outdateProofs(server);
  await fieldOf(page, 'profile', 'Name').fill('Typed and not saved');
  await fieldOf(page, 'email', 'Email').fill(email);
  await press(page, 'email', 'Change email');
  await expect(dialogField(page)).toBeFocused();
  await expectAccessible(page);

  await dialog(page).getByRole('button', { name: 'Continue' }).click();
  await expectFieldError(dialogField(page), /enter your current password/);
  await dialogField(page).fill('not the right password');
  await page.keyboard.press('Enter');
  await expectFieldError(dialogField(page), messages.wrongPassword);
  await expect(dialog(page).getByRole('alert').getByText(messages.wrongPassword)).toBeVisible();
  await expect(dialogField(page)).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Change email' })).toBeFocused();
  await expect(fieldOf(page, 'email', 'Email')).toHaveValue(email);

  await press(page, 'email', 'Change email');
  await dialogField(page).fill(member.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').getByText(messages.emailChanged)).toBeVisible();
  await expect(section(page, 'email').getByText(email)).toBeVisible();
  await expect(fieldOf(page, 'profile', 'Name')).toHaveValue('Typed and not saved');
  expect(await isSamePage()).toBe(true);
  expect(await readToken()).not.toBe(token);
});

test('a session is ended after the password was asked for @once', async ({
  page,
  server,
  member,
  faults,
}) => {
  faults.allow(/^403 POST .*sessions\.revoke/);
  const isElsewhere = await signInElsewhere(server, member);
  await outdateProofs(server);
  await page.goto('/dashboard');
  await press(page, 'sessions', 'End this session');
  await dialogField(page).fill(member.password);
  await dialog(page).getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('status').getByText(messages.sessionEnded)).toBeVisible();
  await expect(listDevices(page)).toHaveCount(1);
  expect(await isElsewhere()).toBe(false);
});

test('the Enter key beside the list ends no session @once @page', async ({
  page,
  server,
  member,
}) => {
  await signInElsewhere(server, member);
  // Where a form leads that was sent before the script came.
  await page.goto('/dashboard#password-required');
  const password = section(page, 'sessions').getByLabel('Current password').first();
  await password.fill(member.password);
  await password.press('Enter');
  await expect(page.getByText(messages.passwordRequired)).toBeVisible();
  await expect(listDevices(page)).toHaveCount(2);
});

test('a feed of whole articles gets a secret address, another, and none', async ({
  page,
  context,
  server,
  member,
  faults,
}) => {
  faults.allow(/^403 POST .*feed\.create/);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await grantRole(server, member, 'member');
  await page.goto('/dashboard');
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Feed').click();
  await expect(section(page, 'feed')).toBeInViewport();
  const isSamePage = await markPage(page);
  const address = fieldOf(page, 'feed', 'Your new feed address');
  await expect(address).toBeHidden();
  await press(page, 'feed', 'Make an address');
  await expect(page.getByRole('status').getByText(messages.feedMade)).toBeVisible();
  await expect(address).toBeFocused();
  await expect(section(page, 'feed')).toContainText('has not been used yet');
  const first = await address.inputValue();
  expect(first).toMatch(new RegExp(`^${server.origin}/feed/[\\w-]{43}\\.xml$`));
  expect(await page.evaluate(() => String(document.getSelection()))).toBe(first);
  await expectAccessible(page);
  await press(page, 'feed', 'Copy');
  await expect(page.getByRole('status').getByText(messages.feedCopied)).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);
  expect(await fetchFeed(first)).toEqual([200, 'whole']);

  await outdateProofs(server);
  await press(page, 'feed', 'Make a new address');
  await dialogField(page).fill(member.password);
  await page.keyboard.press('Enter');
  await expect(address).not.toHaveValue(first);
  await expect(address).toBeFocused();
  const second = await address.inputValue();
  expect(await fetchFeed(first)).toEqual([404, null]);
  expect(await fetchFeed(second)).toEqual([200, 'whole']);

  await press(page, 'feed', 'Turn it off');
  await expect(page.getByRole('status').getByText(messages.feedRevoked)).toBeVisible();
  await expect(address).toBeHidden();
  await expect(section(page, 'feed').getByRole('button', { name: 'Turn it off' })).toHaveCount(0);
  await expect(section(page, 'activity')).toContainText('Feed address turned off');
  expect(await fetchFeed(second)).toEqual([404, null]);
  expect(await isSamePage()).toBe(true);
});

test('the address of a feed is shown once, and a new password ends it @once', async ({
  page,
  server,
  member,
}) => {
  await grantRole(server, member, 'member');
  await page.goto('/dashboard');
  const address = fieldOf(page, 'feed', 'Your new feed address');
  await press(page, 'feed', 'Make an address');
  await expect(address).toBeVisible();
  const known = await address.inputValue();
  await page.reload();
  await expect(section(page, 'feed')).toContainText('has not been used yet');
  await expect(address).toBeHidden();
  expect(await page.content()).not.toContain(known);
  expect(await fetchFeed(known)).toEqual([200, 'whole']);
  await press(page, 'feed', 'Make a new address');
  await expect(address).toBeVisible();
  const current = await address.inputValue();
  await fieldOf(page, 'password', 'Current password').fill(member.password);
  await fieldOf(page, 'password', 'New password').fill(newPassword);
  await press(page, 'password', 'Change password');
  await expect(page.getByRole('status').getByText(messages.passwordChanged)).toBeVisible();
  await expect(address).toBeHidden();
  await expect(
    section(page, 'feed').getByRole('button', { name: 'Make an address' }),
  ).toBeVisible();
  expect(await fetchFeed(current)).toEqual([404, null]);
});

test('without the role there is the public feed @once', async ({ page, server, member }) => {
  expect(member.name).toBeTruthy();
  await page.goto('/dashboard');
  await expect(section(page, 'feed').getByRole('button')).toHaveCount(0);
  const link = section(page, 'feed').getByRole('link', { name: 'the public feed' });
  await expect(link).toHaveAttribute('href', '/feed.xml');
  expect(await fetchFeed(`${server.origin}/feed.xml`)).toEqual([200, 'lead-ins']);
});

test('everything that is kept is downloaded as JSON @once', async ({ page, member }) => {
  await page.goto('/dashboard#data');
  const coming = page.waitForEvent('download');
  await press(page, 'data', 'Download my data');
  const download = await coming;
  expect(download.suggestedFilename()).toBe('latchkey-account.json');
  const text = await readFile(await download.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ user: { email: member.email } });
});

test('the account is deleted once its email is typed', async ({ page, member, faults }) => {
  faults.allow(/^400 POST .*account\.delete/, /^401 POST .*auth\.login/);
  await page.goto('/dashboard#delete');
  const email = fieldOf(page, 'delete', 'Type your email to confirm');
  await expect(email).toHaveValue('');
  await email.fill(createPerson().email);
  await press(page, 'delete', 'Delete my account');
  await expectFieldError(email, messages.emailMismatch);
  await email.fill(member.email);
  await press(page, 'delete', 'Delete my account');
  await expect(page).toHaveURL('/#account-deleted');
  await expect(page.getByRole('status').getByText(messages.accountDeleted)).toBeVisible();
  await expectSignedOut(page);
  await page.goto('/login');
  await logIn(page, member.email, member.password);
  await expect(page.getByRole('alert').getByText(messages.invalidCredentials)).toBeVisible();
});

test('a session that was ended elsewhere leads to the log-in, and what was typed is kept @once', async ({
  page,
  context,
  member,
  faults,
}) => {
  faults.allow(/^401 POST /);
  await page.goto('/dashboard');
  const name = fieldOf(page, 'profile', 'Name');
  await expect(name).toHaveValue(member.name);
  await context.clearCookies({ name: /^session(-\d+)?$/ });
  await name.fill('Zoë');
  await press(page, 'profile', 'Save profile');
  await expect(page).toHaveURL('/login?next=%2Fdashboard%23not-saved#sign-in-required');
  await logIn(page, member.email, member.password);
  await expect(page).toHaveURL('/dashboard#not-saved');
  await expect(page.getByText(messages.notSaved)).toBeVisible();
  await expect(name).toHaveValue('Zoë');
});

test.describe('in another time zone', () => {
  test.use({ timezoneId: 'Asia/Kathmandu' });

  test('times are those of the reader’s own clock @once', async ({ page, member }) => {
    await page.goto('/dashboard');
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeStyle: 'short',
      timeZone: 'Asia/Kathmandu',
    });
    const times = page.getByRole('main').locator('time');
    await expect(times).toHaveCount(4);
    for (const time of await times.all()) {
      const moment = new Date((await time.getAttribute('datetime')) ?? '');
      await expect(time).toContainText(clock.format(moment));
      await expect(time).not.toContainText('UTC');
    }
    expect(member.name).toBeTruthy();
  });
});

test('faults are accessible, and the sections are reached by their links @page', async ({
  page,
  server,
  member,
}) => {
  await signInElsewhere(server, member);
  await page.goto('/dashboard');
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Delete account').click();
  await expect(page).toHaveURL('/dashboard#delete');
  await expect(section(page, 'delete')).toBeInViewport();
  await press(page, 'delete', 'Delete my account');
  await press(page, 'password', 'Change password');
  await expect(fieldOf(page, 'password', 'Current password')).toBeFocused();
  await expectAccessible(page);
});

for (const name of [unusualNames['right-to-left text'], 'W'.repeat(80)]) {
  test(`the name ${name.slice(0, 8)} and long values fit @page`, async ({
    page,
    context,
    server,
  }) => {
    const email = `${'long-'.repeat(9)}${createPerson().email}`;
    await signUp(context.request, server.origin, createPerson({ name, email }));
    await page.goto('/dashboard');
    await expect(fieldOf(page, 'profile', 'Name')).toHaveValue(name);
    await expect(section(page, 'email').getByText(email)).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
}
