import { expectAccessible } from './fixtures/accessible.ts';
import { signInElsewhere } from './fixtures/dashboard.ts';
import { expectSignedOut, field, logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { startMailServer } from './fixtures/mail-server.ts';
import { messages } from './fixtures/messages.ts';
import { confirmEmail, createPerson, signUp } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const newPassword = 'nine calm herons fold paper';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('a log-in that was not the owner’s is stopped, and a new password set', async ({
      page,
      startOwnServer,
      faults,
    }) => {
      // It starts a server and a command of its own.
      test.slow();
      faults.allow(/^400 POST .*auth\.secureAccount/);
      await using mail = await startMailServer();
      const server = await startOwnServer(mail.settings);
      const person = createPerson();
      const { request } = page.context();
      await signUp(request, server.origin, person);
      await confirmEmail(request, server.origin, await mail.waitForLink(person.email));
      const isElsewhere = await signInElsewhere(server, person);
      // It would wait a minute for other notices.
      await server.runAdmin('mail', 'retry');
      const link = await mail.waitForLink(person.email, 'secure-account');

      await page.goto(link);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Secure your account');
      await expect(page).toHaveTitle(/^Secure your account/);
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) {
        await expect(page).toHaveURL(`${server.origin}/secure-account`);
        await expect(field(page, 'Code')).toBeHidden();
        await expectAccessible(page);
      } else await field(page, 'Code').fill(link);
      expect(await isElsewhere()).toBe(true);
      await submitButton(page, "This wasn't me").click();
      await expect(page).toHaveURL(`${server.origin}/forgot-password#account-secured`);
      await expect(page.getByText(messages.accountSecured).filter({ visible: true })).toHaveCount(
        1,
      );
      await expectSignedOut(page);
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      expect(await isElsewhere()).toBe(false);

      const reset = await mail.waitForLink(person.email, 'reset-password');
      await page.goto(link);
      if (!javaScriptEnabled) await field(page, 'Code').fill(link);
      await submitButton(page, "This wasn't me").click();
      await expect(page.getByText(messages.linkExpired).filter({ visible: true })).toHaveCount(1);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.goto(reset);
      if (!javaScriptEnabled) await field(page, 'Reset code').fill(reset);
      await field(page, 'New password').fill(newPassword);
      await submitButton(page, 'Set password').click();
      await expect(page).toHaveURL(`${server.origin}/login#password-reset`);
      await logIn(page, person.email, newPassword);
      await expect(page).toHaveURL(`${server.origin}/secrets`);
    });
  });
}

test('without a mail server the page names who can help @once', async ({ page }) => {
  await page.goto('/secure-account');
  const main = page.getByRole('main');
  await expect(main.getByText('Did somebody else use your account?')).toBeVisible();
  await expect(main.getByRole('button')).toHaveCount(0);
  await expectAccessible(page);
});
