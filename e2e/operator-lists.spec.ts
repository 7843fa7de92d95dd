import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole, outdateProofs } from './fixtures/dashboard.ts';
import {
  expectFieldError,
  expectSignedIn,
  field,
  register,
  submitButton,
} from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { startMailServer } from './fixtures/mail-server.ts';
import { shownMessages } from './fixtures/messages.ts';
import { confirmEmail, createPerson, signUp, type Person } from './fixtures/people.ts';
import { createClientAddress } from './fixtures/server-test.ts';
import type { Server } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

test.use({ serverSettings: { REGISTRATION: 'invited' } });

/** An operator, who is signed in in this browser. */
async function becomeOperator(page: Page, server: Server): Promise<Person> {
  const printed = await server.runAdmin('invite', 'create', '--role', 'operator', '--json');
  const { code: invitation } = JSON.parse(printed) as { code: string };
  const operator = { ...createPerson(), invitation };
  await signUp(page.context().request, server.origin, operator);
  return operator;
}

const rowsOf = (page: Page, name: string) =>
  page.getByRole('list', { name, exact: true }).getByRole('listitem');

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    const expectGood = async (page: Page) => {
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    };

    test('an operator invites somebody with a role, revokes another, and finds it all in the log', async ({
      page,
      server,
      browser,
      faults,
    }) => {
      test.slow();
      faults.allow(/^40[03] POST .*auth\.register/);
      const operator = await becomeOperator(page, server);
      await page.goto('/operator');
      await page.getByRole('link', { name: 'Invitations', exact: true }).press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invitations');
      await expect(field(page, 'Uses')).toHaveValue('1');
      const guest = createPerson();
      await field(page, 'Email (optional)').fill(guest.email);
      await field(page, 'Role (optional)').fill('No Role');
      await field(page, 'Uses').fill('2');
      await field(page, 'Until').fill('2020-01-01');
      await field(page, 'Until').press('Enter');
      await expect(page).toHaveURL('/operator/invitations#invalid-input');
      await expectFieldError(field(page, 'Role (optional)'), /at most 30 lower-case letters/);
      await expectFieldError(field(page, 'Until'), /in the future/);
      await expect(field(page, 'Email (optional)')).toHaveValue(guest.email);
      await expect(field(page, 'Until')).toHaveValue('2020-01-01');
      await expectGood(page);

      await field(page, 'Role (optional)').fill('member');
      await field(page, 'Uses').fill('1');
      await field(page, 'Until').fill('2999-12-31');
      await outdateProofs(server);
      await submitButton(page, 'Make the invitation').click();
      await page.getByLabel('Current password', { exact: true }).fill(operator.password);
      await page.getByLabel('Current password', { exact: true }).press('Enter');
      await expect(page).toHaveURL('/operator/invitations#not-done');
      await expect(field(page, 'Email (optional)')).toHaveValue(guest.email);
      await submitButton(page, 'Make the invitation').press('Enter');
      await expect(page).toHaveURL('/operator/invitations#invitation-made');
      await expect(shownMessages(page)).toHaveText([/shown this once/]);
      const link = await field(page, 'Link').inputValue();
      const code = await field(page, 'Code').inputValue();
      expect(link).toBe(`${server.origin}/register#invite=${code}`);
      await expect(page.getByText(`${guest.email}, and nobody else, can register`)).toBeVisible();
      await expect(page.getByText('works once, until 1 January 3000')).toBeVisible();
      await expectGood(page);
      await page.goto('/operator/invitations');
      await expect(page.getByRole('main')).not.toContainText('The new invitation');
      expect(await page.content()).not.toContain(code);

      const extraHTTPHeaders = { 'x-forwarded-for': createClientAddress() };
      const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
      const other = await context.newPage();
      await other.goto(link);
      if (!javaScriptEnabled) await field(other, 'Invitation code').fill(code);
      await register(other, guest);
      await expectSignedIn(other);
      await context.clearCookies();

      await page.reload();
      const rows = rowsOf(page, 'Invitations');
      const used = rows.filter({ hasText: guest.email });
      await expect(used).toContainText(/Used.*member.*1 of 1/s);
      await expect(used.getByRole('button')).toHaveCount(0);

      await submitButton(page, 'Make the invitation').click();
      const second = await field(page, 'Link').inputValue();
      await rows.first().getByRole('button', { name: 'Revoke' }).press('Enter');
      await expect(page).toHaveURL('/operator/invitations#invitation-revoked');
      await expect(rows.first()).toContainText('Revoked');
      await expect(page.getByRole('button', { name: 'Revoke' })).toHaveCount(0);
      await expectGood(page);
      await other.goto('/login');
      await other.goto(second);
      if (!javaScriptEnabled) await field(other, 'Invitation code').fill(second);
      await register(other, createPerson());
      await expect(
        other.getByText(/That invitation does not work/).filter({ visible: true }),
      ).not.toHaveCount(0);
      await context.close();

      await page.getByRole('link', { name: 'Security log' }).press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Security log');
      await expectGood(page);
      await field(page, 'Email, username or id').fill(guest.username);
      await field(page, 'Events').selectOption('Accounts');
      await submitButton(page, 'Show').press('Enter');
      const events = rowsOf(page, 'What happened');
      await expect(events).toHaveCount(1);
      await expect(events).toContainText('Account made');
      await expect(field(page, 'Email, username or id')).toHaveValue(guest.username);
      await expect(field(page, 'Events')).toHaveValue('accounts');
      await expectGood(page);
      await events.getByRole('link', { name: guest.email }).press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(guest.name);
      await page.goto('/operator/log?kind=operators');
      await expect(events.filter({ hasText: 'invitation-revoked' }).first()).toBeVisible();
      await field(page, 'Email, username or id').fill('nobody at all');
      await submitButton(page, 'Show').click();
      await expect(page.getByText('No account has this email, username or id.')).toBeVisible();
      await expect(field(page, 'Email, username or id')).toHaveValue('nobody at all');
      await expect(events).toHaveCount(0);
      await expectGood(page);
    });

    test('a mail that failed is shown with its error, and is sent again', async ({
      page,
      startOwnServer,
    }) => {
      test.slow();
      await using mail = await startMailServer();
      const server = await startOwnServer(mail.settings);
      const { request } = page.context();
      const operator = createPerson();
      await signUp(request, server.origin, operator);
      await confirmEmail(request, server.origin, await mail.waitForLink(operator.email));
      await grantRole(server, operator, 'operator');
      mail.refuse(true);
      const forgetful = createPerson();
      await signUp(request, server.origin, forgetful);
      await page.goto(`${server.origin}/operator/mail`);
      const failed = rowsOf(page, 'Mails').filter({ hasText: forgetful.email });
      await expect(async () => {
        await page.reload();
        await expect(failed).toContainText('No such mailbox', { timeout: 100 });
      }).toPass();
      await expect(failed).toContainText('Link to confirm a registration');
      await expect(failed).toContainText('Failed');
      await expect(page.getByText('0 waiting, 1 failed')).toBeVisible();
      await expectGood(page);
      mail.refuse(false);
      await page.getByRole('link', { name: 'Failed', exact: true }).press('Enter');
      await failed.getByRole('button', { name: 'Send again now' }).press('Enter');
      await expect(page).toHaveURL(/\/operator\/mail\?show=failed#mail-retried$/);
      await expect(shownMessages(page)).toHaveText([/sent within seconds/]);
      await mail.waitForLink(forgetful.email);
      await expect(async () => {
        await page.goto(`${server.origin}/operator/mail?show=sent`);
        await expect(failed).toContainText('Sent', { timeout: 100 });
      }).toPass();
      await expect(page.getByRole('button', { name: 'Send again now' })).toHaveCount(0);
      await expectGood(page);
    });

    test('a site without mail says so', async ({ page, server }) => {
      await becomeOperator(page, server);
      await page.goto('/operator/mail');
      await expect(page.getByRole('heading', { name: 'Mail is off' })).toBeVisible();
      await expect(page.getByText('SMTP_URL is not set')).toBeVisible();
      await expect(page.getByText('No such mails.')).toBeVisible();
      await expectGood(page);
    });
  });
}
