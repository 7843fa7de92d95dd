import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { showCode } from './fixtures/authenticator-app.ts';
import { grantRole, press, section } from './fixtures/dashboard.ts';
import { logIn } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { shownMessages } from './fixtures/messages.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

test.use({ serverSettings: { REQUIRE_SECOND_FACTOR: 'staff' } });

const setUpPage = /\/dashboard\/second-factor(#factor-required)?$/;

async function addApp(page: Page): Promise<void> {
  await press(page, 'second-factor', 'Add an authenticator app');
  const place = section(page, 'second-factor');
  const secret = await place.locator('.secret').innerText();
  await place.getByLabel('Code', { exact: true }).fill(showCode(secret));
  await press(page, 'second-factor', 'Confirm the code');
  await expect(place.locator('#recovery-codes')).not.toBeEmpty();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('who needs a second factor is led to set one up, and then goes on', async ({
      page,
      context,
      server,
    }) => {
      const person = createPerson();
      await signUp(context.request, server.origin, person);
      await grantRole(server, person, 'staff');
      await context.clearCookies();
      await page.goto('/login');
      await logIn(page, person.email, person.password);
      await expect(page).toHaveURL(setUpPage);
      await expect(shownMessages(page)).toHaveText([/needs a second step at log-in/]);
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      for (const path of ['/secrets', '/blog/how-a-session-ends']) {
        await page.goto(path);
        await expect(page, path).toHaveURL(setUpPage);
      }
      await page.goto('/dashboard');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dashboard');
      await page.goto('/dashboard/second-factor');
      await addApp(page);
      await page.goto('/secrets');
      await expect(page).toHaveURL('/secrets');
    });

    test('who does not need one goes on at once', async ({ page, context, server }) => {
      const person = createPerson();
      await signUp(context.request, server.origin, person);
      await context.clearCookies();
      await page.goto('/login');
      await logIn(page, person.email, person.password);
      await expect(page).toHaveURL('/secrets');
    });
  });
}
