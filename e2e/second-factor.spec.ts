import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { showCode } from './fixtures/authenticator-app.ts';
import { outdateProofs, press, section, signInElsewhere } from './fixtures/dashboard.ts';
import { expectSignedIn, field, logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { messages, shownMessages } from './fixtures/messages.ts';
import { createPerson, signUp, type Person } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

/** Adds an authenticator app on the dashboard; its secret, and the recovery codes that are shown. */
async function addApp(page: Page, look: () => Promise<void> = () => Promise.resolve()) {
  await page.goto('/dashboard/second-factor');
  const place = section(page, 'second-factor');
  await press(page, 'second-factor', 'Add an authenticator app');
  await expect(
    place.getByText(messages.authenticatorStarted).filter({ visible: true }),
  ).toHaveCount(1);
  const picture = place.getByRole('img', { name: 'QR code with the secret of your account' });
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await look();
  const secret = await place.locator('.secret').innerText();
  await place.getByLabel('Code', { exact: true }).fill('000000');
  await press(page, 'second-factor', 'Confirm the code');
  await expect(place.getByText(messages.wrongCode).filter({ visible: true })).toHaveCount(1);
  await place.getByLabel('Code', { exact: true }).fill(showCode(secret));
  await press(page, 'second-factor', 'Confirm the code');
  await expect(shownMessages(page).filter({ hasText: messages.authenticatorAdded })).toHaveCount(1);
  const recoveryCodes = (await place.locator('#recovery-codes').innerText()).split('\n');
  expect(recoveryCodes).toHaveLength(10);
  await expect(place.getByText('You have 10 of 10 recovery codes left.')).toBeVisible();
  return { secret, recoveryCodes };
}

async function givePassword(page: Page, { email, password }: Person): Promise<void> {
  await page.context().clearCookies();
  await page.goto('/login?next=%2Fblog');
  await logIn(page, email, password);
  await expect(page).toHaveURL('/second-factor?next=%2Fblog');
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('an authenticator app is added, and asked for at each log-in', async ({
      page,
      context,
      server,
      faults,
    }) => {
      test.slow();
      faults.allow(/^40[01] POST .*\/trpc\/(factors\.confirmAuthenticator|auth\.secondFactor)$/);
      const person = createPerson();
      await signUp(context.request, server.origin, person);
      const { secret, recoveryCodes } = await addApp(page, async () => {
        await expectNoSidewaysScroll(page);
        if (javaScriptEnabled) await expectAccessible(page);
      });
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.reload();
      await expect(page.locator('#recovery-codes')).toBeHidden();
      await givePassword(page, person);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter your code');
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await field(page, 'Code').fill('000000');
      await submitButton(page, 'Continue').click();
      await expect(page.getByText(messages.wrongCode).filter({ visible: true })).toHaveCount(1);
      await field(page, 'Code').fill(showCode(secret, 'next'));
      await submitButton(page, 'Continue').click();
      await expect(page).toHaveURL('/blog');
      await expectSignedIn(page);
      // Whoever has had the account for long is not told that it is ready.
      await expect(shownMessages(page)).toHaveCount(0);
      await givePassword(page, person);
      await field(page, 'Code').fill(recoveryCodes[0] ?? '');
      await page.getByLabel('Do not ask again in this browser for 30 days').check();
      await submitButton(page, 'Continue').click();
      await expect(page).toHaveURL('/blog');
      await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
      await expect(page).toHaveURL(/\/(#signed-out)?$/);
      await page.goto('/login');
      await logIn(page, person.email, person.password);
      await expect(page).toHaveURL('/secrets');
      await page.goto('/dashboard/second-factor');
      await expect(page.getByText('You have 9 of 10 recovery codes left.')).toBeVisible();
    });
  });
}

test('a code is proof enough on the dashboard, and the app can be removed @once', async ({
  page,
  context,
  server,
  faults,
}) => {
  test.slow();
  faults.allow(/^40[03] POST .*\/trpc\/factors\./);
  const person = createPerson();
  await signUp(context.request, server.origin, person);
  const { secret, recoveryCodes } = await addApp(page);
  await outdateProofs(server);
  await press(page, 'second-factor', 'Make new recovery codes');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('a code of your authenticator app or a recovery code');
  await dialog.getByLabel('Your code', { exact: true }).fill(person.password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('alert')).toContainText([/Your password alone is not enough here/]);
  await dialog.getByLabel('Your code', { exact: true }).fill('000000');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText(messages.wrongCode)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Your code', { exact: true }).fill(showCode(secret, 'next'));
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog).toBeHidden();
  const codes = page.locator('#recovery-codes');
  await expect(codes).toBeFocused();
  await expect(codes).not.toContainText(recoveryCodes[0] ?? '');
  const saving = page.waitForEvent('download');
  await press(page, 'second-factor', 'Download');
  expect((await saving).suggestedFilename()).toBe('recovery-codes.txt');
  await press(page, 'second-factor', 'Remove the app');
  await expect(shownMessages(page)).toHaveText([messages.authenticatorRemoved]);
  await expect(codes).toBeHidden();
  await expect(
    section(page, 'second-factor').getByRole('button', { name: 'Add an authenticator app' }),
  ).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    // ASVS 7.4.3
    test('who has changed a factor is offered to end the other sessions', async ({
      page,
      context,
      server,
      faults,
    }) => {
      faults.allow(/^400 POST .*\/trpc\/factors\.confirmAuthenticator$/);
      const person = createPerson();
      await signUp(context.request, server.origin, person);
      const isSignedInElsewhere = await signInElsewhere(server, person);
      await addApp(page);
      const others = page.locator('section#other-devices');
      await expect(others).toContainText('You are signed in on one other device.');
      await others.getByRole('button', { name: 'End all other sessions' }).click();
      await expect(
        others.getByText(messages.otherSessionsEnded).filter({ visible: true }),
      ).toHaveCount(1);
      await expect(others).toContainText('You are not signed in anywhere else.');
      await expect(others.getByRole('button', { name: 'End all other sessions' })).toBeHidden();
      expect(await isSignedInElsewhere()).toBe(false);
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    });
  });
}

test('a second step that comes too late leads back to the log-in @once', async ({
  page,
  faults,
}) => {
  faults.allow(/^401 POST .*\/trpc\/auth\.secondFactor$/);
  await page.goto('/second-factor?next=%2Fblog');
  await field(page, 'Code').fill('123456');
  await submitButton(page, 'Continue').click();
  await expect(page).toHaveURL(/\/login\?next=%2Fblog/);
  await expect(shownMessages(page)).toHaveText([/Please log in again\./]);
});
