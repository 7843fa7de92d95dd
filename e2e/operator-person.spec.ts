import { randomUUID } from 'node:crypto';
import type { Browser, Locator, Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { grantRole, outdateProofs, signInElsewhere } from './fixtures/dashboard.ts';
import { runSql } from './fixtures/database.ts';
import { field, logIn, submitButton } from './fixtures/forms.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { shownMessages } from './fixtures/messages.ts';
import { createPerson, signUp, type Person } from './fixtures/people.ts';
import { createClientAddress } from './fixtures/server-test.ts';
import type { Server } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

const newPassword = 'nine calm herons fold paper';

/** Somebody new with a name of their own, and nobody who is signed in here. */
async function addPerson(page: Page, server: Server): Promise<Person> {
  const person = createPerson({ name: `Grace ${randomUUID().slice(0, 8)}` });
  await signUp(page.context().request, server.origin, person);
  await page.context().clearCookies();
  return person;
}

async function addWaiting(page: Page, server: Server): Promise<Person> {
  const person = await addPerson(page, server);
  const sql = 'UPDATE users SET waiting_since = created_at WHERE email = $1';
  await runSql(server.databaseUrl, sql, person.email);
  return person;
}

/** An operator, who is signed in in this browser. */
async function becomeOperator(page: Page, server: Server): Promise<Person> {
  const operator = createPerson();
  await signUp(page.context().request, server.origin, operator);
  await grantRole(server, operator, 'operator');
  return operator;
}

const inList = (page: Page, { name }: Person) =>
  page
    .getByRole('list', { name: 'People', exact: true })
    .getByRole('listitem')
    .filter({ hasText: name });

/** Opens the page of a person as an operator finds it. */
async function openPerson(page: Page, { name, email }: Person): Promise<void> {
  await page.goto(`/operator?${new URLSearchParams({ search: email }).toString()}`);
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

/** The browser of the person whom the operator acts on. */
async function openBrowser(browser: Browser, javaScriptEnabled: boolean) {
  const extraHTTPHeaders = { 'x-forwarded-for': createClientAddress() };
  const context = await browser.newContext({ javaScriptEnabled, extraHTTPHeaders });
  return { page: await context.newPage(), [Symbol.asyncDispose]: () => context.close() };
}

const press = (page: Page, name: string) => submitButton(page, name).click();
const summary = (page: Page, name: string): Locator =>
  page.locator('summary').filter({ hasText: name });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    const expectGood = async (page: Page) => {
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    };

    test('an operator approves who waits, and refuses in two steps', async ({ page, server }) => {
      const waiting = await addWaiting(page, server);
      const refused = await addWaiting(page, server);
      await becomeOperator(page, server);
      await page.goto('/operator');
      await page.getByRole('link', { name: /^Waiting \(\d+\+?\)$/ }).click();
      await expectGood(page);
      await inList(page, waiting).getByRole('button', { name: 'Approve' }).click();
      await expect(shownMessages(page)).toHaveText([/^The registration is approved/]);
      await expect(inList(page, waiting)).toHaveCount(0);
      const isIn = await signInElsewhere(server, waiting);
      expect(await isIn()).toBe(true);

      await inList(page, refused).getByRole('link', { name: 'Refuse…' }).click();
      await expect(page.getByRole('heading', { name: 'Waits for approval' })).toBeInViewport();
      await expect(submitButton(page, 'Refuse and delete')).toBeHidden();
      await summary(page, 'Refuse').click();
      await expectGood(page);
      await press(page, 'Refuse and delete');
      await expect(shownMessages(page)).toHaveText([/^The registration is refused/]);
      await expect(inList(page, refused)).toHaveCount(0);
    });

    test('an operator signs a person out, who is in nowhere then', async ({ page, server }) => {
      const member = await addPerson(page, server);
      const isElsewhere = await signInElsewhere(server, member);
      await becomeOperator(page, server);
      await openPerson(page, member);
      await expectGood(page);
      await page.getByRole('button', { name: 'End this session' }).first().click();
      await expect(shownMessages(page)).toHaveText([/^That device has been signed out/]);
      await signInElsewhere(server, member);
      await page.reload();
      await press(page, 'End all sessions');
      await expect(shownMessages(page)).toHaveText([/is signed out on all devices/]);
      await expect(page.getByText('Signed in nowhere.')).toBeVisible();
      expect(await isElsewhere()).toBe(false);
    });

    test('an operator gives a role, which opens a page, and takes it', async ({
      page,
      server,
      browser,
    }) => {
      const member = await addPerson(page, server);
      await becomeOperator(page, server);
      await openPerson(page, member);
      await field(page, 'Role').fill('gold');
      await field(page, 'Until (optional)').fill('2020-12-31');
      await field(page, 'Reason (optional)').fill('the prize of the year');
      await press(page, 'Give the role');
      await expect(shownMessages(page)).toHaveText([/^Please enter a day such as/]);
      await expect(field(page, 'Reason (optional)')).toHaveValue('the prize of the year');
      await expectGood(page);
      await field(page, 'Until (optional)').fill('2999-12-31');
      await press(page, 'Give the role');
      await expect(shownMessages(page)).toHaveText([/^The role is given/]);
      const roles = page.locator('#roles');
      await expect(roles.getByRole('heading', { name: 'Gold member' })).toBeVisible();
      await expect(roles.getByText('1 January 3000')).toBeVisible();

      await using theirs = await openBrowser(browser, javaScriptEnabled);
      await theirs.page.goto(`${server.origin}/login?next=%2Fgold`);
      await logIn(theirs.page, member.email, member.password);
      await expect(theirs.page.getByRole('heading', { level: 1 })).toHaveText('Gold members');
      await theirs.page.goto(`${server.origin}/dashboard#activity`);
      await expect(theirs.page.locator('#activity')).toContainText('the prize of the year');

      await summary(page, 'Remove Gold member').click();
      await expectGood(page);
      await page.locator('details[open]').getByLabel('Reason (optional)').fill('it is over');
      await press(page, 'Remove this role');
      await expect(shownMessages(page)).toHaveText([/^The role is removed/]);
      await expect(page.getByText('No roles.')).toBeVisible();
      await theirs.page.goto(`${server.origin}/gold`);
      await expect(theirs.page).toHaveURL(/\/login/);
    });

    test('what an operator typed is there after a proof, and not done yet', async ({
      page,
      server,
    }) => {
      const member = await addPerson(page, server);
      const operator = await becomeOperator(page, server);
      await openPerson(page, member);
      await outdateProofs(server);
      await field(page, 'Role').fill('gold');
      await field(page, 'Reason (optional)').fill('the prize of the year');
      await press(page, 'Give the role');
      await expect(page).toHaveURL(/\/operator\/proof/);
      await field(page, 'Current password').fill(operator.password);
      await press(page, 'Continue');
      await expect(shownMessages(page)).toHaveText([/^Thank you. Nothing was done yet/]);
      await expect(page.getByText('No roles.')).toBeVisible();
      await expect(field(page, 'Role')).toHaveValue('gold');
      await expect(field(page, 'Reason (optional)')).toHaveValue('the prize of the year');
      await press(page, 'Give the role');
      await expect(shownMessages(page)).toHaveText([/^The role is given/]);
    });

    test('an operator makes a link, with which the person sets a new password', async ({
      page,
      server,
      browser,
    }) => {
      const member = await addPerson(page, server);
      await becomeOperator(page, server);
      await openPerson(page, member);
      await press(page, 'Make a reset link');
      await expect(shownMessages(page)).toHaveText([/^The link is made/]);
      const link = await field(page, 'The new link').inputValue();
      const code = await field(page, 'Its code').inputValue();
      await expectGood(page);
      await page.reload();
      await expect(field(page, 'The new link')).toHaveCount(0);
      await using theirs = await openBrowser(browser, javaScriptEnabled);
      await theirs.page.goto(link);
      if (!javaScriptEnabled) await field(theirs.page, 'Reset code').fill(code);
      await field(theirs.page, 'New password').fill(newPassword);
      await press(theirs.page, 'Set password');
      await logIn(theirs.page, member.email, newPassword);
      await expect(theirs.page).toHaveURL(/\/secrets/);
    });

    test('an operator deletes a person, whose email is typed', async ({ page, server }) => {
      const member = await addPerson(page, server);
      await becomeOperator(page, server);
      await openPerson(page, member);
      const email = field(page, 'Email of the account');
      await email.fill('somebody@example.com');
      await press(page, 'Delete the account');
      await expect(shownMessages(page)).toHaveText([/^That is not the email of this account/]);
      await expect(email).toHaveValue('somebody@example.com');
      await expectGood(page);
      await email.fill(member.email.toUpperCase());
      await press(page, 'Delete the account');
      await expect(page).toHaveURL(/\/operator(#person-deleted)?$/);
      await expect(shownMessages(page)).toHaveText([/^The account and all its data are deleted/]);
      await expect(inList(page, member)).toHaveCount(0);
    });

    test('an operator does nothing to their own account @once', async ({ page, server }) => {
      await becomeOperator(page, server);
      await page.goto('/operator?show=roles');
      await page.getByRole('link', { name: 'Ada Lovelace' }).first().click();
      await expect(page.getByText('This is your own account: see')).toBeVisible();
      await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
      await expectGood(page);
    });
  });
}

test('an operator refuses and disables with the keyboard alone @once', async ({ page, server }) => {
  const refused = await addWaiting(page, server);
  const member = await addPerson(page, server);
  await becomeOperator(page, server);
  const tabTo = async (target: Locator) => {
    for (let stop = 0; stop < 60; stop += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${target.toString()}.`);
  };
  await page.goto('/operator?show=waiting');
  await tabTo(inList(page, refused).getByRole('link', { name: 'Refuse…' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#waiting$/);
  await tabTo(summary(page, 'Refuse'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(shownMessages(page)).toHaveText([/^The registration is refused/]);
  await tabTo(page.getByRole('link', { name: 'Everybody' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/operator');
  await tabTo(page.getByRole('searchbox'));
  await page.keyboard.type(member.email);
  await page.keyboard.press('Enter');
  await expect(inList(page, member)).toBeVisible();
  await tabTo(page.getByRole('link', { name: member.name }));
  await page.keyboard.press('Enter');
  await tabTo(submitButton(page, 'Disable the account'));
  await page.keyboard.press('Enter');
  await expect(shownMessages(page)).toHaveText([/^The account is disabled/]);
  await expect(submitButton(page, 'Enable the account')).toBeVisible();
});
