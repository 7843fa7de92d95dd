import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { addPerson } from './fixtures/admin.ts';
import {
  expectSignedIn,
  expectSignedOut,
  field,
  logIn,
  register,
  submitButton,
} from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { startMailServer } from './fixtures/mail-server.ts';
import { messages, shownMessages } from './fixtures/messages.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const saysWhere = (page: Page, email: string) =>
  expect(page.getByRole('main')).toContainText(
    `We have sent a link to ${email}. Open it to finish.`,
  );

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    /** Opens the link of a mail; without a script it is pasted. */
    async function openLink(page: Page, link: string, label: string): Promise<void> {
      await page.goto(link);
      if (javaScriptEnabled) await expect(field(page, label)).toBeHidden();
      else await field(page, label).fill(link);
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    }

    test('whoever registers confirms their email, and goes on to where they were going', async ({
      page,
      startOwnServer,
    }) => {
      // It starts a server of its own.
      test.slow();
      await using mail = await startMailServer();
      const server = await startOwnServer(mail.settings);
      const person = createPerson();
      await page.goto(`${server.origin}/register?next=/dashboard`);
      await register(page, person);
      await expect(page).toHaveURL(/\/check-email\?next=(%2F|\/)dashboard$/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email');
      await saysWhere(page, person.email);
      await expect(page.getByText('If you have just registered')).toBeHidden();
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await expectSignedOut(page);
      const link = await mail.waitForLink(person.email);
      await openLink(page, link, 'Confirmation code');
      await submitButton(page, 'Confirm this email').click();
      await expect(page).toHaveURL(/\/dashboard(#welcome)?$/);
      await expect(shownMessages(page)).toHaveText([messages.welcome]);
      await expectSignedIn(page);
    });

    test('a new email works once it is confirmed, and the old address undoes it', async ({
      page,
      startOwnServer,
    }) => {
      // It starts a server of its own.
      test.slow();
      await using mail = await startMailServer();
      const server = await startOwnServer(mail.settings);
      const person = createPerson();
      const { email } = createPerson();
      await page.goto(`${server.origin}/register?next=/dashboard`);
      await register(page, person);
      await openLink(page, await mail.waitForLink(person.email), 'Confirmation code');
      await submitButton(page, 'Confirm this email').click();
      await expect(page).toHaveURL(/\/dashboard(#welcome)?$/);
      await field(page, 'Email').fill(email);
      await submitButton(page, 'Change email').click();
      await expect(shownMessages(page)).toHaveText([messages.emailChangeSent]);
      const section = page.locator('#email');
      await expect(section).toContainText(`We have sent a link to ${email}.`);
      await expect(section).toContainText(`Your email is ${person.email}.`);
      await expect(field(page, 'Email')).toHaveValue(person.email);
      if (javaScriptEnabled) await expectAccessible(page);

      await openLink(page, await mail.waitForLink(email), 'Confirmation code');
      await submitButton(page, 'Confirm this email').click();
      await expect(page).toHaveURL(/\/dashboard(#email-confirmed)?$/);
      await expect(shownMessages(page)).toHaveText([messages.emailConfirmed]);
      await expect(section).toContainText(`Your email is ${email}.`);
      await expect(section.locator('.pending-email')).toHaveCount(0);

      await openLink(page, await mail.waitForLink(person.email, 'undo-email'), 'Undo code');
      await submitButton(page, 'Keep my old email').click();
      await expect(page).toHaveURL(/\/forgot-password(#email-restored)?$/);
      await expect(shownMessages(page)).toHaveText([messages.emailRestored]);
      await expectSignedOut(page);
      await page.goto(`${server.origin}/login?next=/dashboard`);
      await logIn(page, person.email, person.password);
      await expect(section).toContainText(`Your email is ${person.email}.`);
    });
  });
}

test('the link works on another device, once, and signs that one in alone @once', async ({
  page,
  browser,
  startOwnServer,
  faults,
}) => {
  test.slow();
  faults.allow(/^400 POST .*auth\.confirmEmail/);
  await using mail = await startMailServer();
  const server = await startOwnServer(mail.settings);
  const person = createPerson();
  await page.goto(`${server.origin}/register`);
  await register(page, person);
  await saysWhere(page, person.email);
  const link = await mail.waitForLink(person.email);
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(link);
  // Nothing of the code stays in the address.
  await expect(other).toHaveURL(`${server.origin}/confirm-email`);
  await submitButton(other, 'Confirm this email').click();
  await expect(other).toHaveURL(/\/secrets(#welcome)?$/);
  await elsewhere.close();
  await page.goto(link);
  await submitButton(page, 'Confirm this email').click();
  await expect(page.getByRole('alert').getByText(messages.linkExpired)).toBeVisible();
  await expectAccessible(page);
  await expectSignedOut(page);
});

test('a taken address is answered like a new one, and its owner is told by mail @once', async ({
  page,
  startOwnServer,
}) => {
  test.slow();
  await using mail = await startMailServer();
  const server = await startOwnServer(mail.settings);
  const owner = createPerson();
  await addPerson(server, owner);
  await page.goto(`${server.origin}/register`);
  await register(page, createPerson({ email: owner.email }));
  await expect(page).toHaveURL(`${server.origin}/check-email`);
  await saysWhere(page, owner.email);
  expect(await mail.waitForText(owner.email)).toContain('You already have an account');
});

test('the page says what is true of whoever opens it by hand @once @page', async ({ page }) => {
  await page.goto('/check-email?email=eve@example.com#eve@example.com');
  const main = page.getByRole('main');
  await expect(main).toContainText('If you have just registered, we have sent a link');
  await expect(main.locator('.sent-to')).toBeHidden();
  await expect(main).not.toContainText('eve@example.com');
  await expectAccessible(page);
});
