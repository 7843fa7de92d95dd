import { expectAccessible } from './fixtures/accessible.ts';
import { addPerson } from './fixtures/admin.ts';
import { field, logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { startMailServer } from './fixtures/mail-server.ts';
import { messages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const newPassword = 'nine calm herons fold paper';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('a forgotten password is set anew by mail', async ({ page, startOwnServer }) => {
      // It starts a server and a command of its own.
      test.slow();
      await using mail = await startMailServer();
      const server = await startOwnServer(mail.settings);
      const person = createPerson();
      await addPerson(server, person);
      await page.goto(`${server.origin}/login`);
      await page.getByRole('link', { name: 'Forgot your password?' }).click();
      await expect(page).toHaveURL(`${server.origin}/forgot-password`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Forgot your password?');
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await field(page, 'Email or username').fill(person.email);
      await submitButton(page, 'Send the link').click();
      await expect(page.getByText(messages.resetSent).filter({ visible: true })).toHaveCount(1);
      if (javaScriptEnabled) await expectAccessible(page);
      const link = await mail.waitForLink(person.email);
      await page.goto(link);
      if (!javaScriptEnabled) await field(page, 'Reset code').fill(link);
      await field(page, 'New password').fill(newPassword);
      await submitButton(page, 'Set password').click();
      await expect(page).toHaveURL(`${server.origin}/login#password-reset`);
      await logIn(page, person.email, newPassword);
      await expect(page).toHaveURL(`${server.origin}/secrets`);
    });
  });
}

test('an empty form says what is missing @once', async ({ page, startOwnServer }) => {
  await using mail = await startMailServer();
  const server = await startOwnServer(mail.settings);
  await page.goto(`${server.origin}/forgot-password`);
  await submitButton(page, 'Send the link').click();
  await expect(page.getByText('Please enter your email or username.')).toBeVisible();
  await expectAccessible(page);
});

test('without a mail server the pages name who can help, and promise no mail @once', async ({
  page,
}) => {
  await page.goto('/login');
  await expect(page.getByRole('link', { name: 'Forgot your password?' })).toHaveCount(0);
  await page.goto('/forgot-password');
  const main = page.getByRole('main');
  await expect(main.getByText('for a link to set a new one.')).toBeVisible();
  await expect(main.getByRole('button')).toHaveCount(0);
  await expectAccessible(page);
});
