import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { shownMessages } from './fixtures/messages.ts';
import { startOpenidProvider } from './fixtures/openid-provider.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const button = (page: Page) => page.getByRole('link', { name: 'Log in with Example' });
const section = (page: Page) => page.locator('section#other-service');

/** Logs in at the provider, which remembers nobody. */
async function logInThere(page: Page, email: string): Promise<void> {
  await page.getByLabel('Account', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Log in there' }).click();
}

async function logOut(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/logout`);
  await submitButton(page, 'Log out').click();
  await expect(page.getByText('You have been logged out.')).toBeVisible();
  await page.context().clearCookies({ domain: '127.0.0.1' });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('whoever has no account gets one with the first log-in at the provider', async ({
      page,
      startOwnServer,
    }) => {
      // It starts a server of its own.
      test.slow();
      await using provider = await startOpenidProvider();
      const { origin } = await startOwnServer(provider.settings);
      provider.admit(origin);
      const { email } = createPerson();
      await page.goto(`${origin}/login?next=/dashboard`);
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await button(page).click();
      await logInThere(page, email);
      await expect(page).toHaveURL(`${origin}/dashboard`);
      await expect(page.getByText(email).first()).toBeVisible();
      await logOut(page, origin);
      await page.goto(`${origin}/login`);
      await button(page).click();
      await logInThere(page, email);
      await expect(page).toHaveURL(`${origin}/secrets`);
      await expect(page.getByText('Hello, Grace Hopper')).toBeVisible();
    });

    test('an account that is there is linked with its own proof alone, and unlinked', async ({
      page,
      request,
      startOwnServer,
    }) => {
      // It starts a server of its own.
      test.slow();
      await using provider = await startOpenidProvider();
      const { origin } = await startOwnServer(provider.settings);
      provider.admit(origin);
      const person = createPerson();
      await signUp(request, origin, person);
      await page.goto(`${origin}/login`);
      await button(page).click();
      await logInThere(page, person.email);
      await expect(page).toHaveURL(/\/login#oidc-email-taken$/);
      await expect(shownMessages(page)).toHaveText([/There is an account with your email/]);
      await page.context().clearCookies({ domain: '127.0.0.1' });
      await logIn(page, person.email, person.password);
      await expect(page).toHaveURL(`${origin}/secrets`);
      await page.goto(`${origin}/dashboard/other-service`);
      await section(page).getByRole('button', { name: 'Link an account' }).click();
      const goOn = page.getByRole('link', { name: 'Go on to Example' });
      if (!javaScriptEnabled) await goOn.click();
      await logInThere(page, person.email);
      await expect(shownMessages(page)).toHaveText([/The account is linked/]);
      await expect(section(page).getByText('Never')).toBeVisible();
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await logOut(page, origin);
      await page.goto(`${origin}/login?next=/dashboard/other-service`);
      await button(page).click();
      await logInThere(page, person.email);
      await expect(section(page).getByText('Never')).toBeHidden();
      await page.context().clearCookies({ domain: '127.0.0.1' });
      await section(page).getByRole('button', { name: 'Confirm that it is you' }).click();
      if (!javaScriptEnabled) await goOn.click();
      await logInThere(page, person.email);
      await expect(shownMessages(page)).toHaveText([/For five minutes/]);
      await section(page).getByRole('button', { name: 'Unlink' }).click();
      await expect(shownMessages(page)).toHaveText([/The account is unlinked/]);
      await expect(section(page).getByRole('button', { name: 'Unlink' })).toBeHidden();
      await expect(section(page).getByRole('button', { name: 'Link an account' })).toBeVisible();
    });
  });
}

test('a provider that is away leaves the other ways in', async ({ page, startOwnServer }) => {
  // It starts a server of its own.
  test.slow();
  await using provider = await startOpenidProvider();
  const { origin } = await startOwnServer({ ...provider.settings, LOG_LEVEL: 'fatal' });
  const person = createPerson();
  await signUp(page.request, origin, person);
  await page.context().clearCookies();
  await page.goto(`${origin}/login?next=/dashboard`);
  await button(page).click();
  await expect(page).toHaveURL(`${origin}/login?next=%2Fdashboard#oidc-away`);
  await expect(shownMessages(page)).toHaveText([/does not answer/]);
  await logIn(page, person.email, person.password);
  await expect(page).toHaveURL(`${origin}/dashboard`);
});

test('a site without a provider shows none', async ({ page, member }) => {
  expect(member.email).toBeTruthy();
  await page.goto('/dashboard/other-service');
  await expect(section(page)).toBeHidden();
  await page.goto('/logout');
  await submitButton(page, 'Log out').click();
  await expect(page.getByText('You have been logged out.')).toBeVisible();
  await page.goto('/login');
  await expect(page.getByRole('link', { name: /Log in with/ })).toBeHidden();
});
