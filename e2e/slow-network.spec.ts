import type { Page } from '@playwright/test';
import { fieldOf, listDevices, press, section, signInElsewhere } from './fixtures/dashboard.ts';
import { field, logIn, submitButton } from './fixtures/forms.ts';
import { holdCalls, holdRequests } from './fixtures/hold.ts';
import { messages } from './fixtures/messages.ts';
import { expect, test } from './fixtures/test.ts';

const endFirst = (page: Page) =>
  listDevices(page).getByRole('button', { name: 'End this session' }).first();

test('a form that is being sent takes no second click once the page has loaded @once', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^401 POST .*auth\.login/);
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => {
      document.body.append(Object.assign(new Image(), { src: '/favicon.svg?slow' }));
    }),
  );
  const finishLoading = await holdRequests(page, '**/favicon.svg?slow');
  const answer = await holdCalls(page, 'auth.login');
  await page.goto('/login', { waitUntil: 'domcontentloaded' });
  await logIn(page, account.email, 'not the right password');
  await expect(submitButton(page, 'Log in')).toBeDisabled();
  finishLoading();
  await page.waitForLoadState('load');
  await expect(submitButton(page, 'Log in')).toBeDisabled();
  answer();
  await expect(page.getByRole('alert').getByText(messages.invalidCredentials)).toBeVisible();
  await expect(submitButton(page, 'Log in')).toBeEnabled();
});

test('a script that comes late leaves somebody where they are typing @once', async ({ page }) => {
  const release = await holdRequests(page, '**/_astro/*.js');
  await page.goto('/login#email-taken', { waitUntil: 'commit' });
  const identifier = field(page, 'Email or username');
  await identifier.pressSequentially('ada@exam');
  release();
  await page.waitForLoadState('load');
  await expect(identifier).toBeFocused();
  await page.keyboard.type('ple.com');
  await expect(identifier).toHaveValue('ada@example.com');
});

test('lists that come late leave the button alone that somebody is at @once', async ({
  page,
  server,
  member,
}) => {
  await signInElsewhere(server, member);
  await signInElsewhere(server, member);
  await page.goto('/dashboard');
  await expect(listDevices(page)).toHaveCount(3);
  const release = await holdRequests(page, '**/dashboard');
  await endFirst(page).click();
  await expect(page.getByRole('status').getByText(messages.sessionEnded)).toBeVisible();
  await endFirst(page).focus();
  release();
  await expect(section(page, 'activity')).toContainText('Signed out another device');
  await expect(endFirst(page)).toBeFocused();
});

test('lists that are out of date when they come are not shown @once', async ({
  page,
  server,
  member,
}) => {
  await signInElsewhere(server, member);
  await signInElsewhere(server, member);
  await page.goto('/dashboard');
  const stale = Promise.withResolvers<undefined>();
  await page.route(
    '**/dashboard',
    async (route) => {
      const response = await route.fetch();
      await stale.promise;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  await endFirst(page).click();
  await expect(listDevices(page)).toHaveCount(2);
  const givenUp = page.waitForEvent('requestfailed', (request) => /dashboard$/.test(request.url()));
  await endFirst(page).click();
  await givenUp;
  stale.resolve(undefined);
  await expect(listDevices(page)).toHaveCount(1);
});

test('what was typed before the script came is kept, and saved in place by it @once', async ({
  page,
  member,
}) => {
  const release = await holdRequests(page, '**/_astro/*.js');
  await page.goto('/dashboard', { waitUntil: 'commit' });
  const name = fieldOf(page, 'profile', 'Name');
  await expect(name).toHaveValue(member.name);
  await name.fill('Countess Ada');
  release();
  await page.waitForLoadState('load');
  await expect(name).toHaveValue('Countess Ada');
  await press(page, 'profile', 'Save profile');
  await expect(page.getByRole('status').getByText(messages.profileSaved)).toBeVisible();
  await expect(page).toHaveURL('/dashboard');
});

test('what is typed while a form is being sent stays, whatever the answer is @once', async ({
  page,
  account,
  faults,
}) => {
  faults.allow(/^401 POST .*auth\.login/);
  const login = await holdCalls(page, 'auth.login');
  const update = await holdCalls(page, 'account.update');
  await page.goto('/login');
  const sentLogin = page.waitForRequest(/auth\.login/);
  await logIn(page, account.email, 'not the right password');
  await sentLogin;
  await field(page, 'Password').fill(account.password);
  login();
  await expect(page.getByRole('alert').getByText(messages.invalidCredentials)).toBeVisible();
  await expect(field(page, 'Password')).toHaveValue(account.password);
  await submitButton(page, 'Log in').click();
  await expect(page).toHaveURL('/secrets');
  await page.goto('/dashboard');
  const name = fieldOf(page, 'profile', 'Name');
  await name.fill('Countess');
  const sentUpdate = page.waitForRequest(/account\.update/);
  await press(page, 'profile', 'Save profile');
  await sentUpdate;
  await name.fill('Countess Ada');
  update();
  await expect(page.getByRole('status').getByText(messages.profileSaved)).toBeVisible();
  await expect(page.locator('main [data-slot="user-name"]').first()).toHaveText('Countess');
  await expect(name).toHaveValue('Countess Ada');
});
